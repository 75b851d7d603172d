using System.Text;
using Softphone.Core;

namespace Softphone.Sip.Tests;

/// <summary>A wire between two hosts, and what is seen of it.</summary>
internal sealed class Watched(SipDialogTable? table = null)
{
    public static readonly Address A = Address.Parse("192.0.2.1:5060");
    public static readonly Address B = Address.Parse("[2001:db8::5]:5080");

    public SipDialogTable Table { get; } = table ?? new SipDialogTable();

    public Instant Now { get; private set; } = Instant.Zero + TimeSpan.FromMinutes(1);

    /// <summary>The only dialog there is.</summary>
    public SipDialog Only => Assert.Single(Table.View);

    public SipDialogState State => Only.StateAt(Now);

    public Watched Wait(double seconds)
    {
        Now += TimeSpan.FromSeconds(seconds);
        return this;
    }

    /// <summary>A request from A to B: "INVITE", with more headers.</summary>
    public Watched Ask(string method, string more = "", string callId = "c1", int sequence = 1, string from = "alice@a.example", string to = "bob@b.example") =>
        Pass(A, B, $"{method} sip:{to} SIP/2.0\r\nVia: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK{sequence}\r\nf: \"A <x>\" <sip:{from}>;tag=1\r\nTo: <sip:{to}>\r\n"
            + $"i: {callId}\r\nCSeq: {sequence} {method}\r\n{more}Content-Length: 0\r\n\r\n");

    /// <summary>The answer: "200 OK".</summary>
    public Watched Answer(string status, string method, string callId = "c1", int sequence = 1) =>
        Pass(B, A, $"SIP/2.0 {status}\r\nVia: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK{sequence}\r\nFrom: <sip:alice@a.example>;tag=1\r\nTo: <sip:bob@b.example>;tag=2\r\n"
            + $"Call-ID: {callId}\r\nCSeq: {sequence} {method}\r\nContent-Length: 0\r\n\r\n");

    public Watched Pass(Address from, Address to, string message)
    {
        Wait(0.01);
        Assert.True(SipSight.TryRead(Now, Transport.Udp, from, to, Encoding.UTF8.GetBytes(message), out var seen, out var error), $"{error}");
        Table.Add(seen);
        return this;
    }
}
