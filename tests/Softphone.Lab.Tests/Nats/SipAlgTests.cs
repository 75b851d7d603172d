using Softphone.Core;

namespace Softphone.Lab.Tests;

public class SipAlgTests
{
    private const string Invite =
        "INVITE sip:bob@example.net SIP/2.0\r\nVia: SIP/2.0/UDP 10.0.1.2:5060;branch=z9hG4bK1;rport\r\nFrom: <sip:alice@10.0.1.2>;tag=1\r\n"
        + "Contact: <sip:alice@10.0.1.2:5060>\r\n";

    private const string Sdp =
        "v=0\r\no=- 1 1 IN IP4 10.0.1.2\r\ns=-\r\nc=IN IP4 10.0.1.2\r\nt=0 0\r\nm=audio 40000 RTP/AVP 0\r\na=candidate:1 1 UDP 1 10.0.1.2 40000 typ host\r\n";

    private static readonly Address Server = Address.Parse("203.0.113.2:5060");

    private readonly World _world = new(seed: 1, new Trace());

    [Fact]
    [Rfc("8839", "5.4", Line = "I17")]
    public void Rewrites_MessageOut_CarriesOutsideAddressesButForCandidates()
    {
        var (a, b) = Pair(SipAlgMode.Rewrites);
        a.Send(b.Bound, Message());
        _world.RunUntil(At(1));
        var (_, _, from, text) = Assert.Single(b.Probe.Received);
        Assert.Contains($"Via: SIP/2.0/UDP {from};branch", text, StringComparison.Ordinal);
        Assert.Contains($"Contact: <sip:alice@{from}>", text, StringComparison.Ordinal);
        Assert.Contains("From: <sip:alice@10.0.1.2>", text, StringComparison.Ordinal);
        Assert.Contains($"c=IN IP4 {from.Ip}\r\n", text, StringComparison.Ordinal);
        Assert.Contains("a=candidate:1 1 UDP 1 10.0.1.2 40000 typ host", text, StringComparison.Ordinal);
        var body = text[(text.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4)..];
        Assert.Contains($"Content-Length: {body.Length}\r\n", text, StringComparison.Ordinal);

        // The media port that the description names now is open for everybody.
        var port = ushort.Parse(body.Split("m=audio ")[1].Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture);
        Assert.NotEqual(40_000, port);
        Assert.True(a.Host.TryOpen(Transport.Udp, a.Bound.Ip, 40_000, out var media, out _, out _));
        b.Send(new Address(from.Ip, port), "media");
        _world.RunUntil(At(2));
        Assert.Equal((media, "media"), Assert.Single(a.Probe.Received.Select(r => (r.Path, r.Text))));
    }

    [Fact]
    public void Rewrites_MessageIn_GetsTheInsideAddressesBack()
    {
        var (a, b) = Pair(SipAlgMode.Rewrites);
        a.Send(b.Bound, Message());
        _world.RunUntil(At(1));
        var from = b.Probe.Received[0].From;
        b.Send(from, $"SIP/2.0 200 OK\r\nVia: SIP/2.0/UDP {from};branch=z9hG4bK1\r\nContent-Length: 0\r\n\r\n");
        b.Send(from, $"BYE sip:alice@{from} SIP/2.0\r\nVia: SIP/2.0/UDP 203.0.113.2:5060\r\nContent-Length: 0\r\n\r\n");
        _world.RunUntil(At(2));
        Assert.Contains("Via: SIP/2.0/UDP 10.0.1.2:5060;branch", a.Probe.Received[0].Text, StringComparison.Ordinal);
        Assert.StartsWith("BYE sip:alice@10.0.1.2:5060 SIP/2.0\r\nVia: SIP/2.0/UDP 203.0.113.2:5060\r\n", a.Probe.Received[1].Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Breaks_MessageOut_HasAWrongPortAndAWrongLength()
    {
        var (a, b) = Pair(SipAlgMode.Breaks);
        a.Send(b.Bound, Message());
        _world.RunUntil(At(1));
        var (_, _, from, text) = Assert.Single(b.Probe.Received);
        Assert.NotEqual(5060, from.Port);
        Assert.Contains($"Contact: <sip:alice@{from.Ip}:5060>", text, StringComparison.Ordinal);
        Assert.Contains($"Content-Length: {Sdp.Length}\r\n", text, StringComparison.Ordinal);
        Assert.Contains("m=audio 40000 ", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("another port")]
    [InlineData("TCP")]
    [InlineData("no SIP")]
    public void WhatItDoesNotSee_PassesUnchanged(string what)
    {
        var (a, b) = Pair(SipAlgMode.Rewrites, inside: 5070, outside: what == "another port" ? (ushort)5070 : (ushort)5060);
        var text = what == "no SIP" ? "not for you: 10.0.1.2:5070" : Message();
        if (what == "TCP")
        {
            b.Host.TryOpen(Transport.Tcp, b.Bound.Ip, 5060, out _, out _, out _);
            a.Host.TryOpen(Transport.Tcp, a.Bound.Ip, 0, out var stream, out _, out _);
            a.Probe.Send(stream, Server, text);
            a.Host.Settle();
        }
        else
        {
            a.Send(b.Bound, text);
        }

        _world.RunUntil(At(1));
        Assert.Equal(text, Assert.Single(b.Probe.Received).Text);
    }

    [Fact]
    public void Address_ThatOnlyStartsAlike_IsLeftAlone()
    {
        var (a, b) = Pair(SipAlgMode.Rewrites);
        a.Send(b.Bound, Message().Replace("c=IN IP4 10.0.1.2\r\n", "c=IN IP4 10.0.1.20\r\n", StringComparison.Ordinal));
        _world.RunUntil(At(1));
        Assert.Contains("c=IN IP4 10.0.1.20\r\n", b.Probe.Received[0].Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Forward_PermanentPort_LetsEverybodyInAndSurvivesARestart()
    {
        var nat = new NatDevice(NatBehavior.Symmetric, new SeededEntropy(1), IpAddress.Parse("203.0.113.101"));
        var inside = Address.Parse("10.0.1.2:7000");
        var stranger = Address.Parse("198.51.100.9:9");
        Assert.True(nat.TryForward(inside, Instant.Zero, out var outside, 7000, isPermanent: true));
        Assert.Equal(Address.Parse("203.0.113.101:7000"), outside);
        nat.Restart();
        Assert.Equal(NatVerdict.Forward(stranger, inside), nat.Inbound(stranger, outside, At(10_000)));
        Assert.Equal(outside, nat.Outbound(inside, stranger, At(10_000)).Source);
        Assert.False(nat.TryForward(Address.Parse("10.0.1.3:7000"), At(1), out _, 7000));
    }

    private static string Message() => $"{Invite}Content-Length: {Sdp.Length}\r\n\r\n{Sdp}";

    private (Bench A, Bench B) Pair(SipAlgMode mode, ushort inside = 5060, ushort outside = 5060) => (
        Bench.On(Bench.NattedHost(_world, NatBehavior.PortRestricted with { SipAlg = mode, Filtering = FilteringRule.AddressDependent }), inside),
        Bench.On(Bench.PublicHost(_world, "b", "203.0.113.2"), outside));

    private static Instant At(int seconds) => Instant.Zero + TimeSpan.FromSeconds(seconds);
}
