using System.Text;

namespace Softphone.Sip.Tests;

public sealed class SipWriterTests
{
    [Theory]
    [InlineData(Samples.Invite)]
    [InlineData(Samples.Ok)]
    [Rfc("3261", "7", Line = "sip M17")]
    public void Write_UntouchedMessage_IsTheSameOctets(string text) => Assert.Equal(Samples.Octets(text), Samples.Parse(text).ToArray());

    [Fact]
    [Rfc("3261", "7", Line = "sip M17")]
    public void Write_OneHeaderTouched_LeavesTheOthers()
    {
        var request = Samples.Request(Samples.Invite);
        request.Headers.Set("Max-Forwards", "69");
        Assert.Equal(Samples.Invite.ReplaceLineEndings("\r\n").Replace("Max-Forwards: 70", "Max-Forwards: 69", StringComparison.Ordinal), Encoding.UTF8.GetString(request.ToArray()));
    }

    [Theory]
    [InlineData("hello world")]
    [InlineData("x")]
    [InlineData("")]
    [Rfc("3261", "20.14", Line = "sip M5")]
    public void Write_BodySet_ContentLengthAgrees(string body)
    {
        var request = Samples.Request(Samples.Invite);
        request.SetBody("text/plain", Encoding.UTF8.GetBytes(body));
        var again = Samples.Parse(request.ToArray());
        Assert.Equal((uint)body.Length, again.Headers.ContentLength);
        Assert.Equal("text/plain", again.Headers.ContentType?.Essence);
        Assert.Equal(1, Encoding.UTF8.GetString(request.ToArray()).Split("Content-Length").Length - 1);
    }

    [Theory]
    [InlineData("ü")]
    [InlineData("€")]
    [InlineData("😀")]
    [InlineData("a😀b\U0010FFFF")]
    [Rfc("3261", "7.3.1", Line = "sip M15")]
    public void Write_TextBeyondAscii_IsUtf8(string text)
    {
        var request = new SipRequest("OPTIONS", SipUri.Parse("sip:a@b"));
        request.Headers.Add("Subject", text);
        Assert.Equal($"OPTIONS sip:a@b SIP/2.0\r\nSubject: {text}\r\nContent-Length: 0\r\n\r\n", Encoding.UTF8.GetString(request.ToArray()));
        Assert.Equal(text, Samples.Parse(request.ToArray()).Headers.Get("Subject"));
    }

    [Fact]
    public void Write_SpanTooShort_Throws()
    {
        var request = Samples.Request(Samples.Invite);
        var octets = new byte[SipWriter.Measure(request)];
        Assert.Equal(octets.Length, SipWriter.Write(request, octets));
        Assert.Throws<ArgumentException>(() => SipWriter.Write(request, new byte[octets.Length - 1]));
    }

    [Fact]
    [Rfc("3261", "7.3.1", Line = "sip M18")]
    public void Build_LineBreakAnywhere_NeverMakesALine()
    {
        Assert.Throws<ArgumentException>(() => new SipRequest("INV\r\nITE", SipUri.Parse("sip:a@b")));
        Assert.Throws<ArgumentException>(() => new SipResponse(200, "OK\r\nVia: x"));
        Assert.Throws<ArgumentException>(() => SipResponse.For(Samples.Request(Samples.Invite), 200, toTag: "a\r\nb"));
        var request = new SipRequest("INVITE", new SipUri { User = "a\r\nVia: b", Host = "h\r\n" });
        request.Headers.Add("To", new NameAddr(request.RequestUri) { DisplayName = "x\r\nVia: y" }.ToString());
        var lines = Encoding.UTF8.GetString(request.ToArray()).Split("\r\n");
        Assert.Equal(5, lines.Length);
    }

    [Fact]
    [Rfc("3261", "8.2.6", Line = "sip U6")]
    public void ResponseFor_Invite_CopiesWhatItMust()
    {
        var request = Samples.Request(Samples.Invite);
        request.Headers.Prepend("Via", "SIP/2.0/UDP p0.example.com;branch=z9hG4bK2");
        var response = SipResponse.For(request, 180, toTag: "abc");
        Assert.Equal("SIP/2.0 180 Ringing", response.StartLine);
        Assert.Equal(request.Headers.Vias(), response.Headers.Vias());
        Assert.Equal(request.Headers.RecordRoutes(), response.Headers.RecordRoutes());
        Assert.Equal(request.Headers.CallId, response.Headers.CallId);
        Assert.Equal(request.Headers.Get("CSeq"), response.Headers.Get("CSeq"));
        Assert.Equal(request.Headers.Get("From"), response.Headers.Get("From"));
        Assert.True(response.Headers.TryTo(out var to));
        Assert.Equal("abc", to.Tag);
        Assert.False(response.Headers.Has("Contact"));
    }

    [Theory]
    [InlineData("INVITE", 100, false)]
    [InlineData("INVITE", 183, true)]
    [InlineData("INVITE", 200, true)]
    [InlineData("INVITE", 486, false)]
    [InlineData("SUBSCRIBE", 200, true)]
    [InlineData("OPTIONS", 200, false)]
    [Rfc("3261", "12.1.1", Line = "sip U6")]
    public void ResponseFor_RecordRoute_OnlyWhereADialogMayCome(string method, int status, bool copied) =>
        Assert.Equal(copied, SipResponse.For(Samples.With("X", "1", method), status).Headers.Has("Record-Route"));

    [Theory]
    [InlineData("<sip:b@c>", 200, "<sip:b@c>;tag=new")]
    [InlineData("sip:b@c", 200, "sip:b@c;tag=new")]
    [InlineData("<sip:b@c>;tag=old", 200, "<sip:b@c>;tag=old")]
    [InlineData("<sip:b@c>", 100, "<sip:b@c>")]
    [InlineData("\"open <sip:b@c>", 400, "\"open <sip:b@c>")]
    [Rfc("3261", "8.2.6.2", Line = "sip U6")]
    public void ResponseFor_To_TakesATagOnce(string to, int status, string expected) =>
        Assert.Equal(expected, SipResponse.For(Samples.With("To", to), status, toTag: "new").Headers.Get("To"));

    [Fact]
    [Rfc("3261", "7.3.1", Line = "sip M2")]
    public void ResponseFor_FoldedCompactRequest_IsLongAndUnfolded()
    {
        var request = Samples.Request(Samples.Invite.Replace("From: Alice ", "f: Alice\n  ", StringComparison.Ordinal));
        var text = Encoding.UTF8.GetString(SipResponse.For(request, 200).ToArray());
        Assert.Contains("\r\nFrom: Alice <sip:alice@atlanta.example.com>;tag=1928301774\r\n", text, StringComparison.Ordinal);
    }

    [Fact]
    [Rfc("3261", "8.2.6.1", Line = "sip M22")]
    public void ResponseFor_Trying_EchoesTimestamp() =>
        Assert.Equal("54", SipResponse.For(Samples.With("Timestamp", "54"), 100).Headers.Get("Timestamp"));

    [Fact]
    [Rfc("4475", "3.3.1", Line = "sip M8")]
    public void ResponseFor_RequestWithoutMostHeaders_IsStillWritten()
    {
        var request = Samples.Request("INVITE sip:a@b SIP/2.0\nVia: SIP/2.0/UDP h\n\n");
        var owed = SipValidator.Check(request)!.Value;
        var response = SipResponse.For(request, owed.Status, owed.Reason, "x");
        Assert.Equal("SIP/2.0 400 Bad Request (Missing To)", Samples.Parse(response.ToArray()).StartLine);
    }

    [Fact]
    [Rfc("3261", "8.1.3.2")]
    public void ReasonPhrase_EveryStatus_HasOne() => Assert.All(Enumerable.Range(100, 600), status => Assert.NotEmpty(ReasonPhrase.Of(status)));
}
