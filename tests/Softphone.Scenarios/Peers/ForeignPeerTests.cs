using Softphone.Core;
using Softphone.Lab;
using Softphone.Phone;
using Softphone.Sip;

namespace Softphone.Scenarios;

/// <summary>Peers that are less than we are: no ICE, ICE-lite, one component, few codecs, descriptions that cannot be read.</summary>
public sealed class ForeignPeerTests
{
    [Theory]
    [InlineData("none")]
    [InlineData("full-cone")]
    [InlineData("port-restricted")]
    [InlineData("symmetric")]
    [Rfc("4961", "3", Line = "I83")]
    [Rfc("8839", "4.3.3", Line = "I18")]
    public void PeerWithoutIce_SymmetricRtp_AudioBothWaysBehindAnyNat(string nat)
    {
        using var bench = new PeerBench(NatBehavior.Named(nat));
        bench.Dial(_ => bench.Peer.Describe());
        bench.Run(1);
        bench.Talk();
        var summary = bench.End();
        bench.That(summary is { Status: 200, Fault: null, Audio: AudioOutcome.TwoWay, Codec: "pcmu" }, summary.ToString());
        bench.That(summary.Explanation.Contains("without ICE", StringComparison.Ordinal), summary.Explanation);
        bench.Run(3);
        bench.That(bench.Demo.Turn.Allocations == 0, "an allocation is left");
    }

    [Theory]
    [InlineData("none")]
    [InlineData("port-restricted")]
    [InlineData("symmetric")]
    [Rfc("8445", "6.1.1", Line = "I70")]
    public void LitePeer_IsNominatedByUsAndAudioFlows(string nat)
    {
        using var bench = new PeerBench(NatBehavior.Named(nat), lite: true);
        bench.Dial(_ => bench.Peer.Describe(extra: bench.Peer.LiteAttributes()));
        bench.Run(1);
        bench.Talk();
        bench.That(bench.Peer is { Nominated: true, Checks: > 1 }, $"{bench.Peer.Checks} checks, nominated {bench.Peer.Nominated}");
        var summary = bench.End();
        bench.That(summary is { Status: 200, Fault: null, Audio: AudioOutcome.TwoWay } && summary.Path != "relay", summary.ToString());
    }

    [Fact]
    [Rfc("8445", "6.1.2.2", Line = "I21")]
    public void PeerWithOneComponent_NoRtcpMux_CallIsNotHeldUp()
    {
        using var bench = new PeerBench(NatBehavior.PortRestricted, lite: true);
        bench.Dial(_ => bench.Peer.Describe(extra: bench.Peer.LiteAttributes().Replace("a=rtcp-mux\r\n", "", StringComparison.Ordinal)));
        bench.Run(1);
        bench.Talk();
        bench.That(bench.Alice.Events.OfType<PhoneEvent.PathSelected>().Any(p => p.Component == 1), "nothing was selected");
        bench.Run(45);
        bench.That(bench.State == CallState.Connected, "the missing component ended the call");
        bench.End();
    }

    [Theory]
    [InlineData("9 101", "g722")]
    [InlineData("8 101", "pcma")]
    [InlineData("0", "pcmu")]
    [Rfc("3264", "6.1")]
    public void PeerWithOneCodec_CallsAndIsCalled(string formats, string codec)
    {
        foreach (var incoming in new[] { false, true })
        {
            using var bench = new PeerBench();
            bench.Peer.PayloadType = byte.Parse(formats.Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture);
            var sdp = bench.Peer.Describe(formats: formats).Replace("a=rtpmap:101 telephone-event/8000\r\n", formats.EndsWith("101", StringComparison.Ordinal) ? "a=rtpmap:101 telephone-event/8000\r\n" : "", StringComparison.Ordinal);
            if (incoming) bench.BeCalled(sdp);
            else bench.Dial(_ => sdp);
            bench.Run(0.5);
            bench.Talk();
            var summary = bench.End();
            bench.That(summary.Codec == codec && summary is { Audio: AudioOutcome.TwoWay, Fault: null }, summary.ToString());
        }
    }

    [Theory]
    [InlineData("this is not SDP")]
    [InlineData("v=0\r\no=peer 1 1 IN IP4 203.0.113.77\r\ns=-\r\nt=0 0\r\nm=audio ninety RTP/AVP 0\r\n")]
    [Rfc("3261", "13.3.1.3")]
    public void Offer_Unreadable_IsRefusedAndTheFaultNamesSdp(string sdp)
    {
        using var bench = new PeerBench();
        bench.BeCalled(sdp);
        bench.Run(1);
        bench.That(bench.Summary is { Fault.Layer: Layer.Sdp, Status: 400 or 488 }, $"{bench.Summary}");
        var ended = bench.Peer.Events.OfType<SipEvent.Ended>().Single();
        bench.That(ended.Status is 400 or 488, ended.ToString());
    }

    [Theory]
    [InlineData("this is not SDP")]
    [InlineData("")]
    [InlineData("v=0\r\no=peer 1 1 IN IP4 203.0.113.77\r\ns=-\r\nc=IN IP4 203.0.113.77\r\nt=0 0\r\nm=audio 40000 RTP/AVP 96\r\na=rtpmap:96 speex/8000\r\n")]
    [InlineData("v=0\r\no=peer 1 1 IN IP4 203.0.113.77\r\ns=-\r\nc=IN IP4 203.0.113.77\r\nt=0 0\r\nm=audio 0 RTP/AVP 0\r\n")]
    [Rfc("3261", "13.2.2.4")]
    public void Answer_Unusable_CallIsAcknowledgedAndEndedWithASdpFault(string sdp)
    {
        using var bench = new PeerBench();
        bench.Peer.Happened = (now, e) =>
        {
            if (e is SipEvent.Incoming incoming) bench.Peer.Agent.Accept(now, incoming.Session, System.Text.Encoding.ASCII.GetBytes(sdp));
        };
        bench.Alice.Do((m, now) => m.Call(now, bench.Account, bench.Peer.Uri));
        bench.Until(() => bench.Summary is not null, 5, "over");
        bench.Run(1);
        bench.That(bench.Summary is { Fault: { Layer: Layer.Sdp, Remedy.Length: > 5 }, Cause: CallEndCause.Error }, $"{bench.Summary}");
        bench.That(bench.Peer.Events.OfType<SipEvent.Confirmed>().Any(), "no ACK");
        bench.That(bench.Peer.Events.OfType<SipEvent.Ended>().Single() is { Cause: EndCause.Remote }, "no BYE");
    }

    [Fact]
    [Rfc("3261", "14.2")]
    [Rfc("3264", "4")]
    public void InviteWithoutOffer_WeOfferInTheAnswer_AudioFlows()
    {
        using var bench = new PeerBench();
        bench.BeCalled(null);
        bench.Run(0.5);
        bench.Talk();
        var summary = bench.End();
        bench.That(summary is { Status: 200, Fault: null, Audio: AudioOutcome.TwoWay }, summary.ToString());
    }

    [Fact]
    [Rfc("3261", "13.2.2.4", Line = "I29")]
    public void Progress_OfTwoForks_TheAnswerDecides()
    {
        using var bench = new PeerBench();
        bench.Peer.Happened = (now, e) =>
        {
            if (e is not SipEvent.Incoming incoming) return;
            // Early media from one place, and the answer from another of the same user.
            bench.Peer.Agent.Progress(now, incoming.Session, 183, System.Text.Encoding.ASCII.GetBytes(bench.Peer.Describe(port: 40_100)));
            bench.Peer.StartSending(ScriptedPeer.MediaOf(incoming.Offer));
        };
        bench.Alice.Do((m, now) => m.Call(now, bench.Account, bench.Peer.Uri));
        bench.Until(() => bench.State == CallState.Early, 3, "early media");
        bench.Run(1);
        bench.Peer.Do((agent, now) => agent.Accept(now, bench.Peer.Session, System.Text.Encoding.ASCII.GetBytes(bench.Peer.Describe(port: 40_100))));
        bench.Until(() => bench.State == CallState.Connected, 3, "connected");
        var summary = CallBench.States(bench.Alice).ToList();
        bench.That(summary.Contains(CallState.Early), "early media was not shown");
    }

    [Theory]
    [InlineData("none", false)]
    [InlineData("none", true)]
    [InlineData("port-restricted", true)]
    [Rfc("4961", "3", Line = "I83")]
    public void PeerWithoutIceBehindItsNat_CallsUs_MediaGoesToWhereItsPacketsComeFrom(string nat, bool turn)
    {
        var demo = new DemoWorld(new DemoOptions { NatA = NatBehavior.Named(nat), NatB = NatBehavior.PortRestricted });
        var peer = new ScriptedPeer(demo.HostB, IpAddress.Parse("192.168.2.2"));
        var options = new PhoneOptions
        {
            Name = "alice",
            SipPort = 5060,
            Codecs = [Sdp.SdpCodec.Pcmu],
            Answering = new AnswerPolicy.Auto(TimeSpan.FromMilliseconds(200), () => new CallOptions()),
            Nat = new NatSettings
            {
                StunServers = [new ServerName(DemoWorld.StunAddress.Ip.ToString(), 3478)],
                TurnServers = turn ? [new TurnAccount(new ServerName(DemoWorld.StunAddress.Ip.ToString(), 3478), "alice", DemoWorld.PasswordOf("alice"))] : [],
            },
        };
        using var alice = new VirtualPhoneOwner(new VirtualPhone(demo.HostA, options, Media.CodecFactory.Instance));
        var account = alice.Phone.Machine.AddAccount(new SipAccount
        {
            Aor = SipUri.Parse("sip:alice@lab.test"),
            Password = DemoWorld.PasswordOf("alice"),
            Registrar = SipUri.Parse("sip:lab.test"),
        });
        alice.Phone.Do((m, now) => m.Start(now));
        alice.Phone.Do((m, now) => m.Register(now, account));
        demo.World.RunUntil(() => alice.Phone.Events.OfType<PhoneEvent.Registration>().Any(r => r.State == RegistrationState.Registered), Instant.Zero + TimeSpan.FromSeconds(5));
        peer.Happened = (now, e) =>
        {
            if (e is SipEvent.Answered answered) peer.StartSending(ScriptedPeer.MediaOf(answered.Sdp));
        };
        var caller = peer.Agent.AddAccount(new SipAccount { Aor = SipUri.Parse("sip:bob@lab.test"), Password = DemoWorld.PasswordOf("bob") });
        peer.Do((agent, now) => agent.Invite(now, caller, SipUri.Parse("sip:alice@lab.test"), System.Text.Encoding.ASCII.GetBytes(peer.Describe())));
        demo.World.RunUntil(demo.World.Now + TimeSpan.FromSeconds(4));
        var call = alice.Phone.Events.OfType<PhoneEvent.IncomingCall>().Single().Call;
        var heard = alice.Phone.Machine.Snapshot(demo.World.Now, call)!.Media!.Rx.Packets;
        Assert.True(heard > 100 && peer.Heard > 100, Transcript.Of($"alice heard {heard}, the peer {peer.Heard}", alice.Phone));
    }

    private sealed class VirtualPhoneOwner(VirtualPhone phone) : IDisposable
    {
        public VirtualPhone Phone { get; } = phone;

        public void Dispose() => Phone.Machine.Dispose();
    }
}
