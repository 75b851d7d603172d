using Softphone.Core;

namespace Softphone.Nat.Tests;

/// <summary>How much goes to a host that may have been named against its will.</summary>
public sealed class RestraintTests
{
    private static readonly IpAddress _victim = IpAddress.Parse("203.0.113.99");
    private static readonly IpAddress _caller = IpAddress.Parse("198.51.100.7");

    [Theory]
    [InlineData(false, false, false, 20)]
    [InlineData(true, false, false, 20)]
    [InlineData(false, true, false, 20)]
    [InlineData(false, false, true, 20)]
    [InlineData(true, true, false, 1500)]
    [InlineData(true, false, true, 1500)]
    [InlineData(false, true, true, 1500)]
    [Rfc("8445", "19.5.1")]
    public void Host_GetsFewPackets_UntilAcknowledgedAndKnown(bool acknowledged, bool heard, bool signalling, int let)
    {
        var restraint = new Restraint { Signalling = signalling ? _victim : _caller, IsAcknowledged = acknowledged };
        if (heard) restraint.Hear(_victim);
        Assert.Equal(let, Send(restraint, 30, _victim).Count);
        Assert.Equal(1500 - let, restraint.HeldBack);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(7)]
    [Rfc("8445", "19.5.1")]
    public void Bound_HoldsInEverySecond_HoweverManyHostsAreNamed(int hosts)
    {
        var restraint = new Restraint { Signalling = _caller, IsAcknowledged = true };
        var sent = Send(restraint, 60, [.. Enumerable.Range(0, hosts).Select(i => IpAddress.FromV4(0xCB007100 + (uint)i))]);
        for (var i = Restraint.MostInASecond; i < sent.Count; i++) Assert.True(sent[i] - sent[i - Restraint.MostInASecond] >= TimeSpan.FromSeconds(1));
        if (hosts <= 4) Assert.True(sent.Count <= hosts * Restraint.MostInAll, $"{sent.Count}");
    }

    [Fact]
    public void FirstPackets_GoAtOnce_AndAllOnceTheHostIsHeard()
    {
        var restraint = new Restraint { Signalling = _caller, IsAcknowledged = true };
        Assert.Equal(Restraint.MostInASecond, Send(restraint, 0.1, _victim).Count);
        restraint.Hear(_victim);
        Assert.Equal(50, Send(restraint, 1, _victim).Count);
        for (var i = 0u; i < 3; i++) restraint.Hear(IpAddress.FromV4(i));
        Assert.True(restraint.MaySend(default, _victim));
    }

    /// <summary>A caller with many calls, or one that it changes again and again, names the same victim.</summary>
    [Theory]
    [InlineData(1, 20)]
    [InlineData(10, 20)]
    [InlineData(100, 20)]
    [Rfc("8445", "19.5.1")]
    public void Victim_NamedByManyCalls_GetsNoMoreThanByOne(int calls, int most)
    {
        var all = new UnaskedHosts();
        var restraints = new List<Restraint>();
        for (var i = 0; i < calls; i++) restraints.Add(new Restraint(all) { Signalling = _caller, IsAcknowledged = true });
        var sent = new List<Instant>();
        for (var i = 1; i <= 59 * 50; i++)
        {
            var now = default(Instant) + TimeSpan.FromMilliseconds(20 * i);
            // One of the calls is moved between five hosts, of which each has had its share when its turn comes again.
            if (i % 50 == 0)
                foreach (var other in Enumerable.Range(1, 4)) restraints[0].MaySend(now, IpAddress.FromV4(_victim.V4 + (uint)other));
            sent.AddRange(restraints.Where(r => r.MaySend(now, _victim)).Select(_ => now));
        }

        Assert.Equal(most, sent.Count);
        var fifth = sent.Zip(sent.Skip(Restraint.MostInASecond), (before, after) => after - before);
        Assert.All(fifth, apart => Assert.True(apart >= TimeSpan.FromSeconds(1), $"{apart}"));
    }

    [Fact]
    public void MediaServer_HeardInOneCall_IsNotHeldBackByWhatOthersSent()
    {
        var all = new UnaskedHosts();
        var first = new Restraint(all) { Signalling = _caller, IsAcknowledged = true };
        Assert.Equal(Restraint.MostInASecond, Send(first, 0.5, _victim).Count);
        Assert.Empty(Send(new Restraint(all) { Signalling = _caller, IsAcknowledged = true }, 0.5, _victim));
        first.Hear(_victim);
        Assert.Equal(25, Send(first, 0.5, _victim).Count);
        Assert.Equal(Restraint.MostInASecond, Send(new Restraint(all) { Signalling = _caller, IsAcknowledged = true }, 0.5, _victim).Count);
    }

    /// <summary>What is heard in a call that nobody acknowledged may have been sent in another's name.</summary>
    [Fact]
    public void Host_HeardInACallWithoutAck_IsNotKnownToOthers()
    {
        var all = new UnaskedHosts();
        var forged = new Restraint(all) { Signalling = _victim };
        forged.Hear(_victim);
        Assert.Equal(50, Send(forged, 1, _victim).Count);
        Assert.Equal(Restraint.MostInAll, Send(new Restraint(all) { Signalling = _caller, IsAcknowledged = true }, 30, _victim).Count);
    }

    private static List<Instant> Send(Restraint restraint, double seconds, params IpAddress[] hosts)
    {
        var sent = new List<Instant>();
        for (var i = 0; i < seconds * 50; i++)
        {
            var now = default(Instant) + TimeSpan.FromMilliseconds(20 * (i + 1));
            if (restraint.MaySend(now, hosts[i % hosts.Length])) sent.Add(now);
        }

        return sent;
    }
}
