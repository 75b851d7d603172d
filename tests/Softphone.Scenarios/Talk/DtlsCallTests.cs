using System.Text;
using Softphone.Core;
using Softphone.Lab;
using Softphone.Media;
using Softphone.Phone;
using Softphone.Sdp;
using Softphone.Sip;

namespace Softphone.Scenarios;

/// <summary>Whole phones whose SRTP is keyed by DTLS (RFC 5763, 5764), through the NATs of the demo.</summary>
public sealed class DtlsCallTests : IDisposable
{
    private static readonly DateTimeOffset Today = new(2026, 12, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly DtlsIdentity _alice = DtlsIdentity.Create(Today);
    private readonly DtlsIdentity _bob = DtlsIdentity.Create(Today);

    public void Dispose()
    {
        _alice.Dispose();
        _bob.Dispose();
    }

    [Theory]
    [InlineData(SrtpMode.Dtls, SrtpMode.Dtls)]
    [InlineData(SrtpMode.Dtls, SrtpMode.Try)]
    [Rfc("5763", "5", Line = "sip O9")]
    [Rfc("5764", "8")]
    public void Call_KeyedByDtls_IsHeardBothWays(SrtpMode alice, SrtpMode bob)
    {
        using var bench = Bench(alice, bob).Connect();
        bench.Run(3);
        bench.HangUp();
        AssertSecured(bench);
        bench.That(bench.Alice.Events.OfType<PhoneEvent.SecurityChanged>().Count() == 1, "security changed more than once");
    }

    /// <summary>Whatever stands between, handshake and media take the way that ICE found, a relay at the worst.</summary>
    [Theory]
    [MemberData(nameof(Nats))]
    [Rfc("5763", "6.7.1")]
    public void Call_ThroughEveryPairOfNats_IsKeyed(string natA, string natB)
    {
        using var bench = Bench(SrtpMode.Dtls, SrtpMode.Dtls, new DemoOptions { NatA = NatOf(natA), NatB = NatOf(natB) }).Connect();
        bench.Run(3);
        bench.HangUp();
        AssertSecured(bench);
    }

    public static TheoryData<string, string> Nats
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (var a in new[] { "cone", "symmetric", "port" })
                foreach (var b in new[] { "cone", "symmetric", "port" }) data.Add(a, b);
            return data;
        }
    }

    /// <summary>Two ports have two handshakes, and RTCP keys of its own.</summary>
    [Fact]
    [Rfc("5764", "3")]
    public void Call_WithoutMux_HasAHandshakeForEachComponent()
    {
        using var bench = Bench(SrtpMode.Dtls, SrtpMode.Dtls, mux: RtcpMuxPolicy.Off).Connect();
        bench.Run(12);
        bench.HangUp();
        var (hers, _) = AssertSecured(bench);
        foreach (var phone in new[] { bench.Alice, bench.Bob })
            bench.That(phone.Machine.Trace.Entries.OfType<DtlsTrace.Secured>().Select(e => e.Component).Order().SequenceEqual([1, 2]), "not two handshakes");
        bench.That(hers.Media!.RttMs is not null, "RTCP did not come through");
    }

    [Fact]
    public void Call_WithMux_HasOneHandshake()
    {
        using var bench = Bench(SrtpMode.Dtls, SrtpMode.Dtls).Connect();
        bench.Run(12);
        bench.HangUp();
        var (hers, _) = AssertSecured(bench);
        bench.That(bench.Alice.Machine.Trace.Entries.OfType<DtlsTrace.Secured>().Count() == 1 && hers.Media!.RttMs is not null, "not one handshake, or no RTCP");
    }

    /// <summary>A bad line: the handshake comes through, and the talk begins after it.</summary>
    [Fact]
    [Rfc("6347", "4.2.4")]
    public void Call_OverALineThatLoses_IsKeyed()
    {
        for (ulong seed = 1; seed <= 10; seed++)
        {
            using var bench = Bench(SrtpMode.Dtls, SrtpMode.Dtls, new DemoOptions { Loss = 0.1, Jitter = TimeSpan.FromMilliseconds(60), Seed = seed }).Connect();
            bench.Until(() => Secured(bench.Alice) && Secured(bench.Bob), 20, $"keys on both sides, seed {seed}");
            bench.Run(3);
            bench.HangUp();
            AssertSecured(bench);
        }
    }

    /// <summary>The middle of the line rewrites a fingerprint: the call ends, and both are told by which layer and why.</summary>
    [Fact]
    [Rfc("8122", "5", Line = "media S11")]
    [Rfc("5763", "5")]
    public void Fingerprint_OfAnotherCertificate_EndsTheCall()
    {
        using var stranger = DtlsIdentity.Create(Today);
        var (right, wrong) = (Text(_bob), Text(stranger));
        using var bench = Bench(SrtpMode.Dtls, SrtpMode.Dtls, around: (name, machine) => name == "bob" ? new Rewriter(machine, right, wrong) : machine);
        bench.Register().Dial();
        var summary = bench.UntilAliceEnded(20);
        bench.That(summary.Fault is { Layer: Layer.Dtls } fault && fault.What.Contains("certificate is not the one", StringComparison.Ordinal), $"{summary.Fault}");
        bench.That(summary.Audio is AudioOutcome.None && !summary.Security.IsSecured, $"{summary.Audio} {summary.Security}");
        bench.That(!bench.Bob.Events.OfType<PhoneEvent.CallEnded>().Any(e => e.Summary.Audio is AudioOutcome.TwoWay), "bob heard something");
    }

    [Theory]
    [InlineData(SrtpMode.Dtls, SrtpMode.Off)]
    [InlineData(SrtpMode.Dtls, SrtpMode.Sdes)]
    [InlineData(SrtpMode.Off, SrtpMode.Dtls)]
    [InlineData(SrtpMode.Sdes, SrtpMode.Dtls)]
    [InlineData(SrtpMode.Try, SrtpMode.Dtls)]
    public void Call_ThatOneSideWantsKeyedByDtls_NeverFallsBack(SrtpMode alice, SrtpMode bob)
    {
        using var bench = Bench(alice, bob);
        bench.Register().Dial();
        var summary = bench.UntilAliceEnded(10);
        bench.That(summary.Status == 488, $"{summary}");
        bench.That(!CallBench.States(bench.Bob).Contains(CallState.Connected), "it was answered");
    }

    /// <summary>Hold and resume are about the same association: no handshake, no key, no word is lost (RFC 8842 §5).</summary>
    [Fact]
    [Rfc("8842", "5.2", Line = "sip O12")]
    public void Association_OverReinvites_Stays()
    {
        using var bench = Bench(SrtpMode.Dtls, SrtpMode.Try).Connect();
        bench.Run(2);
        foreach (var (phone, call) in new[] { (bench.Alice, bench.Call), (bench.Bob, BobCall(bench)) })
        {
            foreach (var hold in new[] { true, false })
            {
                phone.Do((m, now) => m.Hold(now, call, hold));
                bench.Run(2);
            }
        }

        bench.HangUp();
        AssertSecured(bench);
        foreach (var phone in new[] { bench.Alice, bench.Bob })
        {
            bench.That(phone.Machine.Trace.Entries.OfType<DtlsTrace.Began>().Count() == 1, "another handshake");
            bench.That(phone.Machine.Trace.Entries.OfType<MediaTrace.Secured>().Count() == 1, "keys changed");
        }
    }

    /// <summary>A restart of ICE takes the association to the new path.</summary>
    [Fact]
    [Rfc("8842", "5.1")]
    public void Association_OverARestartOfIce_Stays()
    {
        using var bench = Bench(SrtpMode.Dtls, SrtpMode.Dtls).Connect();
        bench.Run(2);
        bench.Alice.Do((m, now) => m.RestartIce(now, bench.Call));
        bench.Run(5);
        bench.HangUp();
        AssertSecured(bench);
        bench.That(bench.Alice.Machine.Trace.Entries.OfType<DtlsTrace.Began>().Count() == 1, "another handshake");
    }

    /// <summary>It rings for longer than a handshake waits: what was given up in between begins anew with the answer.</summary>
    [Fact]
    [Rfc("5763", "6.2")]
    public void Call_ThatRingsForAMinute_IsKeyed()
    {
        using var bench = Bench(SrtpMode.Dtls, SrtpMode.Dtls, ringing: TimeSpan.FromSeconds(60));
        bench.Register().Dial();
        bench.Until(() => CallBench.States(bench.Alice).Contains(CallState.Connected), 70, "answered");
        bench.Run(3);
        bench.HangUp();
        AssertSecured(bench);
    }

    /// <summary>Nobody answers the handshake of who took the call: it ends, and says by which layer.</summary>
    [Fact]
    public void Handshake_ThatNobodyAnswers_EndsTheCall()
    {
        using var bench = Bench(SrtpMode.Dtls, SrtpMode.Dtls, around: (name, machine) => name == "alice" ? new Rewriter(machine, "", "", isDeaf: true) : machine);
        bench.Register().Dial();
        var summary = bench.UntilAliceEnded(60);
        bench.That(summary.Fault is null or { Layer: Layer.Dtls }, $"{summary.Fault}");
        var his = CallBench.Summary(bench.Bob);
        bench.That((summary.Fault ?? his?.Fault) is { Layer: Layer.Dtls }, $"{summary.Fault} {his?.Fault}");
        bench.That(summary.Audio == AudioOutcome.None, $"{summary.Audio}");
    }

    /// <summary>Keys, and whatever else is secret, stand in no trace and no event.</summary>
    [Fact]
    public void Keys_OfACall_AreInNoDescription()
    {
        var sent = new List<string>();
        using var bench = Bench(SrtpMode.Dtls, SrtpMode.Dtls, around: (_, machine) => new Rewriter(machine, "", "", sent)).Connect();
        bench.Run(1);
        bench.HangUp();
        bench.UntilEnded(5);
        Assert.NotEmpty(sent);
        foreach (var text in sent)
        {
            Assert.DoesNotContain("a=crypto", text, StringComparison.Ordinal);
            Assert.Contains("UDP/TLS/RTP/SAVP ", text, StringComparison.Ordinal);
            Assert.Matches("a=tls-id:[A-Za-z0-9]{20,255}\r\n", text);
        }
    }

    private static CallId BobCall(CallBench bench) => bench.Bob.Events.OfType<PhoneEvent.IncomingCall>().Last().Call;

    private static bool Secured(VirtualPhone phone) => phone.Events.OfType<PhoneEvent.SecurityChanged>().Any(e => e.Security.Keying == SrtpKeying.Dtls);

    private static string Text(DtlsIdentity identity)
    {
        var hash = identity.Fingerprint("sha-256");
        return new SdpFingerprint(hash.Algorithm, hash.Hash).ToString();
    }

    private static NatBehavior NatOf(string name) => name switch
    {
        "cone" => NatBehavior.FullCone,
        "symmetric" => NatBehavior.Symmetric,
        _ => NatBehavior.PortRestricted,
    };

    private static (CallSummary Hers, CallSummary His) AssertSecured(CallBench bench)
    {
        var (hers, his) = bench.UntilEnded(5);
        foreach (var summary in new[] { hers, his })
        {
            bench.That(summary.Audio == AudioOutcome.TwoWay, $"{summary}");
            bench.That(summary.Security is { Keying: SrtpKeying.Dtls, Suite: "AEAD_AES_256_GCM" }, $"{summary.Security}");
            bench.That(CallOutcome.Of(summary).SrtpBy == "dtls" && !summary.WasPlainInPart, $"{CallOutcome.Of(summary)}");
            bench.That(summary.Media!.Drops is { Forged: 0, Malformed: 0 }, $"{summary.Media.Drops}");
            bench.That(Expectation.TryParse("srtp=dtls", out var expected, out _) && expected.Failure(CallOutcome.Of(summary)) is null, "srtp=dtls does not hold");
        }

        return (hers, his);
    }

    private CallBench Bench(SrtpMode alice, SrtpMode bob, DemoOptions? options = null, RtcpMuxPolicy mux = RtcpMuxPolicy.Offer, Func<string, IMachine, IMachine>? around = null, TimeSpan? ringing = null) =>
        new(options ?? new DemoOptions(), new BenchOptions
        {
            Mux = mux,
            Adjust = (name, o) => o with { Srtp = name == "alice" ? alice : bob, Dtls = name == "alice" ? _alice : _bob },
            Around = around,
            Ringing = ringing ?? TimeSpan.Zero,
        });

    /// <summary>Puts one text in the place of another of the same length in what a machine sends, and notes descriptions.</summary>
    private sealed class Rewriter(IMachine machine, string from, string to, List<string>? sent = null, bool isDeaf = false) : IMachine
    {
        public Instant? NextTimeout => machine.NextTimeout;

        public void Receive(in Datagram datagram)
        {
            if (isDeaf && datagram.Payload is [>= 20 and < 64, 254, ..]) return;
            machine.Receive(datagram);
        }

        public void Fail(in PathFailure failure) => machine.Fail(failure);

        public void Advance(Instant now) => machine.Advance(now);

        public bool TryTransmit(Span<byte> buffer, out Transmit transmit)
        {
            if (!machine.TryTransmit(buffer, out transmit)) return false;
            var text = Encoding.Latin1.GetString(buffer[..transmit.Length]);
            if (from.Length > 0) Encoding.Latin1.GetBytes(text.Replace(from, to, StringComparison.Ordinal)).CopyTo(buffer);
            if (text.Contains("m=audio", StringComparison.Ordinal)) sent?.Add(text);
            return true;
        }

        public void Sent(Instant now) => machine.Sent(now);
    }
}
