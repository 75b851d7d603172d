using Softphone.Core;
using static Softphone.Sip.Tests.SipBench;

namespace Softphone.Sip.Tests;

/// <summary>What Via and Contact say where the connection of a REGISTER is yet to be opened, the first one or another after that.</summary>
public sealed class StreamContactTests
{
    private static readonly PathId Stream = new(1);
    private readonly byte[] _buffer = new byte[Limits.Datagram];
    private readonly SipAgent _agent;
    private readonly Instant _start = Instant.Zero + TimeSpan.FromSeconds(100);

    private ushort _nextPort;

    public StreamContactTests() =>
        _agent = new SipAgent(new SipAgentOptions { StreamKeepalive = TimeSpan.Zero, ConnectsFrom = (_, _) => _nextPort }, new SeededEntropy(3), new Trace());

    [Theory]
    [InlineData(Transport.Tcp, 41234)]
    [InlineData(Transport.Tcp, 1025)]
    [InlineData(Transport.Tls, 60123)]
    [Rfc("3261", "18.1.1")]
    [Rfc("3261", "8.1.1.8")]
    public void FirstRegister_OfAStackThatDoesNotListen_NamesThePortItLeavesFrom_AndIsTheOnlyOne(Transport transport, int port)
    {
        var request = Register(transport, (ushort)port);
        Assert.True(request.Headers.TryVia(out var via));
        Assert.True(request.Headers.TryContacts(out var contacts));
        Assert.Equal((Alice, (int?)port), (via.Host, (int?)via.Port));
        Assert.Equal((Alice, (int?)port), (contacts[0].Uri.Host, (int?)contacts[0].Uri.Port));
        Answer(request, transport, port);
        Assert.Null(Sent());
        Assert.True(IsRegistered());
    }

    [Theory]
    [InlineData(41234, 41234)] // a registrar that echoes no rport: the binding is right all the same
    [InlineData(41234, 52000)] // the port was taken meanwhile, or a NAT is between: put right by a second REGISTER
    [InlineData(0, 52000)] // not known before
    public void FirstRegister_WhatTheRegistrarSaw_IsRegisteredAtLast(int from, int seen)
    {
        var request = Register(Transport.Tcp, (ushort)from);
        Answer(request, Transport.Tcp, seen == from ? null : seen);
        var second = Sent();
        if (seen == from)
        {
            Assert.Null(second);
            return;
        }

        Assert.True(second!.Headers.TryContacts(out var contacts));
        Assert.Equal((int?)seen, contacts.Single(c => c.Expires != 0).Uri.Port);
    }

    [Theory]
    [InlineData(Transport.Tcp, 41234, 41235)]
    [InlineData(Transport.Tls, 60123, 1024)]
    [InlineData(Transport.Tcp, 41234, 0)] // not known: no port is named rather than a wrong one
    [InlineData(Transport.Tls, 0, 50001)]
    [Rfc("3261", "18.1.1")]
    [Rfc("3261", "8.1.1.8")]
    public void Register_AfterItsConnectionWasLost_NamesThePortOfTheNextOne(Transport transport, int first, int second)
    {
        var request = Register(transport, (ushort)first);
        Answer(request, transport, first == 0 ? null : first);
        _nextPort = (ushort)second;
        _agent.Fail(new PathFailure(_start, Stream, Address.Parse(Server), PathError.Closed));
        _agent.Advance(_start + TimeSpan.FromSeconds(2));
        var again = Sent()!;
        Assert.True(again.Headers.TryVia(out var via));
        Assert.True(again.Headers.TryContacts(out var contacts));
        int? named = second == 0 ? null : second;
        Assert.Equal((Alice, named), (via.Host, (int?)via.Port));
        Assert.Equal((Alice, named), (contacts[^1].Uri.Host, (int?)contacts[^1].Uri.Port));
        Answer(again, transport, second == 0 ? null : second);
        Assert.Null(Sent());
        Assert.True(IsRegistered());
    }

    private SipRequest Register(Transport transport, ushort from)
    {
        _nextPort = from;
        _agent.AddPath(Stream, transport, new Address(IpAddress.Parse(Alice), 0));
        _agent.Register(_start, _agent.AddAccount(new SipAccount { Aor = Uri($"sip:alice@{Server}"), Transport = transport, WantsMessages = false }));
        return Sent()!;
    }

    private void Answer(SipRequest request, Transport transport, int? seen)
    {
        var text = $"SIP/2.0 200 OK\nVia: {request.Headers.Get(HeaderName.Via)!.Replace(";rport", seen is null ? "" : $";rport={seen};received={Alice}", StringComparison.Ordinal)}\n"
            + $"From: {request.Headers.Get(HeaderName.From)}\nTo: {request.Headers.Get(HeaderName.To)};tag=r\nCall-ID: {request.Headers.Get(HeaderName.CallId)}\n"
            + $"CSeq: {request.Headers.Get(HeaderName.CSeq)}\nContact: {request.Headers.GetList(HeaderName.Contact)[^1]};expires=300\nContent-Length: 0\n\n";
        var server = Address.Parse(transport == Transport.Tls ? $"{IpAddress.Parse(Server.Split(':')[0])}:5061" : $"{Server.Split(':')[0]}:5060");
        _agent.Receive(new Datagram(_start, Stream, server, System.Text.Encoding.UTF8.GetBytes(text.Replace("\n", "\r\n", StringComparison.Ordinal))));
    }

    private SipRequest? Sent()
    {
        if (!_agent.TryTransmit(_buffer, out var transmit)) return null;
        Assert.True(SipParser.TryParse(_buffer.AsSpan(0, transmit.Length), out var message, out _));
        return Assert.IsType<SipRequest>(message);
    }

    private bool IsRegistered()
    {
        while (_agent.TryEvent(out var happened))
        {
            if (happened is SipEvent.Registered) return true;
        }

        return false;
    }
}
