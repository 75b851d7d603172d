using Softphone.Core;

namespace Softphone.Sip.Tests;

public sealed class AccountTests
{
    [Theory]
    [InlineData("sip:example.com", true)]
    [InlineData("sip:EDGE.Example.com:5070", true)]
    [InlineData("sip:registrar.example.net", true)]
    [InlineData("sip:notexample.com", false)]
    [InlineData("sip:example.com.evil.org", false)]
    [InlineData("sip:example.net", false)]
    [Rfc("3261", "22.1", Line = "sip A6")]
    public void Credentials_GoOnlyToTheAccountsOwnNames(string hop, bool trusted)
    {
        var settings = new SipAccount { Aor = SipUri.Parse("sip:alice@example.com"), Registrar = SipUri.Parse("sip:registrar.example.net"), Password = "p" };
        var account = new Account(new AccountId(1), settings, new SeededEntropy(1));
        Assert.Equal(trusted, account.Trusts(SipUri.Parse(hop), IpAddress.Parse("192.0.2.1")));
    }

    [Fact]
    [Rfc("3261", "22.1", Line = "sip A6")]
    public void Credentials_GoToAnAddressOnlyOnceAnOwnNameLedThere()
    {
        var account = new Account(new AccountId(1), new SipAccount { Aor = SipUri.Parse("sip:alice@example.com"), Password = "p" }, new SeededEntropy(1));
        var ip = IpAddress.Parse("192.0.2.1");
        account.Met(SipUri.Parse("sip:notexample.com"), ip);
        Assert.False(account.Trusts(SipUri.Parse("sip:192.0.2.1"), ip));
        account.Met(SipUri.Parse("sip:example.com"), ip);
        Assert.True(account.Trusts(SipUri.Parse("sip:192.0.2.1"), ip));
    }
}
