using System.Text;

namespace Softphone.Sip.Tests;

public sealed class MessageBodyTests
{
    private const string Sdp = "v=0\r\ns=-\r\n";

    [Fact]
    [Rfc("5621", "3", Line = "sip M19")]
    public void FindSdp_PlainBody_IsFound() => AssertFound(Message("application/sdp;charset=utf-8", Sdp));

    [Theory]
    [InlineData("")]
    [InlineData("a preamble nobody reads\r\n")]
    [Rfc("5621", "3", Line = "sip M19")]
    public void FindSdp_Multipart_IsFound(string preamble) => AssertFound(Message(
        "multipart/mixed;boundary=\"b1\"",
        $"{preamble}--b1\r\nContent-Type: application/isup\r\nContent-Disposition: signal;handling=optional\r\n\r\n\0\x01--b1\r\n--b1  \r\nc: application/sdp\r\n\r\n{Sdp}\r\n--b1--\r\nepilogue"));

    [Fact]
    [Rfc("5621", "8.3", Line = "sip M19")]
    public void FindSdp_UnknownRequiredPart_IsUnsupported() => Assert.Equal(
        MessageBody.Finding.Unsupported,
        MessageBody.FindSdp(Message("multipart/mixed;boundary=b", $"--b\r\nContent-Type: application/isup\r\n\r\nx\r\n--b\r\nContent-Type: application/sdp\r\n\r\n{Sdp}\r\n--b--"), out _));

    [Fact]
    [Rfc("5621", "6", Line = "sip M19")]
    public void FindSdp_Alternative_TakesTheOneUnderstood() => AssertFound(Message(
        "multipart/alternative;boundary=b",
        $"--b\r\nContent-Type: text/plain\r\n\r\nx\r\n--b\r\nContent-Type: application/sdp\r\n\r\n{Sdp}\r\n--b--"));

    [Theory]
    [InlineData("text/html", "x", null, null, MessageBody.Finding.Unsupported)]
    [InlineData("text/html", "x", "Content-Disposition", "render;handling=optional", MessageBody.Finding.None)]
    [InlineData("text/html", "", null, null, MessageBody.Finding.None)]
    [InlineData("application/sdp", "x", "Content-Encoding", "gzip", MessageBody.Finding.Unsupported)]
    [InlineData("application/sdp", "x", "e", "identity", MessageBody.Finding.Sdp)]
    [InlineData("multipart/mixed", "--b\r\n", null, null, MessageBody.Finding.Unsupported)]
    [InlineData("multipart/mixed;boundary=b", "no delimiter", null, null, MessageBody.Finding.Unsupported)]
    [Rfc("3261", "8.2.3", Line = "sip M20")]
    public void FindSdp_OtherBodies_SayWhatIsOwed(string type, string body, string? header, string? value, MessageBody.Finding expected)
    {
        var message = Message(type, body);
        if (header is not null) message.Headers.Add(header, value!);
        Assert.Equal(expected, MessageBody.FindSdp(message, out _));
    }

    [Fact]
    [Rfc("4475", "3.3.6", Line = "sip U3")]
    public void FindSdp_Invut_IsUnsupported() =>
        Assert.Equal(MessageBody.Finding.Unsupported, MessageBody.FindSdp(Samples.Parse(TortureTests.Read("invut")), out _));

    [Fact]
    [Rfc("4568", "7", Line = "sip F10")]
    public void Masked_Secrets_AreGone()
    {
        var message = Message(
            "application/sdp",
            "v=0\r\na=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:SECRETKEY0|2^20|1:4\r\na=ice-ufrag:open\r\na=ice-pwd:SECRETPWD0\r\nk=clear:SECRETK\r\n");
        message.Headers.Add("From", "\"A\" <sip:al:SECRETURI@h:5060>;tag=1");
        message.Headers.Add("Contact", "<sip:192.0.2.1:5060>, <sips:a@[2001:db8::1]:5061>");
        message.Headers.Add("Authorization", "Digest username=\"bob\", response=\"SECRETRESP\", realm=\"r\"");
        message.Headers.Add("Proxy-Authorization", "Digest realm=\"r\",response=SECRETRESP");
        message.Headers.Add("Authorization", "Basic SECRETBASIC");
        message.Headers.Add("Authentication-Info", "rspauth=\"SECRETRSP0\", nextnonce=\"n\"");
        var text = message.ToMaskedString();
        Assert.DoesNotContain("SECRET", text, StringComparison.Ordinal);
        Assert.Contains("\"A\" <sip:al:***@h:5060>;tag=1", text, StringComparison.Ordinal);
        Assert.Contains("<sip:192.0.2.1:5060>, <sips:a@[2001:db8::1]:5061>", text, StringComparison.Ordinal);
        Assert.Contains("username=\"bob\"", text, StringComparison.Ordinal);
        Assert.Contains("realm=\"r\"", text, StringComparison.Ordinal);
        Assert.Contains("|2^20|1:4", text, StringComparison.Ordinal);
        Assert.Contains("a=ice-ufrag:open", text, StringComparison.Ordinal);
        Assert.Contains("SECRET", Encoding.UTF8.GetString(message.ToArray()), StringComparison.Ordinal);
    }

    /// <summary>What is looked for before an expression runs must not be narrower than the expression.</summary>
    [Theory]
    [InlineData("A=ICE-PWD:SECRET\r\n", "")]
    [InlineData("a=crypto:1 AES_CM_128_HMAC_SHA1_80 INLINE:SECRET\r\n", "")]
    [InlineData("K=Base64:SECRET\r\n", "")]
    [InlineData("k=URI:SECRET\r\n", "")]
    [InlineData("", "SIPS::SECRET@h")]
    [InlineData("", "<sip:a@b>, \"x\" <sip:c:SECRET@[2001:db8::1]:5061>;q=1")]
    [InlineData("", "sip:a:SECRET@h, sip:b@h")]
    public void Masked_Secrets_InEveryWriting_AreGone(string line, string uri)
    {
        var message = Message("application/sdp", $"v=0\r\n{line}");
        if (uri.Length > 0) message.Headers.Add("Contact", uri);
        Assert.DoesNotContain("SECRET", message.ToMaskedString(), StringComparison.Ordinal);
    }

    /// <summary>Keys may be a PIN, in whatever writing they come; how long they were held is none of it.</summary>
    [Theory]
    [InlineData("application/dtmf-relay", "Signal=7\r\nDuration=160\r\n", "Signal=***\r\nDuration=160\r\n")]
    [InlineData("Application/DTMF-Relay;charset=x", "Duration= 90\nsignal = #\n", "Duration= 90\nsignal = ***\n")]
    [InlineData("application/dtmf", "7", "***")]
    [InlineData("application/vnd.nortelnetworks.digits", "p=Digit-Collection\r\nd=7\r\n", "***")]
    [InlineData("application/kpml-response+xml", "<kpml-response code=\"200\" digits=\"7\" tag=\"dtmf\"/>", "<kpml-response code=\"200\" digits=\"***\" tag=\"dtmf\"/>")]
    [InlineData("multipart/mixed;boundary=b", "--b\r\nContent-Type: application/dtmf-relay\r\n\r\nSignal=7\r\n--b--\r\n", "--b\r\nContent-Type: application/dtmf-relay\r\n\r\nSignal=***\r\n--b--\r\n")]
    [InlineData("text/plain", "Signal=7 at the station\r\n", "Signal=7 at the station\r\n")]
    public void Masked_Keys_AreGone(string type, string body, string expected) => Assert.EndsWith($"\r\n\r\n{expected}", Message(type, body).ToMaskedString(), StringComparison.Ordinal);

    private static void AssertFound(SipMessage message)
    {
        Assert.Equal(MessageBody.Finding.Sdp, MessageBody.FindSdp(message, out var sdp));
        Assert.Equal(Sdp, Encoding.UTF8.GetString(sdp.Span));
    }

    private static SipRequest Message(string type, string body)
    {
        var message = new SipRequest("INVITE", SipUri.Parse("sip:a:SECRETURI@b"));
        message.SetBody(type, Encoding.UTF8.GetBytes(body));
        return message;
    }
}
