using System.Text;
using Softphone.Core;
using static Softphone.Sip.Tests.SipBench;

namespace Softphone.Sip.Tests;

/// <summary>Streams that cannot be framed any more, or never come to an end: what is answered, who is told, and when they close.</summary>
public sealed class BrokenStreamTests
{
    private static readonly PathId Tcp = new(1);
    private static readonly Address Client = Address.Parse("203.0.113.5:40123");

    public static TheoryData<string, int> BrokenRequests => new()
    {
        { "Content-Length: -1\r\n\r\n", 400 },
        { "Content-Length: 2097152\r\n\r\n", 513 },
        { "Content-Length: 1048577\r\n\r\n", 513 },
        { "Content-Length: 100000000000\r\n\r\n", 513 },
        { "Content-Length: 18446744073709551617\r\n\r\n", 513 },
        { "\r\n", 400 },
        { "Content-Length: 0\r\nContent-Length: 0\r\n\r\n", 400 },
        { "Content-Length: 0\r\nl: 7\r\n\r\n", 400 },
        { "Content-Length: 0, 0\r\n\r\n", 400 },
        { "Content-Length: 0x10\r\n\r\n", 400 },
        { "Content-Length: \r\n\r\n", 400 },
        { string.Concat(Enumerable.Range(0, 300).Select(i => $"X-{i}: a\r\n")) + "Content-Length: 0\r\n\r\n", 400 },
        { string.Concat(Enumerable.Range(0, 20).Select(i => $"X-{i}: {new string('a', 4000)}\r\n")) + "Content-Length: 0\r\n\r\n", 513 },
        { $"Subject: {new string('a', 70_000)}", 513 },
        { "Content-Length: 0\n\n", 400 },
        { "Subject: mixed\r\nContent-Length: 0\r\n\nOPTIONS", 400 },
    };

    public static TheoryData<string, string> BrokenAnswers => new()
    {
        { "\r\n", "no Content-Length over TCP" },
        { "Content-Length: 9999999\r\n\r\n", "more than 1024 KiB" },
        { "Content-Length: ten\r\n\r\n", "not one number" },
        { "Content-Length: 0\r\nContent-Length: 4\r\n\r\n", "not one number" },
        { "Content-Length: 0\n\n", "LF in place of CRLF" },
        { $"X: {new string('a', 66_000)}", "headers of more than 64 KiB" },
    };

    [Theory]
    [MemberData(nameof(BrokenRequests))]
    [Rfc("3261", "18.3", Line = "sip M6")]
    [Rfc("3261", "21.4.1")]
    public void Stream_GoodMessagesBeforeABrokenOne_AllAreAnsweredBeforeItEnds(string rest, int status)
    {
        var agent = new SipAgent(new SipAgentOptions(), new SeededEntropy(7), new Trace());
        agent.AddPath(Tcp, Transport.Tcp, Address.Parse($"{Bob}:5060"));
        var head = Options("three");
        if (rest.Contains("\n\n", StringComparison.Ordinal) && !rest.Contains('\r', StringComparison.Ordinal)) head = head.ReplaceLineEndings("\n");
        agent.Receive(new Datagram(Instant.Zero, Tcp, Client, Encoding.ASCII.GetBytes(Whole("one") + Whole("two") + head + rest)));
        Assert.Equal([(200, "one"), (200, "two"), (status, "three"), (0, "end")], Sent(agent));
    }

    [Fact]
    [Rfc("4475", "3.1.2.4")]
    public void Stream_NoiseAfterAWholeMessage_KeepsTheAnswerToIt()
    {
        var agent = new SipAgent(new SipAgentOptions(), new SeededEntropy(7), new Trace());
        agent.AddPath(Tcp, Transport.Tcp, Address.Parse($"{Bob}:5060"));
        agent.Receive(new Datagram(Instant.Zero, Tcp, Client, Encoding.ASCII.GetBytes(Whole("one").Replace("OPTIONS", "REGISTER", StringComparison.Ordinal) + "v=0\r\no=mhandley 29739 7272939 IN IP4 192.0.2.5\r\n\r\n")));
        Assert.Equal([(405, "one"), (0, "end")], Sent(agent));
    }

    [Theory]
    [MemberData(nameof(BrokenRequests))]
    public void Broken_HoweverTheOctetsAreCut_IsTheSame(string rest, int status)
    {
        var octets = Encoding.ASCII.GetBytes(Options("one") + rest);
        foreach (var piece in (int[])[1, 7, 1400, octets.Length])
        {
            var parser = new SipStreamParser();
            SipStreamItem? last = null;
            for (var at = 0; at < octets.Length; at += piece)
            {
                parser.Push(octets.AsSpan(at, Math.Min(piece, octets.Length - at)));
                while (parser.TryRead(out var item)) last = item;
            }

            var broken = Assert.IsType<SipStreamItem.Broken>(last);
            Assert.Equal((status, "one"), (broken.Status, broken.Request?.Headers.CallId));
        }
    }

    [Theory]
    [MemberData(nameof(BrokenAnswers))]
    [Rfc("3261", "8.1.3.1")]
    [Rfc("3261", "18.4")]
    public void Answer_ThatBreaksTheStream_FailsTheRequestAtOnceWithTheReason(string rest, string reason)
    {
        var net = new SipNet();
        var alice = net.Agent(Alice, udp: false, tcp: true);
        var peer = new Script(net, Server, isStream: true);
        alice.Agent.Options(net.Now, alice.Account("sip:alice@example.com"), Uri($"sip:{Server}"));
        net.Run(0.1);
        var answer = Encoding.ASCII.GetString(SipResponse.For(peer.Last(SipMethod.Options), 200, null, "t").ToArray());
        answer = answer[..answer.IndexOf("Content-Length", StringComparison.Ordinal)];
        if (rest.Contains("\n\n", StringComparison.Ordinal)) answer = answer.ReplaceLineEndings("\n");
        net.Send(peer.At, peer.From, answer + rest, isStream: true);
        net.Run(0.1);
        var completed = alice.Last<SipEvent.RequestCompleted>();
        Assert.Equal(503, completed.Status);
        Assert.Contains(reason, completed.Fault!.What, StringComparison.Ordinal);
        Assert.Equal(peer.At, Assert.Single(alice.Closed));
        Assert.True(alice.Agent.IsIdle);
    }

    [Fact]
    [Rfc("3261", "18.4")]
    public void Registrar_WithoutContentLength_IsToldAsSuchAndAskedAgainByTheBackOff()
    {
        var net = new SipNet();
        var alice = net.Agent(Alice, udp: false, tcp: true);
        var registrar = new Script(net, Server, isStream: true);
        registrar.OnRequest = request =>
        {
            var text = Encoding.ASCII.GetString(SipResponse.For(request, 401, null, "t").ToArray());
            registrar.Send(text.Replace("Content-Length: 0", "WWW-Authenticate: Digest realm=\"x\", nonce=\"n\"", StringComparison.Ordinal));
        };
        alice.Agent.Register(net.Now, alice.Account($"sip:alice@{Server}", "secret"));
        net.Run(1);
        Assert.Contains("sends no Content-Length over TCP", alice.Last<SipEvent.RegistrationFailed>().Fault!.What, StringComparison.Ordinal);
        net.Run(300);
        Assert.InRange(registrar.Count(SipMethod.Register), 3, 10);
    }

    [Theory]
    [InlineData("OPTIONS sip:bob@192.0.2.2 SIP/2.0\r\nSubject: ", 10, 0)]
    [InlineData("x", 10, 0)]
    [InlineData(null, 20, 400)]
    public void Message_ThatTricklesIn_IsGivenUpAtItsDeadline(string? begun, int limit, int status)
    {
        var net = new SipNet();
        var bob = net.Agent(Bob, udp: false, tcp: true);
        var peer = new Script(net, "203.0.113.5:40123", isStream: true) { From = Address.Parse($"{Bob}:5060") };
        net.Send(peer.At, peer.From, begun ?? Options("slow") + "Content-Length: 500\r\n\r\n", isStream: true);
        for (var second = 0; second < limit - 1; second++)
        {
            net.Run(1);
            net.Send(peer.At, peer.From, "a", isStream: true);
        }

        Assert.Empty(bob.Closed);
        net.Run(2);
        Assert.Equal(peer.At, Assert.Single(bob.Closed));
        Assert.Equal(status == 0 ? [] : [status], peer.Responses.Select(r => r.Status));
        Assert.Null(bob.Agent.NextTimeout);
    }

    [Fact]
    public void Messages_ThatComeInHalves_KeepTheirConnection()
    {
        var net = new SipNet();
        var bob = net.Agent(Bob, udp: false, tcp: true);
        var peer = new Script(net, "203.0.113.5:40123", isStream: true) { From = Address.Parse($"{Bob}:5060") };
        var half = "";
        for (var i = 0; i < 20; i++)
        {
            var whole = Whole($"m{i}");
            net.Send(peer.At, peer.From, half + whole[..^30], isStream: true);
            half = whole[^30..];
            net.Run(6);
        }

        Assert.Empty(bob.Closed);
        Assert.Equal(19, peer.Responses.Count(r => r.Status == 200));
    }

    [Fact]
    [Rfc("3261", "26.1.5")]
    public void Connections_OfStrangers_NeverCrowdOutOurOwnNorWhoSpoke()
    {
        var net = new SipNet();
        var bob = net.Agent(Bob, new SipAgentOptions { MaxConnections = 8, MaxConnectionsOfAddress = 4, StreamKeepalive = TimeSpan.Zero }, udp: false, tcp: true);
        var server = new Script(net, Server, isStream: true);
        bob.Agent.Options(net.Now, bob.Account($"sip:bob@{Server}"), Uri($"sip:{Server}"));
        var honest = new Script(net, "203.0.113.200:40000", isStream: true) { From = Address.Parse($"{Bob}:5060") };
        honest.Send(Whole("honest"));
        net.Run(0.1);
        for (var i = 0; i < 60; i++)
        {
            // Twenty of one address, then forty of twenty others.
            var from = i < 20 ? $"198.51.100.1:{40_000 + i}" : $"198.51.101.{i / 2}:{40_000 + i}";
            net.Send(Address.Parse(from), Address.Parse($"{Bob}:5060"), "OPTIONS", isStream: true);
            net.Run(0.05);
            Assert.True(bob.Closed.Count(c => c.Ip == IpAddress.Parse("198.51.100.1")) >= Math.Min(i, 19) - 3);
        }

        Assert.DoesNotContain(server.At, bob.Closed);
        Assert.DoesNotContain(honest.At, bob.Closed);
        server.Answer(server.Last(SipMethod.Options), 200);
        net.Run(0.1);
        Assert.Equal(200, bob.Last<SipEvent.RequestCompleted>().Status);
    }

    [Fact]
    public void Sleep_FailsWhatWaitedOnAStream()
    {
        var net = new SipNet();
        var alice = net.Agent(Alice, udp: false, tcp: true);
        var peer = new Script(net, Server, isStream: true);
        alice.Agent.Options(net.Now, alice.Account("sip:alice@example.com"), Uri($"sip:{Server}"));
        net.Run(0.1);
        alice.Agent.Woke(net.Now);
        net.Run(0.1);
        Assert.Contains("after a sleep", alice.Last<SipEvent.RequestCompleted>().Fault!.What, StringComparison.Ordinal);
        Assert.Equal(peer.At, Assert.Single(alice.Closed));
    }

    /// <summary>A head without Content-Length and without its end.</summary>
    private static string Options(string callId) =>
        $"OPTIONS sip:bob@{Bob} SIP/2.0\r\nVia: SIP/2.0/TCP 203.0.113.5:9;branch=z9hG4bK{callId};rport\r\nMax-Forwards: 70\r\nFrom: <sip:a@example.com>;tag=1\r\n" +
        $"To: <sip:bob@{Bob}>\r\nCall-ID: {callId}\r\nCSeq: 1 OPTIONS\r\n";

    private static string Whole(string callId) => Options(callId) + "Content-Length: 0\r\n\r\n";

    /// <summary>Status and Call-ID of what the agent sends to the client, in order.</summary>
    private static List<(int Status, string CallId)> Sent(SipAgent agent)
    {
        var buffer = new byte[Limits.Datagram];
        var sent = new List<(int, string)>();
        while (agent.TryTransmit(buffer, out var transmit))
        {
            Assert.Equal(Client, transmit.Remote);
            if (transmit.Use == StreamUse.End)
            {
                sent.Add((0, "end"));
                continue;
            }

            // An answer never opens a connection to the port that a client happened to use (§18.2.2).
            Assert.Equal(StreamUse.Existing, transmit.Use);
            Assert.True(SipParser.TryParse(buffer.AsSpan(0, transmit.Length), out var message, out _));
            sent.Add((Assert.IsType<SipResponse>(message).Status, message.Headers.CallId!));
        }

        return sent;
    }
}
