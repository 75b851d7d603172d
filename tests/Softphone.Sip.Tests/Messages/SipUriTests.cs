namespace Softphone.Sip.Tests;

public sealed class SipUriTests
{
    [Theory]
    [InlineData("sip:alice@atlanta.com", "alice", null, "atlanta.com", null, "", "")]
    [InlineData("sip:alice:secretword@atlanta.com;transport=tcp", "alice", "secretword", "atlanta.com", null, ";transport=tcp", "")]
    [InlineData("sips:alice@atlanta.com?subject=project%20x&priority=urgent", "alice", null, "atlanta.com", null, "", "subject=project%20x&priority=urgent")]
    [InlineData("sip:+1-212-555-1212:1234@gateway.com;user=phone", "+1-212-555-1212", "1234", "gateway.com", null, ";user=phone", "")]
    [InlineData("sip:atlanta.com;method=REGISTER?to=alice%40atlanta.com", null, null, "atlanta.com", null, ";method=REGISTER", "to=alice%40atlanta.com")]
    [InlineData("sip:alice;day=tuesday@atlanta.com", "alice;day=tuesday", null, "atlanta.com", null, "", "")]
    [InlineData("sip:a?b/c&d@host", "a?b/c&d", null, "host", null, "", "")]
    [InlineData("sip:[2001:db8::10]", null, null, "2001:db8::10", null, "", "")]
    [InlineData("sip:[2001:db8::10]:5070", null, null, "2001:db8::10", 5070, "", "")]
    [InlineData("sip:a@192.0.2.1:0", "a", null, "192.0.2.1", 0, "", "")]
    [InlineData("sip:p1.example.com;lr", null, null, "p1.example.com", null, ";lr", "")]
    [Rfc("3261", "19.1.3", Line = "sip M13")]
    public void Parse_Parts_AreFoundAndPrintedAgain(string text, string? user, string? password, string host, int? port, string parameters, string headers)
    {
        var uri = SipUri.Parse(text);
        Assert.Equal(user, uri.User);
        Assert.Equal(password, uri.Password);
        Assert.Equal(host, uri.Host);
        Assert.Equal(port, uri.Port);
        Assert.Equal(parameters, uri.Parameters.ToString());
        Assert.Equal(headers, uri.Headers);
        Assert.Equal(text, uri.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("sip:")]
    [InlineData("alice@example.com")]
    [InlineData("sip:@example.com")]
    [InlineData("sip:alice@")]
    [InlineData("sip:alice@exa mple.com")]
    [InlineData("sip:2001:db8::10")]
    [InlineData("sip:[2001:db8::10")]
    [InlineData("sip:[192.0.2.1]")]
    [InlineData("sip:[::1]x")]
    [InlineData("sip:host:65536")]
    [InlineData("sip:host:")]
    [InlineData("sip:host:-1")]
    [InlineData("sip:host;;lr")]
    [InlineData("sip:host;lr\r\nVia: x")]
    [InlineData("<sip:host>")]
    [InlineData("tel:;x=1")]
    [Rfc("5118", "4.1", Line = "sip M13")]
    public void Parse_Malformed_IsRefused(string text) => Assert.False(SipUri.TryParse(text, out _, out _));

    [Theory]
    [InlineData("sip:p1.example.com;lr", true)]
    [InlineData("sip:p1.example.com;LR", true)]
    [InlineData("sip:p1.example.com;lr=on", true)]
    [InlineData("sip:p1.example.com;lrx", false)]
    [InlineData("sip:lr@p1.example.com", false)]
    [Rfc("3261", "16.12", Line = "sip M13")]
    public void IsLoose_LrAsAWholeParameter_Counts(string text, bool loose) => Assert.Equal(loose, SipUri.Parse(text).IsLoose);

    [Theory]
    [InlineData("sip:h", 5060)]
    [InlineData("sips:h", 5061)]
    [InlineData("sips:h:5060", 5060)]
    [Rfc("3261", "19.1.2", Line = "sip M13")]
    public void EffectivePort_NoneWritten_IsOfTheScheme(string text, int port) => Assert.Equal(port, SipUri.Parse(text).EffectivePort);

    [Theory]
    [InlineData("sip:%61lice@atlanta.com;transport=TCP", "sip:alice@AtLanTa.CoM;Transport=tcp", true)]
    [InlineData("sip:carol@chicago.com", "sip:carol@chicago.com;newparam=5", true)]
    [InlineData("sip:carol@chicago.com", "sip:carol@chicago.com;security=on", true)]
    [InlineData("sip:carol@chicago.com;newparam=5", "sip:carol@chicago.com;security=on", true)]
    [InlineData("sip:biloxi.com;transport=tcp;method=REGISTER?to=sip:bob%40biloxi.com", "sip:biloxi.com;method=REGISTER;transport=tcp?to=sip:bob%40biloxi.com", true)]
    [InlineData("sip:alice@atlanta.com?subject=project%20x&priority=urgent", "sip:alice@atlanta.com?priority=urgent&subject=project%20x", true)]
    [InlineData("SIP:ALICE@AtLanTa.CoM;Transport=udp", "sip:alice@AtLanTa.CoM;Transport=UDP", false)]
    [InlineData("sip:bob@biloxi.com", "sip:bob@biloxi.com:5060", false)]
    [InlineData("sip:bob@biloxi.com", "sip:bob@biloxi.com;transport=udp", false)]
    [InlineData("sip:bob@biloxi.com", "sip:bob@biloxi.com:6000;transport=tcp", false)]
    [InlineData("sip:carol@chicago.com", "sip:carol@chicago.com?Subject=next%20meeting", false)]
    [InlineData("sip:bob@phone21.boxesbybob.com", "sip:bob@192.0.2.4", false)]
    [InlineData("sip:carol@chicago.com;security=off", "sip:carol@chicago.com;security=on", false)]
    [InlineData("sip:a@b", "sips:a@b", false)]
    [InlineData("sip:a@b", "sip:a@b;user=phone", false)]
    [InlineData("sip:a@b", "sip:a@b;ttl=1", false)]
    [InlineData("sip:a@b", "sip:a@b;maddr=c", false)]
    [InlineData("sip:a:p@b", "sip:a:P@b", false)]
    [InlineData("sip:a%2fb@h", "sip:a%2Fb@h", true)]
    [InlineData("sip:a%2Fb@h", "sip:a/b@h", false)]
    [InlineData("sip:[2001:db8::1]", "sip:[2001:DB8:0::1]", true)]
    [InlineData("sip:h?s=x", "sip:h?Subject=x", true)]
    [InlineData("tel:+1-201-555-0123", "tel:+12015550123", true)]
    [InlineData("tel:7042;phone-context=example.com", "tel:7042", false)]
    [InlineData("tel:7042;x=1;x=2", "tel:7042;x=1;x=2", true)]
    [InlineData("sip:a@b;x=1;x=2", "sip:a@b;x=1;x=2", true)]
    [InlineData("sip:a@b;x=1;x=2", "sip:a@b;x=2;x=1", false)]
    [Rfc("3261", "19.1.4", Line = "sip M14")]
    public void IsEquivalentTo_TheExamplesOfTheRfc_Hold(string a, string b, bool same)
    {
        Assert.Equal(same, SipUri.Parse(a).IsEquivalentTo(SipUri.Parse(b)));
        Assert.Equal(same, SipUri.Parse(b).IsEquivalentTo(SipUri.Parse(a)));
    }

    [Theory]
    [InlineData("sip:Bob:pw@Example.COM:5070;transport=tcp?Subject=x", "sip:Bob@example.com")]
    [InlineData("sips:bob@h", "sips:bob@h")]
    [InlineData("tel:+15551234;x=y", "tel:+15551234")]
    [Rfc("3261", "10.3")]
    public void AddressOfRecord_OfAUri_IsUserAtHost(string text, string expected) =>
        Assert.Equal(expected, SipUri.Parse(text).AddressOfRecord.ToString());

    [Theory]
    [InlineData("sip:a@b;transport=TCP", "tcp")]
    [InlineData("sip:a@b", null)]
    [Rfc("3261", "19.1.1")]
    public void TransportName_AnyCase_IsLower(string text, string? expected) => Assert.Equal(expected, SipUri.Parse(text).TransportName);

    [Fact]
    [Rfc("3261", "19.1.6", Line = "sip M21")]
    public void FromNumber_Separators_AreDropped() =>
        Assert.Equal("sip:+12015550123@example.com;user=phone", SipUri.FromNumber("+1 (201) 555-0123", "example.com").ToString());

    [Fact]
    [Rfc("3966", "3", Line = "sip M21")]
    public void ToSip_TelUri_BecomesUserAtDomain()
    {
        var tel = SipUri.Parse("tel:863-1234;phone-context=+1-914-555");
        Assert.True(tel.IsTel);
        Assert.Equal("tel:863-1234;phone-context=+1-914-555", tel.ToString());
        Assert.Equal("sip:8631234;phone-context=+1-914-555@example.com;user=phone", tel.ToSip("example.com").ToString());
    }

    [Fact]
    [Rfc("3891", "3", Line = "sip F3")]
    public void WithHeader_Replaces_IsEscapedAndReadBack()
    {
        const string Value = "425928@bobster.example.org;to-tag=7743;from-tag=6472";
        var uri = SipUri.Parse("sip:carol@chicago.example.com").WithHeader("Replaces", Value);
        Assert.DoesNotContain(';', uri.ToString());
        Assert.Equal(Value, SipUri.Parse(uri.ToString()).Header("replaces"));
        Assert.Equal("sip:carol@chicago.example.com", uri.AsRequestUri().ToString());
    }

    [Theory]
    [InlineData("a\r\nVia: x")]
    [InlineData("a> <sip:evil")]
    [InlineData("a@b")]
    [InlineData("ä #")]
    [Rfc("3261", "25.1", Line = "sip M18")]
    public void Create_AnyUser_StaysOneUserPart(string user)
    {
        var uri = SipUri.Parse(SipUri.Create(user, "host").ToString());
        Assert.Equal(user, uri.DisplayUser);
        Assert.Equal("host", uri.Host);
    }

    [Fact]
    [Rfc("3261", "7.3.1", Line = "sip M18")]
    public void ToString_LineBreakInAnyPart_IsEscaped()
    {
        var uri = new SipUri { User = "a\r\nb", Host = "h\r\nh", Password = "\n", Headers = "x=\r\n" };
        Assert.DoesNotContain("\n", uri.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("\r", uri.ToString(), StringComparison.Ordinal);
    }
}
