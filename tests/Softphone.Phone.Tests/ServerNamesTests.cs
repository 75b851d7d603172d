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

    /// <summary>A phone that starts before its network finds its servers once a call needs them; what does not exist is not asked for again.</summary>
    [Theory]
    [InlineData(NameFault.Silent, false, true)]
    [InlineData(NameFault.Refused, false, true)]
    [InlineData(NameFault.Silent, true, true)]
    [InlineData(NameFault.NotFound, false, false)]
    [InlineData(NameFault.NotFound, true, false)]
    public void NextCall_NamesThatNobodyAnswered_AreAskedAgain(NameFault fault, bool isService, bool areAsked)
    {
        var names = new ServerNames(new NatSettings { StunServers = [new ServerName("stun.example.net", 3478) { IsService = isService }] });
        names.Begin(Instant.Zero);
        while (names.TryQuery(out var query)) names.Answer(NameAnswer.Failure(query.Id, fault, []));
        Assert.True(names.AreKnown);
        names.AskAgain(Instant.Zero);
        Assert.Equal(!areAsked, names.AreKnown);
        while (names.TryQuery(out var query)) names.Answer(NameAnswer.Of(query.Id, IpAddress.Parse("192.0.2.1")));
        Assert.True(names.AreKnown);
        Assert.Equal(areAsked ? 1 : 0, names.StunServers.Count);
        names.AskAgain(Instant.Zero);
        Assert.True(names.AreKnown);
    }
}
