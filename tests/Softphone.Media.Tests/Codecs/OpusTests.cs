using Softphone.Core;

namespace Softphone.Media.Tests;

/// <summary>Opus by libopus and by the managed port, held to the same.</summary>
public sealed class OpusTests
{
    private const int Frame = 960;

    public static TheoryData<OpusLibrary> Libraries => [OpusLibrary.Native, OpusLibrary.Managed];

    public static TheoryData<OpusLibrary, OpusLibrary> Pairs => new()
    {
        { OpusLibrary.Native, OpusLibrary.Managed },
        { OpusLibrary.Managed, OpusLibrary.Native },
        { OpusLibrary.Managed, OpusLibrary.Managed },
    };

    [Theory]
    [MemberData(nameof(Libraries))]
    [Rfc("6716", "2.1.7")]
    public void Fec_LostFrame_IsRecoveredFromTheNext(OpusLibrary library)
    {
        var pcm = Signals.Voice(96_000);
        var packets = Encode(library, pcm, new EncoderTuning(32_000, Fec: true, ExpectedLossPercent: 20));
        using var clean = Decoder(library);
        Assert.True(packets.Skip(5).Count(p => OpusDecoder.CarriesCopy(p)) > packets.Count / 2);
        using var recovering = Decoder(library);
        using var concealing = Decoder(library);
        var (a, b, c) = (new short[Frame], new short[Frame], new short[Frame]);
        double recoveredError = 0, concealedError = 0;
        for (var i = 0; i + 1 < packets.Count; i++)
        {
            clean.Decode(packets[i], a);
            if (i % 10 == 9 && recovering.TryRecover(packets[i + 1], Frame, b))
            {
                Assert.Equal(Frame, concealing.Conceal(Frame, c));
                recoveredError += Error(a, b);
                concealedError += Error(a, c);
                continue;
            }

            recovering.Decode(packets[i], b);
            concealing.Decode(packets[i], c);
        }

        Assert.True(concealedError > 0);
        Assert.True(recoveredError < concealedError, $"recovered {recoveredError:G3}, concealed {concealedError:G3}");
    }

    [Theory]
    [MemberData(nameof(Libraries))]
    [Rfc("7587", "6.1", Line = "media R16")]
    public void Fec_SwitchedOff_LeavesNothingToRecoverAndTheStateAsItWas(OpusLibrary library)
    {
        var packets = Encode(library, Signals.Voice(48_000), EncoderTuning.Default);
        using var one = Decoder(library);
        Assert.DoesNotContain(packets, p => OpusDecoder.CarriesCopy(p));
        using var two = Decoder(library);
        var (a, b, untouched) = (new short[Frame], new short[Frame], new short[Frame]);
        foreach (var packet in packets)
        {
            Assert.False(one.TryRecover(packet, Frame, untouched));
            one.Decode(packet, a);
            two.Decode(packet, b);
            Assert.Equal(b, a);
        }

        Assert.All(untouched, s => Assert.Equal(0, s));
    }

    [Theory]
    [MemberData(nameof(Libraries))]
    public void Tune_BitRate_ChangesThePacketSize(OpusLibrary library)
    {
        var pcm = Signals.Voice(48_000);
        var small = Encode(library, pcm, new EncoderTuning(12_000)).Average(p => p.Length);
        var large = Encode(library, pcm, new EncoderTuning(64_000)).Average(p => p.Length);
        Assert.True(large > small * 2, $"{small:F0} and {large:F0} octets");
    }

    [Theory]
    [MemberData(nameof(Libraries))]
    [Rfc("7587", "4.2", Line = "media R15")]
    public void Samples_OfEveryFrameLength_AreCountedFromTheToc(OpusLibrary library)
    {
        using var decoder = Decoder(library);
        Assert.Equal(120, decoder.SamplesOf([0x80, 0]));
        Assert.Equal(480, decoder.SamplesOf([0x00, 0]));
        Assert.Equal(2880, decoder.SamplesOf([0x18, 0]));
        Assert.Equal(1920, decoder.SamplesOf([0x09, 1, 1]));
        Assert.Equal(0, decoder.SamplesOf([0x1B, 49]));
    }

    [Theory]
    [MemberData(nameof(Libraries))]
    public void Conceal_OddLength_FillsAllOfIt(OpusLibrary library)
    {
        using var decoder = Decoder(library);
        var pcm = new short[7000];
        Assert.Equal(7000, decoder.Conceal(7000, pcm));
        Assert.Equal(100, decoder.Conceal(100, pcm));
    }

    [Theory]
    [MemberData(nameof(Libraries))]
    public void Recover_LengthThatIsNoMultiple_IsRefused(OpusLibrary library)
    {
        using var decoder = Decoder(library);
        Assert.False(decoder.TryRecover([0x48, 0xFF, 0xFF], 500, new short[960]));
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public void Speech_OfOneLibrary_IsUnderstoodByTheOther(OpusLibrary by, OpusLibrary at)
    {
        foreach (var frame in new[] { 480, 960, 1920, 2880 })
        {
            using var encoder = Encoder(by, EncoderTuning.Default);
            using var decoder = Decoder(at);
            var pcm = Signals.Sine(440, 48_000);
            var (payload, decoded, heard) = (new byte[1500], new short[5760], new List<short>());
            for (var start = 0; start + frame <= pcm.Length; start += frame)
            {
                var packet = payload.AsSpan(0, encoder.Encode(pcm.AsSpan(start, frame), payload));
                Assert.Equal(frame, decoder.SamplesOf(packet));
                Assert.Equal(frame, decoder.Decode(packet, decoded));
                heard.AddRange(decoded.AsSpan(0, frame));
            }

            Assert.InRange(Signals.Snr(pcm.AsSpan(0, heard.Count).ToArray(), [.. heard], 1200), 8, 200);
        }
    }

    /// <summary>What the layout says a library makes of it, and what the layout refuses no library takes for more.</summary>
    [Theory]
    [MemberData(nameof(Libraries))]
    [Rfc("6716", "3.4")]
    public void Decoder_FedRandomPayloads_KeepsToTheirLayout(OpusLibrary library)
    {
        using var decoder = Decoder(library);
        var entropy = new SeededEntropy(77);
        var pcm = new short[5760];
        var understood = 0;
        for (var i = 0; i < 3_000; i++)
        {
            var payload = new byte[entropy.NextInt(i % 7 == 0 ? 1500 : 40)];
            entropy.Fill(payload);
            var promised = decoder.SamplesOf(payload);
            if (promised > 0) understood++;
            var made = decoder.Decode(payload, pcm);
            Assert.True(made == 0 || made == promised, $"{made} of {promised}");
            decoder.TryRecover(payload, Frame, pcm);
        }

        Assert.InRange(understood, 1000, 3000);
    }

    [Fact]
    [Rfc("6716", "3.2")]
    public void Layout_OfRandomPayloads_IsWhatLibopusReads()
    {
        SkipWithout(OpusLibrary.Native);
        var entropy = new SeededEntropy(78);
        for (var i = 0; i < 100_000; i++)
        {
            var payload = new byte[entropy.NextInt(i % 7 == 0 ? 3000 : 40)];
            entropy.Fill(payload);
            if (payload.Length > 1 && i % 2 == 0) payload[0] |= 3;
            var (samples, first) = LibopusLayout.Of(payload);
            var isRead = OpusPacket.TryRead(payload, out var packet);
            Assert.Equal(samples > 0, isRead);
            if (!isRead) continue;
            Assert.Equal(samples, packet.Samples);
            Assert.Equal(first, packet.First.IsEmpty ? -1 : packet.First[0]);
        }
    }

    private static OpusEncoder Encoder(OpusLibrary library, EncoderTuning tuning)
    {
        SkipWithout(library);
        return new OpusEncoder(tuning, library);
    }

    private static OpusDecoder Decoder(OpusLibrary library)
    {
        SkipWithout(library);
        return new OpusDecoder(library);
    }

    private static void SkipWithout(OpusLibrary library)
    {
        if (library == OpusLibrary.Native && !NativeLibraries.IsPresent(NativeLibraries.Opus)) Assert.Skip("libopus is not installed");
    }

    private static double Error(short[] a, short[] b)
    {
        var sum = 0.0;
        for (var i = 0; i < a.Length; i++) sum += Math.Pow(a[i] - b[i], 2);
        return sum;
    }

    private static List<byte[]> Encode(OpusLibrary library, short[] pcm, EncoderTuning tuning)
    {
        using var encoder = Encoder(library, tuning);
        var payload = new byte[1500];
        var packets = new List<byte[]>();
        for (var at = 0; at + Frame <= pcm.Length; at += Frame) packets.Add(payload[..encoder.Encode(pcm.AsSpan(at, Frame), payload)]);
        return packets;
    }
}
