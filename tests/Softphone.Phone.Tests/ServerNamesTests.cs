using Softphone.Core;
using Softphone.Nat;

namespace Softphone.Phone.Tests;

/// <summary>What is known of the names of STUN and TURN servers, and what is only not told.</summary>
public sealed class ServerNamesTests
{
    [Theory]
    [InlineData(NameFault.NotFound, true)]
    [InlineData(NameFault.Silent, false)]
    [InlineData(NameFault.Refused, false)]
    [InlineData(null, false)] // nothing came within the time that a call waits
    public void Unknown_Name_IsAbsentOnlyWhereDnsSaidSo(NameFault? fault, bool isAbsent)
    {
        var names = new ServerNames(new NatSettings { StunServers = [new ServerName("stun.example.net", 3478)] });
        var now = Instant.Zero;
        names.Begin(now);
        while (names.TryQuery(out var query))
        {
            if (fault is { } why) names.Answer(NameAnswer.Failure(query.Id, why, []));
        }

        if (fault is null) names.Expire(names.Deadline!.Value);
        Assert.Equal(("stun.example.net", isAbsent), Assert.Single(names.Unknown));
    }
}
