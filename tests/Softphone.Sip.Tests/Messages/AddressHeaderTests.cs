using Softphone.Core;

namespace Softphone.Sip.Tests;

public sealed class AddressHeaderTests
{
    [Theory]
    [InlineData("\"A. G. Bell\" <sip:agb@bell-telephone.com>;tag=a48s", "A. G. Bell", "a48s")]
    [InlineData("sip:+12125551212@server.phone2net.com;tag=887s", null, "887s")]
    [InlineData("Anonymous <sip:c8oqz84zk7z@privacy.org>;tag=hyh8", "Anonymous", "hyh8")]
    [InlineData("\"\"<sip:a@b>;tag=1", null, "1")]
    [InlineData("<sip:a@b>", null, null)]
    [InlineData("Two  Words<sip:a@b> ; tag = x", "Two  Words", "x")]
    [InlineData("\"q\\\"\\\\\"<sip:a@b>;tag=x", "q\"\\", "x")]
    [InlineData("Jürgen Groß <sip:a@b>;tag=x", "Jürgen Groß", "x")]
    [InlineData("\"<sip:no@no>, \" <sip:a@b>;tag=x", "<sip:no@no>, ", "x")]
    [InlineData("<sip:a@b;tag=uri>;tag=header", null, "header")]
    [Rfc("3261", "20.20", Line = "sip M15")]
    public void NameAddr_AnyForm_GivesNameAndTag(string text, string? name, string? tag)
    {
        Assert.True(NameAddr.TryParse(text, out var parsed, out var error), error.ToString());
        Assert.Equal(name, parsed.DisplayName);
        Assert.Equal(tag, parsed.Tag);
        Assert.Equal(parsed, NameAddr.Parse(parsed.ToString()));
    }

    [Theory]
    [InlineData("\"open <sip:a@b>")]
    [InlineData("\"name\" sip:a@b")]
    [InlineData("Bell, Alexander <sip:a@b>")]
    [InlineData("<sip:a@b")]
    [InlineData("< sip:a@b >")]
    [InlineData("<sip:a@b>;;")]
    [InlineData("<sip:a@b>;=x")]
    [InlineData("<sip:a@b> x")]
    [InlineData("<sip:a@b>;x=\"open")]
    [InlineData("sip:a@b?Route=c")]
    [InlineData("sip:a@b,c")]
    [InlineData("")]
    [InlineData("*")]
    [Rfc("3261", "20.10", Line = "sip M12")]
    public void NameAddr_Malformed_IsRefused(string text) => Assert.False(NameAddr.TryParse(text, out _, out _));

    [Fact]
    [Rfc("3261", "20.10", Line = "sip M12")]
    public void NameAddr_WithoutBrackets_ParametersAreTheHeaders()
    {
        var bare = NameAddr.Parse("sip:a@b;transport=tcp;expires=30");
        Assert.Empty(bare.Uri.Parameters);
        Assert.Equal("tcp", bare.Parameters["transport"]);
        Assert.Equal(30u, bare.Expires);
    }

    [Theory]
    [InlineData("Bob", "Bob <sip:a@b>")]
    [InlineData("Bob B", "Bob B <sip:a@b>")]
    [InlineData("Bell, A.", "\"Bell, A.\" <sip:a@b>")]
    [InlineData("a\"b\\c", "\"a\\\"b\\\\c\" <sip:a@b>")]
    [InlineData("x\r\nVia: y", "\"x  Via: y\" <sip:a@b>")]
    [InlineData("Jürgen", "\"Jürgen\" <sip:a@b>")]
    [InlineData("", "<sip:a@b>")]
    [Rfc("3261", "25.1", Line = "sip M15")]
    public void NameAddr_Printed_QuotesWhatIsNoToken(string name, string expected) =>
        Assert.Equal(expected, new NameAddr(SipUri.Parse("sip:a@b")) { DisplayName = name }.ToString());

    [Theory]
    [InlineData("x;y", null)]
    [InlineData("", null)]
    [InlineData("x", "a;b")]
    [InlineData("x", "a\r\nVia: y")]
    [InlineData("x", "\"a\"b\"")]
    [InlineData("x", "a,b")]
    [Rfc("3261", "25.1", Line = "sip M18")]
    public void Parameters_WhatWouldBreakOut_Throws(string name, string? value) =>
        Assert.Throws<ArgumentException>(() => Parameters.Empty.With(name, value));

    [Fact]
    [Rfc("3261", "7.3.1", Line = "sip M4")]
    public void Parameters_Unknown_KeepOrderAndForm()
    {
        var address = NameAddr.Parse("<sip:a@b>;z;+sip.instance=\"<urn:uuid:1>\";A=1");
        Assert.Equal(";z;+sip.instance=\"<urn:uuid:1>\";A=1", address.Parameters.ToString());
        Assert.Equal("<urn:uuid:1>", address.Parameters["+SIP.instance"]);
        Assert.Equal(";z;+sip.instance=\"<urn:uuid:1>\";A=2", address.Parameters.With("a", "2").ToString(), ignoreCase: true);
        Assert.Equal(";z;A=1", address.Parameters.Without("+sip.INSTANCE").ToString());
    }

    [Theory]
    [InlineData("SIP/2.0/UDP first.example.com:4000;ttl=16;maddr=224.2.0.1 ;branch=z9hG4bKa7c6a8dlze.1", "UDP", "first.example.com", 4000)]
    [InlineData("SIP / 2.0 / UDP first.example.com: 4000;branch=z9hG4bK1", "UDP", "first.example.com", 4000)]
    [InlineData("SIP/2.0/TLS [2001:db8::9:1]:5061;received=2001:db8::9:255;branch=z9hG4bK1", "TLS", "2001:db8::9:1", 5061)]
    [InlineData("SIP/2.0/UDP [2001:db8::9:1];received=[2001:db8::9:255];branch=z9hG4bK1", "UDP", "2001:db8::9:1", null)]
    [InlineData("SIP/2.0/WSS df7jal23ls0d.invalid;branch=z9hG4bK1;rport", "WSS", "df7jal23ls0d.invalid", null)]
    [Rfc("3261", "20.42", Line = "sip M13")]
    public void Via_AnyForm_GivesItsParts(string text, string transport, string host, int? port)
    {
        Assert.True(Via.TryParse(text, out var via, out var error), error.ToString());
        Assert.Equal((transport, host, (ushort?)port), (via.Transport, via.Host, via.Port));
        Assert.StartsWith("z9hG4bK", via.Branch, StringComparison.Ordinal);
        if (via.Received is not null) Assert.Equal("2001:db8::9:255", via.Received);
        Assert.True(Via.TryParse(via.ToString(), out var again, out _));
        Assert.Equal(via, again);
    }

    [Theory]
    [InlineData("SIP/2.0/UDP")]
    [InlineData("SIP/2.0 host")]
    [InlineData("SIP/2.0/UDP host;;")]
    [InlineData("SIP/2.0/UDP 2001:db8::1;branch=z9hG4bK1")]
    [InlineData("SIP/2.0/UDP host:99999")]
    [InlineData("/2.0/UDP host")]
    [InlineData("SIP/2.0/UDPhost:1 x")]
    public void Via_Malformed_IsRefused(string text) => Assert.False(Via.TryParse(text, out _, out _));

    [Theory]
    [InlineData("192.0.2.9:5060", ";rport", ";rport=4000;received=192.0.2.1")]
    [InlineData("192.0.2.1:5060", ";rport", ";rport=4000;received=192.0.2.1")]
    [InlineData("192.0.2.1:5060", "", "")]
    [InlineData("192.0.2.9", "", ";received=192.0.2.1")]
    [InlineData("pc.example.com", "", ";received=192.0.2.1")]
    [Rfc("3581", "4", Line = "sip T3")]
    public void Via_WithSource_NotesReceivedAndRport(string sentBy, string before, string after)
    {
        Assert.True(Via.TryParse($"SIP/2.0/UDP {sentBy}{before}", out var via, out _));
        var noted = via.WithSource(Address.Parse("192.0.2.1:4000"));
        Assert.Equal($"SIP/2.0/UDP {sentBy}{after}", noted.ToString());
        Assert.Equal(before.Length > 0 ? (ushort)4000 : null, noted.Rport);
    }

    [Theory]
    [InlineData("z9hG4bK776", true)]
    [InlineData("Z9HG4BK776", true)]
    [InlineData("z9hG4bK", false)]
    [InlineData("390skdjuw", false)]
    [Rfc("3261", "17.2.3", Line = "sip X10")]
    public void Via_MagicCookie_NeedsSomethingAfterIt(string branch, bool magic) =>
        Assert.Equal(magic, new Via("UDP", "h") { Parameters = Parameters.Empty.With("branch", branch) }.HasMagicBranch);

    [Theory]
    [InlineData(Transport.Udp, "192.0.2.1", null, true, "SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK1;rport", 5060)]
    [InlineData(Transport.Tls, "2001:db8::1", null, false, "SIP/2.0/TLS [2001:db8::1];branch=z9hG4bK1", 5061)]
    [InlineData(Transport.Tcp, "h", 5070, false, "SIP/2.0/TCP h:5070;branch=z9hG4bK1", 5070)]
    [Rfc("3261", "18.1.1", Line = "sip T1")]
    public void Via_Created_IsWrittenAsSent(Transport transport, string host, int? port, bool rport, string text, int effective)
    {
        var via = Via.Create(transport, host, (ushort?)port, "z9hG4bK1", rport);
        Assert.Equal(text, via.ToString());
        Assert.Equal(effective, via.EffectivePort);
    }

    [Theory]
    [InlineData("1 INVITE", 1u, "INVITE")]
    [InlineData("0009   INVITE", 9u, "INVITE")]
    [InlineData("2147483647 x", 2147483647u, "x")]
    [Rfc("3261", "8.1.1.5", Line = "sip M9")]
    public void CSeq_InRange_IsRead(string text, uint number, string method)
    {
        Assert.True(CSeq.TryParse(text, out var cseq, out _));
        Assert.Equal(new CSeq(number, method), cseq);
    }

    [Theory]
    [InlineData("2147483648 INVITE")]
    [InlineData("36893488147419103232 REGISTER")]
    [InlineData("-1 INVITE")]
    [InlineData("1INVITE")]
    [InlineData("1 ")]
    [InlineData("INVITE")]
    [InlineData("1 INVITE x")]
    [Rfc("3261", "8.1.1.5", Line = "sip M9")]
    public void CSeq_OutOfRange_IsRefused(string text) => Assert.False(CSeq.TryParse(text, out _, out _));
}
