using System.Buffers.Binary;
using System.Text;
using Softphone.Core;
using Softphone.Lab;
using Softphone.Media;
using Softphone.Nat;
using Softphone.Phone;

namespace Softphone.Scenarios;

/// <summary>Causes that stand in no cell of the table of explanations: each in a world where it is so, beside the same world where it is not, and its remedy tried.</summary>
public sealed class CauseProofTests
{
    /// <summary>A caller that takes a relay before the direct path was found, in a call that is over before it has moved.</summary>
    [Theory]
    [InlineData("port-restricted", "port-restricted")]
    [InlineData("full-cone", "restricted-cone")]
    public void NominatedEarly_IsToldWhereADirectPairWorks_AndACallFromHereIsDirect(string a, string b)
    {
        var told = 0;
        for (var tenths = 1; tenths <= 12; tenths++)
        {
            var bob = Hasty(a, b, hasty: "alice", TimeSpan.FromMilliseconds(100 * tenths));
            if (bob.Why.Cause is not Cause.NominatedEarly) continue;
            told++;
            Assert.Equal("relay", bob.Path);
            Assert.Contains(bob.Why.Remedies, r => r is { IsCertain: true, Promise: Promise.Direct, Steps: [{ Kind: RemedyKind.CallFromHere, Side: Side.Ours }] });
        }

        Assert.True(told > 0, "it was never told");

        // The remedy: this side calls, and so chooses.
        var other = Hasty(b, a, hasty: "bob", TimeSpan.FromSeconds(3));
        Assert.NotEqual("relay", other.Path);
        Assert.IsNotType<Cause.NominatedEarly>(other.Why.Cause);
    }

    [Theory]
    [InlineData("port-restricted", 0)]
    [InlineData("none", 7)]
    [Rfc("8489", "9.1.4")]
    public void Unverified_IsToldWhereAnswersAreChangedOnTheWay_AndNotWithout(string nat, int octet)
    {
        var alice = Mangled(nat, octets => Spoil(octets, octet), TimeSpan.FromSeconds(60));
        Assert.True(alice.Why.Cause is Cause.Unverified { Answers: > 0 }, $"{alice.Why.Cause} {alice.Explanation}");
        Assert.Contains(alice.Why.Remedies, r => r is { IsCertain: false, Steps: [{ Kind: RemedyKind.FindRewriter }] });

        // Without what changes them there is a call.
        Assert.True(Mangled(nat, null, TimeSpan.FromSeconds(2)) is { Fault: null, Audio: AudioOutcome.TwoWay });
    }

    [Theory]
    [InlineData("port-restricted", "a=ice-pwd:")]
    [InlineData("none", "a=ice-ufrag:")]
    [Rfc("8445", "7.3")]
    public void Unauthenticated_IsToldWhereADescriptionIsChangedOnTheWay(string nat, string line)
    {
        var alice = Mangled(nat, octets => Change(octets, line), TimeSpan.FromSeconds(60));
        Assert.True(alice.Why.Cause is Cause.Unauthenticated { Answers: > 0 }, $"{alice.Why.Cause} {alice.Explanation}");
    }

    /// <summary>What bob says where alice is hasty, and alice where bob is.</summary>
    private static CallSummary Hasty(string a, string b, string hasty, TimeSpan talk)
    {
        using var bench = new CallBench(
            new DemoOptions { NatA = NatBehavior.Named(a), NatB = NatBehavior.Named(b) },
            new BenchOptions
            {
                Adjust = (name, o) => name == hasty ? o with { Nat = o.Nat with { NominateImmediately = true } } : o,
                Around = (name, phone) => name == hasty ? new HastyPeer(phone) : phone,
            });
        bench.Connect();
        bench.Run(talk.TotalSeconds);
        bench.HangUp();
        var (alice, bob) = bench.UntilEnded(5);
        return hasty == "alice" ? bob : alice;
    }

    private static CallSummary Mangled(string nat, Func<byte[], byte[]>? mangle, TimeSpan talk)
    {
        using var bench = new CallBench(
            new DemoOptions { NatA = NatBehavior.Named(nat), NatB = NatBehavior.Named(nat) },
            new BenchOptions { Turn = false, Around = (name, phone) => name == "alice" ? new Tap(phone) { Mangle = mangle } : phone });
        bench.Register().Dial(new CallOptions { Duration = talk });
        return bench.UntilAliceEnded(75);
    }

    /// <summary>An octet of a check's answer becomes another, with the fingerprint put right, as a gateway does that rewrites addresses in packets.</summary>
    private static byte[] Spoil(byte[] octets, int octet)
    {
        if (Demultiplexer.Classify(octets) != PacketKind.Stun || !StunReader.TryParse(octets, out var stun, out _)
            || stun is not { Class: StunClass.Success, Method: StunMethod.Binding, HasIntegrity: true }) return octets;

        // The last is FINGERPRINT, 8 octets; before it the 20 of MESSAGE-INTEGRITY's value.
        octets[octets.Length - 8 - 20 + octet] ^= 0x5A;
        BinaryPrimitives.WriteUInt32BigEndian(octets.AsSpan(octets.Length - 4), Crc(octets.AsSpan(0, octets.Length - 8)) ^ 0x5354554E);
        return octets;
    }

    private static byte[] Change(byte[] octets, string line)
    {
        var text = Encoding.UTF8.GetString(octets);
        var at = text.IndexOf(line, StringComparison.Ordinal);
        if (at < 0 || !text.StartsWith("SIP/2.0 ", StringComparison.Ordinal)) return octets;
        at += line.Length;
        octets[Encoding.UTF8.GetByteCount(text.AsSpan(0, at))] = (byte)(text[at] == 'x' ? 'y' : 'x');
        return octets;
    }

    private static uint Crc(ReadOnlySpan<byte> octets)
    {
        var crc = uint.MaxValue;
        foreach (var octet in octets)
        {
            crc ^= octet;
            for (var bit = 0; bit < 8; bit++) crc = (crc & 1) != 0 ? (crc >> 1) ^ 0xEDB88320 : crc >> 1;
        }

        return ~crc;
    }
}
