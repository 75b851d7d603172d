namespace Softphone.Nat.Tests;

public sealed class TurnRestCredentialsTests
{
    /// <summary>The expected value was computed apart, with openssl: printf '1433895918:alice' | openssl dgst -sha1 -hmac north -binary | base64.</summary>
    [Fact]
    [Rfc("draft-uberti-behave-turn-rest", "2.2", Line = "T38")]
    public void Create_MakesUsernameAndPassword()
    {
        var credentials = TurnRestCredentials.Create("north", "alice", 1433895918);
        Assert.Equal(("1433895918:alice", "RqMvcGPYTJMGThVLSi4amT4zFtI="), (credentials.Username, credentials.Password));
        Assert.Equal("1433895918", TurnRestCredentials.Create("north", "", 1433895918).Username);
        Assert.DoesNotContain(credentials.Password, credentials.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("1433895918:alice", 1433895918L)]
    [InlineData("1433895918", 1433895918L)]
    [InlineData("alice", null)]
    [InlineData("-5:alice", null)]
    [InlineData(":alice", null)]
    [InlineData("99999999999999999999:alice", null)]
    [Rfc("draft-uberti-behave-turn-rest", "2.2", Line = "T38")]
    public void Expiry_IsReadFromTheUsername(string username, long? expected)
    {
        Assert.Equal(expected is not null, TurnRestCredentials.TryGetExpiry(username, out var expiry));
        if (expected is not null) Assert.Equal(expected, expiry);
    }

    [Theory]
    [InlineData("1433895918:alice", "2015-06-10 00:25:18 UTC")]
    [InlineData("1782820800", "2026-06-30 12:00:00 UTC")]
    [InlineData("4930123456789", "")]
    [InlineData("100:alice", "")]
    [InlineData("alice", "")]
    public void Refused_AUsernameWithAnEnd_IsToldWhenThatWasOrWillBe(string username, string until)
    {
        using var server = new ScriptedServer(ScriptedServer.Default with { Username = username }) { Challenges = false };
        server.Answerer = (Seen _, ref StunWriter answer) =>
        {
            answer.AddErrorCode(401);
            answer.AddString(StunAttributeType.Realm, "lab");
            answer.AddString(StunAttributeType.Nonce, "nonce");
            return true;
        };
        server.Client.Allocate(server.Now);
        server.RunTo(100);
        var remedy = Assert.IsType<TurnEvent.AllocationFailed>(Assert.Single(server.Events)).Fault.Remedy;
        Assert.Contains("check username and password", remedy, StringComparison.Ordinal);
        Assert.Equal(until.Length > 0, remedy.Contains("get new credentials", StringComparison.Ordinal));
        Assert.Contains(until, remedy, StringComparison.Ordinal);
    }
}
