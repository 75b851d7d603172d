using Softphone.Core;

namespace Softphone.Nat.Tests;

/// <summary>Nothing from the network throws, and no getter reads outside of a message.</summary>
[Rfc("8489", "14", Line = "S05")]
public sealed class StunFuzzTests
{
    private static readonly IntegrityKey Key = new("key"u8);

    [Fact]
    public void EveryPrefix_OfGeneratedMessages_IsRefused()
    {
        var entropy = new SeededEntropy(1);
        for (var i = 0; i < 300; i++)
        {
            var message = Generate(entropy);
            for (var length = 0; length < message.Length; length++)
                Assert.False(StunReader.TryParse(message.AsSpan(0, length), out _, out _));
            Assert.True(Read(message));
        }
    }

    [Fact]
    public void EveryOctetChanged_OfGeneratedMessages_NeverThrows()
    {
        var entropy = new SeededEntropy(2);
        for (var i = 0; i < 40; i++)
        {
            var message = Generate(entropy);
            for (var at = 0; at < message.Length; at++)
            {
                var before = message[at];
                for (var value = 0; value < 256; value += 1 + entropy.NextInt(8))
                {
                    message[at] = (byte)value;
                    Read(message);
                }

                message[at] = before;
            }
        }
    }

    [Fact]
    public void RandomOctets_NeverThrow()
    {
        var entropy = new SeededEntropy(3);
        var buffer = new byte[200];
        for (var i = 0; i < 100_000; i++)
        {
            var length = entropy.NextInt(buffer.Length);
            entropy.Fill(buffer.AsSpan(0, length));
            if (i % 2 == 0 && length >= 20)
            {
                // Half of them get past the header, so that the attributes are met.
                length &= ~3;
                buffer[0] &= 0x3F;
                buffer[2] = 0;
                buffer[3] = (byte)(length - 20);
                (buffer[4], buffer[5], buffer[6], buffer[7]) = (0x21, 0x12, 0xA4, 0x42);
            }

            Read(buffer.AsSpan(0, length));
        }
    }

    /// <summary>Calls every getter.</summary>
    private static bool Read(ReadOnlySpan<byte> message)
    {
        Demultiplexer.Classify(message);
        var isClassic = StunReader.TryParseClassic(message, out var classic, out _);
        if (isClassic) Touch(classic);
        if (!StunReader.TryParse(message, out var reader, out var error))
        {
            Assert.NotNull(error.What);
            return false;
        }

        Assert.True(isClassic);
        Touch(reader);
        return true;
    }

    private static void Touch(in StunReader reader)
    {
        Span<ushort> unknown = stackalloc ushort[4];
        reader.UnknownRequired(StunUnderstood.Ice, unknown);
        reader.TryGetErrorCode(out _, out _);
        reader.TryGetUsername(out _);
        reader.TryGetRealm(out _);
        if (reader.TryGetNonce(out var nonce)) StunNonce.TryReadFeatures(nonce, out _);
        if (reader.TryGet(StunAttributeType.PasswordAlgorithms, out var algorithms)) StunPasswordAlgorithms.Strongest(algorithms);
        reader.TryGetSoftware(out _);
        reader.VerifyIntegrity(Key);
        reader.VerifyIntegritySha256(Key, 16);
        reader.VerifyFingerprint();
        foreach (var attribute in reader.Attributes)
        {
            reader.TryGetAddress(attribute.Type, out _);
            reader.TryReadAddress(attribute.Type, attribute.Value, out _);
            reader.TryGetUInt16(attribute.Type, out _);
            reader.TryGetUInt32(attribute.Type, out _);
            reader.TryGetUInt64(attribute.Type, out _);
        }
    }

    private static byte[] Generate(SeededEntropy entropy)
    {
        var value = new byte[64];
        var writer = new StunWriter(new byte[2048], (StunClass)entropy.NextInt(4), (StunMethod)entropy.NextInt(13), TransactionId.Next(entropy));
        ushort[] types = [.. StunUnderstood.Turn, .. StunUnderstood.Discovery, StunAttributeType.PasswordAlgorithms, StunAttributeType.Icmp];
        for (var n = entropy.NextInt(8); n > 0; n--)
        {
            var type = types[entropy.NextInt(types.Length)];
            if (type is StunAttributeType.MessageIntegrity or StunAttributeType.MessageIntegritySha256) continue;
            entropy.Fill(value);
            writer.Add(type, value.AsSpan(0, entropy.NextInt(value.Length)));
        }

        if (entropy.NextInt(2) == 0) writer.AddIntegrity(Key);
        if (entropy.NextInt(2) == 0) writer.AddIntegritySha256(Key);
        if (entropy.NextInt(2) == 0) writer.AddFingerprint();
        return writer.Written.ToArray();
    }
}
