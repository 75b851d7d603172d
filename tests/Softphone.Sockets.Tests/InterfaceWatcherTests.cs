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

    [Fact]
    public void Watcher_OfTheSystem_StartsAndEnds()
    {
        using var pump = new Pump();
        var watcher = new InterfaceWatcher(pump, _ => { });
        watcher.Dispose();
        watcher.Poke();
    }
}
