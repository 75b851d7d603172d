using System.Text;
using Softphone.Core;

namespace Softphone.Sip.Tests;

/// <summary>Short hands for tests of calls: descriptions as text, and a call that is up.</summary>
internal static class SipBench
{
    public const string Alice = "192.0.2.1";
    public const string Bob = "192.0.2.2";
    public const string Server = "192.0.2.9:5060";

    public static ReadOnlyMemory<byte> Sdp(string name) => Encoding.UTF8.GetBytes($"v=0 {name}");

    public static string Text(ReadOnlyMemory<byte> sdp) => Encoding.UTF8.GetString(sdp.Span);

    public static SipUri Uri(string text) => SipNode.Uri(text);

    /// <summary>Two agents without a server between them; Bob rings and answers at once.</summary>
    public static (SipNet Net, SipNode Caller, SipNode Callee, SessionId Session, SessionId Called) Up(ulong seed = 1, bool tcp = false)
    {
        var net = new SipNet(seed);
        var alice = net.Agent(Alice, tcp: tcp);
        var bob = net.Agent(Bob, tcp: tcp);
        var account = alice.Account($"sip:alice@{Alice}");
        bob.Account($"sip:bob@{Bob}");
        AnswerCalls(bob);
        var session = alice.Agent.Invite(net.Now, account, Uri($"sip:bob@{Bob}{(tcp ? ";transport=tcp" : "")}"), Sdp("offer"));
        net.Run(1);
        Assert.Single(alice.Events.OfType<SipEvent.Answered>());
        var called = bob.Last<SipEvent.Confirmed>().Session;
        return (net, alice, bob, session, called);
    }

    public static void AnswerCalls(SipNode node) => node.Happened = happened =>
    {
        if (happened is not SipEvent.Incoming incoming) return;
        node.Agent.Progress(node.Now, incoming.Session, 180);
        node.Agent.Accept(node.Now, incoming.Session, Sdp("answer"));
    };

    /// <summary>Alice calls a scripted peer by its address.</summary>
    public static (SipNet Net, SipNode Alice, Script Peer, SessionId Session) Calling(bool offer = true, InviteOptions? options = null, Reliability provisionals = default, bool isPrivate = false)
    {
        var net = new SipNet();
        var alice = net.Agent(Alice);
        var peer = new Script(net, Server);
        var account = alice.Account($"sip:alice@{Alice}", provisionals: provisionals, isPrivate: isPrivate);
        var session = alice.Agent.Invite(net.Now, account, Uri($"sip:peer@{Server}"), offer ? Sdp("offer") : default, options);
        net.Run(0.02);
        return (net, alice, peer, session);
    }

    /// <summary>A request of the scripted peer within the dialog that this INVITE of ours made.</summary>
    public static SipRequest InDialog(Script peer, SipRequest invite, string method, uint cseq, string sdp = "v=0 theirs") =>
        peer.Make(method, $"sip:alice@{Alice}", $"z9hG4bK{method}{cseq}", invite.Headers.Get(HeaderName.From)!,
            invite.Headers.Get(HeaderName.To) + ";tag=peer", invite.Headers.CallId!, cseq, sdp);
}
