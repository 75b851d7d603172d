using System.Text;
using Softphone.Core;
using Softphone.Lab;
using Softphone.Media;
using Softphone.Phone;
using Softphone.Sdp;
using Softphone.Sip;

namespace Softphone.Scenarios;

/// <summary>Whole phones that encrypt, with each other and with peers that do not.</summary>
public sealed class SecureCallTests
{
    private const string PeerKey = "inline:OTg3NjU0MzIxMDk4NzY1NDMyMTA5ODc2NTQzMjEw";

    [Theory]
    [InlineData(SrtpMode.Try, SrtpMode.Try, true)]
    [InlineData(SrtpMode.Try, SrtpMode.Off, false)]
    [InlineData(SrtpMode.Off, SrtpMode.Try, false)]
    [InlineData(SrtpMode.Try, SrtpMode.Sdes, true)]
    [InlineData(SrtpMode.Sdes, SrtpMode.Try, true)]
    [InlineData(SrtpMode.Sdes, SrtpMode.Sdes, true)]
    [Rfc("8643", "3.1", Line = "media S15")]
    [Rfc("4568", "5.1")]
    public void Call_BetweenPhones_IsEncryptedWhereBothCan(SrtpMode alice, SrtpMode bob, bool secured)
    {
        using var bench = Bench(alice, bob).Connect();
        bench.Run(3);
        bench.HangUp();
        var (hers, his) = bench.UntilEnded(5);
        foreach (var summary in new[] { hers, his })
        {
            bench.That(summary.Audio == AudioOutcome.TwoWay, $"{summary}");
            bench.That(summary.Security.IsSecured == secured, $"{summary.Security}");
            bench.That(CallOutcome.Of(summary).SrtpBy == (secured ? "sdes" : null), $"{CallOutcome.Of(summary)}");
            bench.That(summary.Media!.Drops is { Forged: 0, Malformed: 0 }, $"{summary.Media.Drops}");
        }
    }

    [Theory]
    [InlineData(SrtpMode.Sdes, SrtpMode.Off)]
    [InlineData(SrtpMode.Off, SrtpMode.Sdes)]
    public void Call_ThatOneSideWantsEncrypted_NeverFallsBack(SrtpMode alice, SrtpMode bob)
    {
        using var bench = Bench(alice, bob);
        bench.Register().Dial();
        var summary = bench.UntilAliceEnded(10);
        bench.That(summary.Status == 488, $"{summary}");
        bench.That(!CallBench.States(bench.Bob).Contains(CallState.Connected), "it was answered");
    }

    [Theory]
    [MemberData(nameof(Suites))]
    [Rfc("4568", "6.2")]
    public void Call_WithTheSuiteThatOneLikesBest_HasIt(string suite)
    {
        using var bench = new CallBench(new DemoOptions(), new BenchOptions
        {
            Adjust = (name, o) => o with { Srtp = SrtpMode.Sdes, SrtpSuites = name == "alice" ? [suite, .. o.SrtpSuites.Where(s => s != suite)] : o.SrtpSuites },
        }).Connect();
        bench.Run(3);
        bench.HangUp();
        var (hers, his) = bench.UntilEnded(5);
        bench.That((hers.Security.Suite, his.Security.Suite) == (suite, suite), $"{hers.Security} {his.Security}");
        bench.That((hers.Audio, his.Audio) == (AudioOutcome.TwoWay, AudioOutcome.TwoWay), "not heard");
    }

    public static TheoryData<string> Suites => [.. SrtpSuite.All.Select(s => s.Name)];

    /// <summary>Hold, a restart of ICE and what else is offered within a call leave the keys as they are.</summary>
    [Fact]
    [Rfc("4568", "7.1.4")]
    public void Key_OverReinvites_StaysAndLosesNothing()
    {
        using var bench = Bench(SrtpMode.Sdes, SrtpMode.Try).Connect();
        bench.Run(2);
        foreach (var hold in new[] { true, false })
        {
            bench.Alice.Do((m, now) => m.Hold(now, bench.Call, hold));
            bench.Run(2);
        }

        bench.HangUp();
        var (hers, his) = bench.UntilEnded(5);
        bench.That(hers.Audio == AudioOutcome.TwoWay && his.Media!.Drops.Forged == 0 && hers.Media!.Drops.Forged == 0, $"{hers.Media?.Drops} {his.Media?.Drops}");
        foreach (var phone in new[] { bench.Alice, bench.Bob })
        {
            bench.That(phone.Events.OfType<PhoneEvent.SecurityChanged>().Count() == 1, "security changed");
            bench.That(phone.Machine.Trace.Entries.OfType<MediaTrace.Secured>().Count() == 1, "keys changed");
        }
    }

    /// <summary>Over SIP that anybody can read an offer shows no key and the call is plain; one that comes with a key is encrypted all the same.</summary>
    [Theory]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [Rfc("8643", "3.1")]
    public void Keys_OverPlainSip_AreNotShownByWhoOnlyTriesAndTakenWhenTheyCome(bool callerShows, bool calleeShows)
    {
        var sent = new List<string>();
        using var bench = new CallBench(new DemoOptions(), new BenchOptions
        {
            Adjust = (name, o) => o with { Srtp = SrtpMode.Try, ShowsKeys = name == "alice" ? callerShows : calleeShows },
            Around = (_, machine) => new Overheard(machine, sent),
        }).Connect();
        bench.Run(1);
        bench.HangUp();
        bench.UntilEnded(5);
        Assert.Equal(callerShows, sent.Any(s => s.Contains("a=crypto:", StringComparison.Ordinal)));
        Assert.Equal(callerShows, bench.Alice.Events.OfType<PhoneEvent.SecurityChanged>().Any(e => e.Security.IsSecured));
    }

    /// <summary>No key stands in any text that a phone keeps of its calls; the octets that went to the other had them.</summary>
    [Fact]
    [Rfc("4568", "8")]
    public void Keys_OfACall_AreInNoTrace()
    {
        var sent = new List<string>();
        using var bench = new CallBench(new DemoOptions(), new BenchOptions
        {
            Adjust = (_, o) => o with { Srtp = SrtpMode.Try },
            Around = (_, machine) => new Overheard(machine, sent),
        }).Connect();
        bench.Run(1);
        bench.HangUp();
        bench.UntilEnded(5);
        var keys = sent.SelectMany(s => s.Split("\r\n")).Where(l => l.StartsWith("a=crypto:", StringComparison.Ordinal)).Select(l => l.Split("inline:")[1].Split(' ', '|')[0]).Distinct().ToList();
        Assert.Equal(2, keys.Count);
        foreach (var phone in new[] { bench.Alice, bench.Bob })
        {
            foreach (var entry in phone.Machine.Trace.Entries)
                foreach (var key in keys) Assert.DoesNotContain(key, $"{entry} {entry.Describe()} {(entry as SipTrace.Message)?.Text}", StringComparison.Ordinal);
            foreach (var happened in phone.Events)
                foreach (var key in keys) Assert.DoesNotContain(key, happened.ToString(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Peer_ThatEndsTheEncryption_IsToldOf()
    {
        using var bench = Called(SrtpMode.Try);
        bench.That(bench.Offer(bench.Peer.Describe(version: 2))?.Contains("a=crypto", StringComparison.Ordinal) == false, "refused, or with a key");
        var changes = bench.Alice.Events.OfType<PhoneEvent.SecurityChanged>().ToList();
        bench.That(changes is [{ Security.IsSecured: true }, { Security: { IsSecured: false, IsWeakened: true } }], string.Join(' ', changes));
        bench.That(bench.Alice.Machine.Snapshot(bench.Now, bench.Call)!.Security.IsWeakened, "not shown");
        bench.Run(1);
        bench.Talk();
        var summary = bench.End();
        bench.That(summary.WasPlainInPart && CallOutcome.Of(summary) is { Srtp: null, SrtpBy: null }, $"{summary}");
        Assert.True(Expectation.TryParse("srtp=on", out var expected, out _));
        Assert.NotNull(expected.Failure(CallOutcome.Of(summary)));
    }

    /// <summary>What a key has protected is over when the call was plain or went to another suite: it never comes again.</summary>
    [Theory]
    [InlineData("")]
    [InlineData("AEAD_AES_128_GCM")]
    [Rfc("3711", "9.1")]
    public void Key_OfACallThatWasPlainOrOfAnotherSuiteInBetween_IsANewOne(string between)
    {
        using var bench = Called(SrtpMode.Try);
        var first = KeyIn(bench.Offer(bench.Peer.Describe(version: 2, extra: $"a=crypto:1 AES_CM_128_HMAC_SHA1_80 {PeerKey}\r\n"))!);
        bench.Run(0.5);
        var middle = between.Length == 0 ? "" : $"a=crypto:1 {between} inline:{Convert.ToBase64String(new byte[28])}\r\n";
        bench.That(bench.Offer(bench.Peer.Describe(version: 3, extra: middle)) is { } answer && answer.Contains("a=crypto", StringComparison.Ordinal) == (between.Length > 0), "not as it was offered");
        bench.Run(0.5);
        var last = KeyIn(bench.Offer(bench.Peer.Describe(version: 4, extra: $"a=crypto:1 AES_CM_128_HMAC_SHA1_80 {PeerKey}\r\n"))!);
        bench.That(first != last, "the same key again");
        bench.That(bench.Alice.Machine.Snapshot(bench.Now, bench.Call)!.Security.Suite == "AES_CM_128_HMAC_SHA1_80", "not secured again");
        bench.End();
    }

    /// <summary>Encrypted from the middle on is not encrypted.</summary>
    [Fact]
    public void Call_ThatWasPlainAtFirst_IsNotSaidToBeEncrypted()
    {
        using var bench = new PeerBench(adjust: o => o with { Srtp = SrtpMode.Try });
        bench.Dial(_ => bench.Peer.Describe());
        bench.Run(1);
        KeyIn(bench.Offer(bench.Peer.Describe(version: 2, extra: $"a=crypto:1 AES_CM_128_HMAC_SHA1_80 {PeerKey}\r\n"))!);
        bench.Run(1);
        var summary = bench.End();
        bench.That(summary is { Security.IsSecured: true, WasPlainInPart: true } && CallOutcome.Of(summary).Srtp is null, $"{summary}");
    }

    private static string KeyIn(string description) => description.Split("\r\n").Single(l => l.StartsWith("a=crypto:", StringComparison.Ordinal)).Split("inline:")[1];

    [Fact]
    public void Peer_ThatEndsTheEncryptionWhereItIsDemanded_IsRefused()
    {
        using var bench = Called(SrtpMode.Sdes);
        bench.That(bench.Offer(bench.Peer.Describe(version: 2)) is null, "accepted");
        bench.That(bench.Peer.Events.OfType<SipEvent.OfferFailed>().Single().Status == 488, "not 488");
        bench.That(bench.State == CallState.Connected && bench.Alice.Machine.Snapshot(bench.Now, bench.Call)!.Security.IsSecured, "the call is not as it was");
        bench.That(bench.End().WasPlainInPart == false, "weakened");
    }

    [Fact]
    public void Peer_ThatAnswersPlainWhereEncryptionIsDemanded_LosesTheCall()
    {
        using var bench = Called(SrtpMode.Sdes);
        bench.Alice.Do((m, now) => m.Hold(now, bench.Call, true));
        bench.Until(() => bench.Summary is not null, 5, "over");
        bench.That(bench.Summary!.Fault!.What.Contains("ended the encryption", StringComparison.Ordinal), $"{bench.Summary}");
    }

    /// <summary>Packets of a peer without keys are not taken once keys are agreed on.</summary>
    [Fact]
    [Rfc("3711", "3.3")]
    public void Peer_ThatSendsPlainAfterAgreeingOnKeys_IsNotHeard()
    {
        using var bench = Called(SrtpMode.Try);
        bench.Run(2);
        bench.That(bench.Heard == 0, $"{bench.Heard} packets were taken");
        var summary = bench.End();
        bench.That(summary.Audio == AudioOutcome.SendOnly, $"{summary.Audio}");
        bench.That(summary.Dropped.Any(d => d.Why.Contains("SRTP", StringComparison.Ordinal)), string.Join(' ', summary.Dropped));
    }

    [Fact]
    [Rfc("4568", "6.1")]
    public void Lifetime_OfThePeersKey_BindsThePeer()
    {
        var key = new SrtpKey(SrtpSuite.AesCm128Tag80, Convert.FromBase64String(PeerKey["inline:".Length..]));
        using var sender = new SrtpSender(key);
        using var bench = Called(SrtpMode.Try, "|2^4", (frame, length) => sender.TryProtect(frame, length, out length) ? length : 0);
        bench.Run(2);
        bench.That(bench.Heard > 90, $"{bench.Heard} packets were taken");
        bench.End();
    }

    private static CallBench Bench(SrtpMode alice, SrtpMode bob) =>
        new(new DemoOptions(), new BenchOptions { Adjust = (name, o) => o with { Srtp = name == "alice" ? alice : bob } });

    /// <summary>A call with a peer that has a key; it sends plain packets all the same, unless it is told how to protect them.</summary>
    private static PeerBench Called(SrtpMode mode, string behindKey = "", Func<byte[], int, int>? protect = null)
    {
        var bench = new PeerBench(adjust: o => o with { Srtp = mode }) { Peer = { Protect = protect } };
        bench.Dial(_ => bench.Peer.Describe(extra: $"a=crypto:1 AES_CM_128_HMAC_SHA1_80 {PeerKey}{behindKey}\r\n", protocol: mode == SrtpMode.Sdes ? "RTP/SAVP" : "RTP/AVP"));
        bench.Run(0.5);
        bench.That(bench.State == CallState.Connected, $"state {bench.State}");
        bench.That(bench.Alice.Machine.Snapshot(bench.Now, bench.Call)!.Security is { Keying: SrtpKeying.Sdes, Suite: "AES_CM_128_HMAC_SHA1_80" }, "no keys");
        return bench;
    }

    /// <summary>Listens to what a machine sends.</summary>
    private sealed class Overheard(IMachine machine, List<string> sent) : IMachine
    {
        public Instant? NextTimeout => machine.NextTimeout;

        public void Receive(in Datagram datagram) => machine.Receive(datagram);

        public void Fail(in PathFailure failure) => machine.Fail(failure);

        public void Advance(Instant now) => machine.Advance(now);

        public bool TryTransmit(Span<byte> buffer, out Transmit transmit)
        {
            if (!machine.TryTransmit(buffer, out transmit)) return false;
            var text = Encoding.Latin1.GetString(buffer[..transmit.Length]);
            if (text.Contains("a=crypto", StringComparison.Ordinal)) sent.Add(text);
            return true;
        }

        public void Sent(Instant now) => machine.Sent(now);
    }
}
