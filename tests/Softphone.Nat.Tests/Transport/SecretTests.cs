using Softphone.Core;

namespace Softphone.Nat.Tests;

/// <summary>A record that ends up in a log must not take its password along.</summary>
public sealed class SecretTests
{
    private const string Secret = "SECRETSECRETSECRETSECRET";

    public static TheoryData<object> Holders() =>
    [
        new LocalIce { Ufrag = "open", Pwd = Secret, DefaultRtp = default },
        new RemoteIce { Ufrag = "open", Pwd = Secret },
        new RelayServer(Address.Parse("192.0.2.1:3478"), "open", Secret),
        new TurnOptions { Server = Address.Parse("192.0.2.1:3478"), Path = new PathId(1), Relay = new PathId(2), Username = "open", Password = Secret },
        new TurnRestCredentials("open", Secret),
    ];

    [Theory]
    [MemberData(nameof(Holders), DisableDiscoveryEnumeration = true)]
    public void Text_OfWhatHoldsAPassword_NamesItsOwnerOnly(object holder)
    {
        Assert.Contains("open", holder.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, holder.ToString(), StringComparison.Ordinal);
    }
}
