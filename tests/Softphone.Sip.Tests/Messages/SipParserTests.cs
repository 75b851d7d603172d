using System.Text;

namespace Softphone.Sip.Tests;

public sealed class SipParserTests
{
    [Fact]
    [Rfc("3261", "7.5", Line = "sip M7")]
    public void Parse_LeadingLineBreaks_AreSkipped()
    {
        var request = Assert.IsType<SipRequest>(Samples.Parse([.. "\r\n\r\n\r\n"u8, .. Samples.Octets(Samples.Invite)]));
        Assert.Equal("INVITE", request.Method);
    }

    [Theory]
    [InlineData("")]
    [InlineData("\r\n\r\n")]
    [InlineData("GET / HTTP/1.1\r\n\r\n")]
    [InlineData("INVITE sip:a@b\r\n\r\n")]
    [InlineData("INVITE SIP/2.0\r\n\r\n")]
    [InlineData("IN(VITE sip:a@b SIP/2.0\r\n\r\n")]
    [InlineData("SIP/2.0 099 x\r\n\r\n")]
    [InlineData("SIP/2.0 700 x\r\n\r\n")]
    [InlineData("SIP/2.0 2000 x\r\n\r\n")]
    [InlineData("SIP/2.0 20 x\r\n\r\n")]
    [InlineData("SIP/2.0 OK\r\n\r\n")]
    [InlineData("SIP/3.0 200 OK\r\n\r\n")]
    [InlineData("SIP/2.0x200 OK\r\n\r\n")]
    [InlineData("INVITE sip:a@b SIP/x\r\n\r\n")]
    [InlineData("SIP/2.0 200 OK\r\nNoColon\r\n\r\n")]
    [InlineData("SIP/2.0 200 OK\r\nl: 5\r\n\r\nabc")]
    [Rfc("3261", "18.3", Line = "sip M10")]
    public void Parse_WhatCannotBeFramedOrAnswered_IsDropped(string text)
    {
        Assert.False(SipParser.TryParse(Encoding.UTF8.GetBytes(text), out var message, out var error));
        Assert.Null(message);
        Assert.NotEmpty(error.What);
    }

    [Theory]
    [InlineData(null, "v=0\r\ns=", null)]
    [InlineData("7", "v=0\r\ns=", null)]
    [InlineData("3", "v=0", null)]
    [InlineData("0", "", null)]
    [InlineData("8", "v=0\r\ns=", 400)]
    [InlineData("4294967296", "v=0\r\ns=", 400)]
    [InlineData("-7", "v=0\r\ns=", 400)]
    [InlineData("seven", "v=0\r\ns=", 400)]
    [InlineData("7, 7", "v=0\r\ns=", 400)]
    [InlineData("7\r\nl: 7", "v=0\r\ns=", 400)]
    [Rfc("3261", "18.3", Line = "sip M5")]
    public void Parse_ContentLengthOfADatagram_DecidesTheBody(string? length, string body, int? owed)
    {
        var request = Samples.With("Content-Length", length);
        Assert.Equal(body, Encoding.UTF8.GetString(request.Body.Span));
        Assert.Equal(owed, SipValidator.Check(request)?.Status);
    }

    [Theory]
    [InlineData("Subject: one\r\n two", "one two")]
    [InlineData("Subject: one  \r\n\t  two \r\n three", "one two three")]
    [InlineData("Subject:\r\n one", "one")]
    [InlineData("Subject\t : one", "one")]
    [InlineData("s:one", "one")]
    [InlineData("Subject:", "")]
    [Rfc("3261", "7.3.1", Line = "sip M2")]
    public void Parse_FoldedLine_IsOneSpace(string line, string value) =>
        Assert.Equal(value, Samples.Request(Samples.Invite.Replace("X-Custom:   kept  as it is", line, StringComparison.Ordinal)).Headers.Get("Subject"));

    [Fact]
    [Rfc("3261", "25.1", Line = "sip M4")]
    public void Parse_UnknownHeader_KeepsItsTextAndPlace()
    {
        var request = Samples.Request(Samples.Invite);
        Assert.Equal("kept  as it is", request.Headers.Get("x-custom"));
        Assert.Contains("\r\nX-Custom:   kept  as it is\r\nContent-Type", Encoding.UTF8.GetString(request.ToArray()), StringComparison.Ordinal);
    }

    [Fact]
    [Rfc("3261", "21.5.7", Line = "sip M16")]
    public void Parse_PastTheLimits_IsAFlaw()
    {
        Assert.Null(Samples.With("X", new string('a', 8000)).Flaw);
        Assert.NotNull(Samples.With("X", new string('a', SipParser.MaxHeaderOctets)).Flaw);
        var many = Samples.With("X", string.Join("", Enumerable.Repeat("1\nY: 2", 300)));
        Assert.NotNull(many.Flaw);
        Assert.Equal(SipParser.MaxHeaders, many.Headers.Count);
        Assert.Equal(400, SipValidator.Check(many)?.Status);
    }

    [Fact]
    [Rfc("3261", "7.3.1", Line = "sip M17")]
    public void Parse_OctetsThatAreNoUtf8_ComeOutAgain()
    {
        var octets = Samples.Octets(Samples.Invite);
        var at = octets.AsSpan().IndexOf("kept"u8);
        byte[] odd = [0xFC, 0x80, 0xED, 0xA0, 0x80, 0xC3, 0xBC, 0x00];
        octets = [.. octets[..at], .. odd, .. octets[at..]];
        var request = Assert.IsType<SipRequest>(Samples.Parse(octets));
        var copy = new SipRequest("OPTIONS", SipUri.Parse("sip:a@b"));
        copy.Headers.Add("X", request.Headers.Get("X-Custom")!);
        Assert.True(copy.ToArray().AsSpan().IndexOf(odd) > 0);
        Assert.True(request.ToArray().AsSpan().IndexOf(odd) > 0);
    }

    [Theory]
    [InlineData("Via", null, 400)]
    [InlineData("To", null, 400)]
    [InlineData("From", null, 400)]
    [InlineData("Call-ID", null, 400)]
    [InlineData("CSeq", null, 400)]
    [InlineData("Contact", null, 400)]
    [InlineData("Max-Forwards", null, null)]
    [InlineData("Max-Forwards", "0", null)]
    [InlineData("Max-Forwards", "256", 400)]
    [InlineData("Max-Forwards", "x", 400)]
    [InlineData("CSeq", "2147483648 INVITE", 400)]
    [InlineData("CSeq", "1 ACK", 400)]
    [InlineData("Call-ID", "", 400)]
    [InlineData("Contact", "*", 400)]
    [InlineData("Via", "SIP/2.0/UDP a;;", 400)]
    [InlineData("To", "<sip:a@b>\nt: <sip:a@b>", 400)]
    [InlineData("From", "<sip:a@b>\nf: <sip:a@b>", 400)]
    [InlineData("Call-ID", "1\ni: 1", 400)]
    [InlineData("CSeq", "1 INVITE\ncseq: 1 INVITE", 400)]
    [InlineData("Max-Forwards", "1\nMax-Forwards: 1", 400)]
    [InlineData("Content-Type", "nonsense", 400)]
    [InlineData("Route", "<sip:a", 400)]
    [InlineData("Expires", "99999999999999999999", null)]
    [InlineData("Date", "yesterday", null)]
    [Rfc("3261", "8.1.1", Line = "sip M8-M11")]
    public void Check_OneHeaderChanged_OwesTheStatus(string header, string? value, int? owed) =>
        Assert.Equal(owed, SipValidator.Check(Samples.With(header, value))?.Status);

    [Theory]
    [InlineData("To", "<sip:a@b>")]
    [InlineData("t", "<sip:a@b>")]
    [InlineData("From", "<sip:a@b>;tag=1")]
    [InlineData("f", "<sip:a@b>;tag=1")]
    [InlineData("Call-ID", "1")]
    [InlineData("i", "1")]
    [InlineData("CSeq", "314159 INVITE")]
    [InlineData("Max-Forwards", "70")]
    [InlineData("Content-Length", "7")]
    [InlineData("l", "7")]
    [Rfc("4475", "3.3.8", Line = "sip M11")]
    public void Check_HeaderThatStandsOnceOnly_StandingTwice_Owes400(string header, string value)
    {
        var text = Samples.Invite.Replace("Max-Forwards: 70\n", $"Max-Forwards: 70\n{header}: {value}\n", StringComparison.Ordinal);
        Assert.NotEqual(Samples.Invite, text);
        Assert.Equal(400, SipValidator.Check(Samples.Request(text))?.Status);
    }

    [Theory]
    [InlineData("INVITE sip:b SIP/2.1", 505)]
    [InlineData("INVITE sip:b sip/2.0", null)]
    [InlineData("INVITE tel:+15551234 SIP/2.0", null)]
    [InlineData("INVITE urn:service:sos SIP/2.0", null)]
    [InlineData("INVITE sip:b;; SIP/2.0", 400)]
    [InlineData("INVITE sip:b?Subject=x SIP/2.0", 400)]
    [InlineData("INVITE b SIP/2.0", 400)]
    [Rfc("3261", "21.5.6", Line = "sip M10")]
    public void Check_RequestLine_OwesTheStatus(string line, int? owed) =>
        Assert.Equal(owed, SipValidator.Check(Samples.Request(Samples.Invite.Replace("INVITE sip:bob@biloxi.example.com SIP/2.0", line, StringComparison.Ordinal)))?.Status);

    [Fact]
    [Rfc("3261", "8.2.1", Line = "sip M9")]
    public void Check_UnknownMethod_IsLeftToTheCore()
    {
        Assert.Null(SipValidator.Check(Samples.With("X", "1", "FROBNICATE")));
        Assert.Equal(501, SipValidator.Check(Samples.With("CSeq", "1 INVITE", "FROBNICATE"))?.Status);
    }

    [Fact]
    [Rfc("3261", "10.2.2", Line = "sip M8")]
    public void Check_RegisterOfStar_IsSound() => Assert.Null(SipValidator.Check(Samples.With("Contact", "*", "REGISTER")));
}
