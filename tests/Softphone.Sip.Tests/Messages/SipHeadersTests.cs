namespace Softphone.Sip.Tests;

public sealed class SipHeadersTests
{
    [Theory]
    [InlineData("i", "Call-ID")]
    [InlineData("m", "Contact")]
    [InlineData("e", "Content-Encoding")]
    [InlineData("l", "Content-Length")]
    [InlineData("c", "Content-Type")]
    [InlineData("f", "From")]
    [InlineData("s", "Subject")]
    [InlineData("k", "Supported")]
    [InlineData("t", "To")]
    [InlineData("v", "Via")]
    [InlineData("o", "Event")]
    [InlineData("r", "Refer-To")]
    [InlineData("b", "Referred-By")]
    [InlineData("u", "Allow-Events")]
    [InlineData("x", "Session-Expires")]
    [InlineData("cSEQ", "CSeq")]
    [InlineData("www-authenticate", "WWW-Authenticate")]
    [Rfc("3261", "7.3.3", Line = "sip M1")]
    public void Add_CompactForm_IsWrittenLong(string name, string full)
    {
        var headers = new SipHeaders();
        headers.Add(name, "x");
        Assert.Equal(full, headers[0].Name);
        Assert.Equal("x", headers.Get(full.ToUpperInvariant()));
        Assert.Equal("x", headers.Get(name.ToUpperInvariant()));
    }

    [Fact]
    [Rfc("3261", "7.3.1", Line = "sip M3")]
    public void GetList_CommasAndLines_AreOneListInOrder()
    {
        var headers = new SipHeaders();
        headers.Add("Contact", "\"Bell, A\" <sip:a,b@c>;q=0.5 , <sip:d@e;x=1,2>");
        headers.Add("m", "sip:f@g");
        Assert.Equal(["\"Bell, A\" <sip:a,b@c>;q=0.5", "<sip:d@e;x=1,2>", "sip:f@g"], headers.GetList("Contact"));
        Assert.True(headers.TryContacts(out var contacts));
        Assert.Equal(["a,b", "d", "f"], contacts.Select(contact => contact.Uri.User));
        Assert.Equal(500, contacts[0].Q);
    }

    [Theory]
    [InlineData("<sip:a\"b>, <sip:c@d>", 2)]
    [InlineData("\"a\\\",<\" <sip:c@d>, x", 2)]
    [InlineData("\"open, <sip:c@d>", 1)]
    [InlineData("<open, x", 1)]
    [InlineData("a,,b", 3)]
    [Rfc("3261", "7.3.1", Line = "sip M3")]
    public void GetList_QuotesAndBrackets_HideCommas(string value, int elements)
    {
        var headers = new SipHeaders();
        headers.Add("Route", value);
        Assert.Equal(elements, headers.GetList("Route").Count);
    }

    [Fact]
    [Rfc("3261", "7.3.1", Line = "sip M3")]
    public void GetAll_Challenges_AreNotCut()
    {
        var headers = new SipHeaders();
        headers.Add("WWW-Authenticate", "Digest realm=\"a\", nonce=\"1\"");
        headers.Add("www-authenticate", "Digest realm=\"b\", nonce=\"2\"");
        Assert.Equal(2, headers.GetAll("WWW-Authenticate").Count);
    }

    [Theory]
    [InlineData("Subject", "a\r\nVia: SIP/2.0/UDP evil")]
    [InlineData("Subject", "a\nb")]
    [InlineData("Subject", "a\rb")]
    [InlineData("Sub\r\nject", "a")]
    [InlineData("Sub ject", "a")]
    [InlineData("Subject:", "a")]
    [InlineData("", "a")]
    [Rfc("3261", "7.3.1", Line = "sip M18")]
    public void Add_WhatWouldForgeALine_Throws(string name, string value)
    {
        var headers = new SipHeaders();
        Assert.Throws<ArgumentException>(() => headers.Add(name, value));
        Assert.Throws<ArgumentException>(() => headers.Set(name, value));
        Assert.Throws<ArgumentException>(() => headers.Insert(0, name, value));
        Assert.Throws<ArgumentException>(() => headers.Prepend(name, value));
        Assert.Empty(headers);
    }

    [Fact]
    public void Set_SeveralLines_LeavesOneInPlace()
    {
        var headers = new SipHeaders();
        headers.Add("Accept", "1");
        headers.Add("Route", "<sip:1>");
        headers.Add("Route", "<sip:2>");
        headers.Add("X-B", "2");
        headers.Set("route", "<sip:3>");
        Assert.Equal(["Accept: 1", "Route: <sip:3>", "X-B: 2"], headers.Select(header => header.ToString()));
        headers.SetAll("Route", ["<sip:4>", "<sip:5>"]);
        Assert.Equal(["Accept: 1", "Route: <sip:4>", "Route: <sip:5>", "X-B: 2"], headers.Select(header => header.ToString()));
        Assert.Equal(2, headers.Remove("ROUTE"));
        Assert.Equal(["Accept: 1", "X-B: 2"], headers.Select(header => header.ToString()));
    }

    [Fact]
    [Rfc("3261", "18.2.1", Line = "sip T3")]
    public void SetTopVia_ListOnOneLine_LeavesTheRest()
    {
        var headers = new SipHeaders();
        headers.Add("Via", "SIP/2.0/UDP a;branch=1, SIP/2.0/TCP b;branch=2");
        headers.SetTopVia(new Via("UDP", "c"));
        Assert.Equal(["c", "b"], headers.Vias().Select(via => via.Host));
        headers.SetTopVia(null);
        Assert.Equal(["b"], headers.Vias().Select(via => via.Host));
        headers.SetTopVia(null);
        Assert.False(headers.TryVia(out _));
        headers.Prepend("Via", "SIP/2.0/UDP d");
        headers.Prepend("Via", "SIP/2.0/UDP e");
        Assert.Equal(["e", "d"], headers.Vias().Select(via => via.Host));
    }

    [Fact]
    [Rfc("3261", "7.3.1", Line = "sip M4")]
    public void TypedReader_BrokenHeader_HarmsNobodyElse()
    {
        var request = Samples.With("Contact", ";;;");
        Assert.False(request.Headers.TryContact(out _));
        Assert.False(request.Headers.TryContacts(out _));
        Assert.True(request.Headers.TryVia(out _));
        Assert.True(request.Headers.TryFrom(out _));
    }

    [Theory]
    [InlineData("18000;duration=3600", 18000u)]
    [InlineData("120 (I'm in a meeting)", 120u)]
    [InlineData("5", 5u)]
    [InlineData("9999999999999", uint.MaxValue)]
    [InlineData("soon", null)]
    [InlineData("-5", null)]
    [Rfc("3261", "20.33", Line = "sip T13")]
    public void RetryAfter_CommentAndDuration_AreSkipped(string value, uint? seconds)
    {
        var headers = new SipHeaders();
        headers.Add("Retry-After", value);
        Assert.Equal(seconds, headers.RetryAfter);
    }

    [Fact]
    [Rfc("3261", "12.1.1", Line = "sip U7")]
    public void RecordRoutes_OverLinesAndCommas_KeepTheirOrder()
    {
        var routes = Samples.Request(Samples.Invite).Headers.RecordRoutes();
        Assert.Equal(["p2.example.com", "p1.example.com", "p0.example.com"], routes.Select(route => route.Uri.Host));
        Assert.Equal([true, true, false], routes.Select(route => route.IsLoose));
    }

    [Fact]
    [Rfc("3261", "20.32", Line = "sip U2")]
    public void Require_EmptyElements_NameNothing()
    {
        var headers = new SipHeaders();
        headers.Add("Require", "100rel, ,timer,");
        headers.Add("Require", "");
        Assert.Equal(["100rel", "timer"], headers.Require);
        Assert.True(headers.Lists("require", "TIMER"));
        Assert.False(headers.Lists("Require", "time"));
        Assert.Empty(headers.Supported);
    }

    [Theory]
    [InlineData("3600", 3600u)]
    [InlineData(" 0 ", 0u)]
    [InlineData("4294967296", uint.MaxValue)]
    [InlineData("1h", null)]
    [InlineData("", null)]
    [Rfc("4475", "3.1.2.4")]
    public void Expires_Overflow_IsTheMaximum(string value, uint? seconds)
    {
        var headers = Samples.With("Expires", value).Headers;
        Assert.Equal(seconds, headers.Expires);
    }

    [Fact]
    public void TryValue_ValueWithParameters_IsTakenApart()
    {
        var headers = new SipHeaders();
        headers.Add("x", "1800 ; refresher=uac");
        Assert.True(headers.TryValue(HeaderName.SessionExpires, out var value, out var parameters));
        Assert.Equal(("1800", "uac"), (value, parameters["refresher"]));
    }

    [Fact]
    [Rfc("3261", "10.2.2")]
    public void Contact_Star_IsNoAddress()
    {
        var headers = new SipHeaders();
        headers.Add("Contact", "*");
        Assert.True(headers.ContactIsStar);
        Assert.False(headers.TryContact(out _));
    }

    [Theory]
    [InlineData("application/SDP", "application/sdp", true)]
    [InlineData("application / sdp ; charset=utf-8", "application/sdp", true)]
    [InlineData("text/plain", "application/sdp", false)]
    [InlineData("application", "application/sdp", false)]
    [InlineData("application/", "application/sdp", false)]
    [Rfc("3261", "20.15")]
    public void ContentType_AnyCase_IsCompared(string value, string essence, bool same)
    {
        var headers = new SipHeaders();
        headers.Add("c", value);
        Assert.Equal(same, headers.ContentType?.Is(essence) ?? false);
    }

    [Theory]
    [InlineData("*/*", true)]
    [InlineData("application/*", true)]
    [InlineData("application/sdp;level=1", true)]
    [InlineData("text/*", false)]
    [Rfc("3261", "20.1", Line = "sip U3")]
    public void MediaRange_OfAccept_TakesSdp(string range, bool takes)
    {
        Assert.True(MediaType.TryParse(range, out var type));
        Assert.Equal(takes, type.Takes(MediaType.ApplicationSdp));
    }
}
