using Softphone.Core;
using Softphone.Lab;
using Softphone.Media;
using Softphone.Phone;
using Softphone.Sdp;
using Softphone.Sip;

namespace Softphone.Scenarios;

/// <summary>Alice's phone behind a NAT, or at a public address, and a <see cref="ScriptedPeer"/> that she can call and that can call her.</summary>
internal sealed class PeerBench : IDisposable
{
    public PeerBench(NatBehavior? nat = null, bool lite = false, bool symmetric = true, Func<PhoneOptions, PhoneOptions>? adjust = null, string domain = "203.0.113.77", Reliability provisionals = default)
    {
        Demo = new DemoWorld(new DemoOptions { NatA = nat ?? NatBehavior.None });
        var options = new PhoneOptions
        {
            Name = "alice",
            Codecs = [SdpCodec.G722, SdpCodec.Pcma, SdpCodec.Pcmu],
            SipPort = 5060,
            Answering = new AnswerPolicy.Auto(TimeSpan.FromMilliseconds(200), () => new CallOptions()),
            Nat = new NatSettings
            {
                StunServers = [new ServerName(DemoWorld.StunAddress.Ip.ToString(), 3478)],
                TurnServers = [new TurnAccount(new ServerName(DemoWorld.StunAddress.Ip.ToString(), 3478), "alice", DemoWorld.PasswordOf("alice"))],
            },
        };
        Alice = new VirtualPhone(Demo.HostA, adjust?.Invoke(options) ?? options, CodecFactory.Instance);
        Account = Alice.Machine.AddAccount(new SipAccount { Aor = SipUri.Parse($"sip:alice@{domain}") });
        var address = IpAddress.Parse("203.0.113.77");
        Peer = new ScriptedPeer(Demo.World.AddHost("peer", Demo.World.Public, address, Link.OfMilliseconds(10)), address, symmetric, provisionals) { Lite = lite };
        Alice.Do((m, now) => m.Start(now));
        Run(0.5);
    }

    public DemoWorld Demo { get; }

    public VirtualPhone Alice { get; }

    public ScriptedPeer Peer { get; }

    public AccountId Account { get; }

    public CallId Call { get; private set; }

    public Instant Now => Demo.World.Now;

    public CallSummary? Summary => CallBench.Summary(Alice);

    public CallState State => CallBench.States(Alice).LastOrDefault();

    public long Heard
    {
        get
        {
            That(State != CallState.Ended, "the call is over");
            return Alice.Machine.Snapshot(Now, Call)!.Media!.Rx.Packets;
        }
    }

    public void Dispose() => Alice.Machine.Dispose();

    /// <summary>Alice calls; the peer answers the offer with this description.</summary>
    public void Dial(Func<SipEvent.Incoming, string> answer, CallOptions? options = null)
    {
        Peer.Happened = (now, e) =>
        {
            if (e is not SipEvent.Incoming incoming) return;
            Peer.Agent.Accept(now, incoming.Session, Bytes(answer(incoming)));
            Peer.StartSending(ScriptedPeer.MediaOf(incoming.Offer));
        };
        Alice.Do((m, now) => Call = m.Call(now, Account, Peer.Uri, options ?? new CallOptions()));
        Until(() => State is CallState.Connected or CallState.Ended, 5, "connected or ended");
    }

    /// <summary>The peer calls alice with this offer, or none; it answers her offer by itself.</summary>
    public void BeCalled(string? offer)
    {
        Peer.Do((agent, now) => agent.Invite(now, Peer.Account, SipUri.Parse("sip:alice@198.51.100.2"), offer is null ? default : Bytes(offer)));
        Peer.Happened = (now, e) =>
        {
            if (e is not SipEvent.Answered answered) return;
            if (answered.IsOffer) Peer.Agent.AnswerOffer(now, answered.Session, Bytes(Peer.Describe()));
            Peer.StartSending(ScriptedPeer.MediaOf(answered.Sdp));
        };
        Until(() => State is CallState.Connected or CallState.Ended, 5, "connected or ended");
        TakeCall();
    }

    /// <summary>The call that was begun otherwise is the bench's.</summary>
    public void TakeCall() => Call = Alice.Events.OfType<PhoneEvent.CallChanged>().Last().Call;

    /// <summary>The peer offers this in the call; returns alice's answer, or null when she refused.</summary>
    public string? Offer(string sdp)
    {
        var before = Peer.Events.Count;
        Peer.Do((agent, now) => agent.Offer(now, Peer.Session, Bytes(sdp)));
        Until(() => Peer.Events.Skip(before).Any(e => e is SipEvent.OfferAnswered or SipEvent.OfferFailed), 5, $"an answer to the re-offer, among {string.Join(' ', Peer.Events.Skip(before))}");
        Run(0.2);
        return Peer.Events.Skip(before).OfType<SipEvent.OfferAnswered>().Select(a => System.Text.Encoding.ASCII.GetString(a.Sdp.Span)).FirstOrDefault();
    }

    public void Run(double seconds) => Demo.World.RunUntil(Now + TimeSpan.FromSeconds(seconds));

    public void Until(Func<bool> done, double seconds, string what)
    {
        if (!Demo.World.RunUntil(done, Now + TimeSpan.FromSeconds(seconds))) Fail($"not within {seconds} s: {what}");
    }

    /// <summary>Both go on talking for two seconds, and are heard.</summary>
    public void Talk()
    {
        var (ours, theirs) = (Heard, Peer.Heard);
        Run(2);
        That(Heard - ours > 90 && Peer.Heard - theirs > 90, $"in 2 s alice heard {Heard - ours}, the peer {Peer.Heard - theirs}");
    }

    /// <summary>Alice hangs up; the summary.</summary>
    public CallSummary End()
    {
        Alice.Do((m, now) => m.Hangup(now, Call));
        Until(() => Summary is not null, 3, "over");
        Until(() => Peer.Events.OfType<SipEvent.Ended>().Any(), 3, "over for the peer");
        return Summary!;
    }

    public void That(bool holds, string what)
    {
        if (!holds) Fail(what);
    }

    public void Fail(string what) => Assert.Fail($"{what}\n{Transcript.Of("a scripted peer", Alice)}\nthe peer's ladder\n{string.Join('\n', Peer.Trace.Entries)}");

    public static byte[] Bytes(string sdp) => System.Text.Encoding.ASCII.GetBytes(sdp);
}
