using System.Collections.Concurrent;
using Softphone.Core;

namespace Softphone.Sockets.Tests;

public sealed class InterfaceWatcherTests
{
    [Fact]
    public void Change_OfAnAddress_IsReportedOnceOnThePumpThread()
    {
        using var pump = new Pump();
        pump.Start(new EchoMachine());
        var first = new LocalInterface("eth0", IpAddress.Parse("192.0.2.1"), 24);
        var second = first with { Address = IpAddress.Parse("198.51.100.1") };
        IReadOnlyList<LocalInterface> current = [first];
        IpAddress[] way = [default];
        var reports = new BlockingCollection<(IReadOnlyList<LocalInterface> List, bool OnPump)>();
        var listed = new BlockingCollection<bool>();
        using var watcher = new InterfaceWatcher(
            pump.Post,
            () =>
            {
                listed.Add(true);
                return Volatile.Read(ref current);
            },
            _ => Volatile.Read(ref way)[0],
            list => reports.Add((list, pump.IsPumpThread)),
            TimeSpan.FromMilliseconds(1));
        listed.Next();

        watcher.Poke();
        listed.Next();
        pump.On(() => { });
        Assert.Empty(reports);

        Volatile.Write(ref current, [second]);
        watcher.Poke();
        watcher.Poke();
        var (report, onPump) = reports.Next();
        Assert.Equal([second], report);
        Assert.True(onPump);
        pump.On(() => { });
        Assert.Empty(reports);

        // The address was there at once, the route comes later.
        Volatile.Write(ref way, [second.Address]);
        watcher.Poke();
        Assert.Equal([second], reports.Next().List);
    }

    /// <summary>As .NET throws while interfaces come and go, and where no descriptor is left; on a timer's thread it would end the process.</summary>
    public static TheoryData<Exception> Thrown =>
        [new FormatException("Could not find any recognizable digits."), new ArgumentException("An invalid IP address was specified."), new IOException("/proc/net/route"), new System.Net.NetworkInformation.NetworkInformationException(24), new InvalidOperationException(), new System.Net.Sockets.SocketException(24)];

    [Theory]
    [MemberData(nameof(Thrown))]
    public void List_ThatThrows_IsLookedAtAgainAndTheOldOneStands(Exception thrown)
    {
        using var pump = new Pump();
        pump.Start(new EchoMachine());
        var second = new LocalInterface("eth0", IpAddress.Parse("198.51.100.1"), 24);
        var asked = 0;
        var reports = new BlockingCollection<IReadOnlyList<LocalInterface>>();
        using var watcher = new InterfaceWatcher(
            pump.Post,
            () =>
            {
                if (Interlocked.Increment(ref asked) <= 3) throw thrown;
                return [second];
            },
            _ => default,
            reports.Add,
            TimeSpan.FromMilliseconds(1));
        Assert.Equal([second], reports.Next());
        Assert.Equal(4, Volatile.Read(ref asked));
    }

    [Theory]
    [MemberData(nameof(Thrown))]
    public void Interfaces_ThatCannotBeListed_AreAFaultInWordsAndTheLastKnown(Exception thrown)
    {
        var known = SystemInterfaces.List();
        Assert.False(SystemInterfaces.TryList(() => throw thrown, out var found, out var fault));
        Assert.Equal(known, found);
        Assert.Equal(Layer.Transport, fault.Layer);
        Assert.Contains(thrown.GetType().Name, fault.What);
        Assert.NotEmpty(fault.Remedy);
    }

    [Theory]
    [InlineData(64, 47, false)]
    [InlineData(64, 49, true)]
    [InlineData(256, 231, false)]
    [InlineData(256, 233, true)]
    [InlineData(1024, 951, false)]
    [InlineData(1024, 953, true)]
    [InlineData(int.MaxValue, 1_000_000, false)]
    public void Descriptors_NearTheLimit_AreScarceForANewCall(int limit, int open, bool isScarce) =>
        Assert.Equal(isScarce, new Descriptors(limit, () => open).IsScarce(Instant.Zero));

    [Theory]
    [InlineData(64, 54, false)]
    [InlineData(64, 55, true)]
    [InlineData(96, 86, false)]
    [InlineData(96, 87, true)]
    [InlineData(1024, 958, false)]
    [InlineData(1024, 959, true)]
    [InlineData(int.MaxValue, 1_000_000, false)]
    public void Descriptors_AtTheReserve_AreSpent(int limit, int open, bool isSpent) =>
        Assert.Equal(isSpent, new Descriptors(limit, () => open).IsSpent(Instant.Zero));

    [Fact]
    public void Watcher_OfTheSystem_StartsAndEnds()
    {
        using var pump = new Pump();
        var watcher = new InterfaceWatcher(pump, _ => { });
        watcher.Dispose();
        watcher.Poke();
    }

    /// <summary>A chroot without /proc has no list of them, and calls are made there.</summary>
    [Fact]
    public void Files_ThatNothingLists_AreNotTakenToBeSpent()
    {
        var nowhere = new Descriptors(1024, null, "/nowhere/self/fd");
        Assert.False(nowhere.IsScarce(Instant.Zero) || nowhere.IsSpent(Instant.Zero));
    }
}
