using System.Collections.Concurrent;
using Softphone.Core;

namespace Softphone.Sockets.Tests;

public sealed class PumpTests
{
    [Fact]
    public void Defer_OfAFloodedSocket_LetsTheOtherBeServedFirst()
    {
        var machine = new EchoMachine { Echoes = false };
        using var pump = new Pump();
        Assert.True(pump.TryOpen(Transport.Udp, IpAddress.LoopbackV4, 0, out var signalling, out var flooded, out _));
        Assert.True(pump.TryOpen(Transport.Udp, IpAddress.LoopbackV4, 0, out var media, out var quiet, out _));
        pump.Defer(signalling);
        using var sender = new System.Net.Sockets.UdpClient(System.Net.Sockets.AddressFamily.InterNetwork);
        for (var i = 0; i < 60; i++) sender.Send([1], flooded.ToEndPoint());
        sender.Send([2], quiet.ToEndPoint());
        pump.Start(machine);
        Assert.Equal(media, machine.Received.Next().Path);
        for (var i = 0; i < 60; i++) Assert.Equal(signalling, machine.Received.Next().Path);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Post_FromManyThreads_RunsInOrderOnThePumpThread(bool many)
    {
        using var pump = new Pump(new PumpOptions { HasManySockets = many });
        pump.Start(new EchoMachine());
        var ran = new ConcurrentQueue<(int Thread, int Number, bool OnPump)>();
        Parallel.For(0, 4, thread =>
        {
            for (var i = 0; i < 500; i++)
            {
                var number = i;
                pump.Post(() => ran.Enqueue((thread, number, pump.IsPumpThread)));
            }
        });
        pump.On(() => { });
        Assert.Equal(2000, ran.Count);
        Assert.All(ran, r => Assert.True(r.OnPump));
        foreach (var group in ran.GroupBy(r => r.Thread)) Assert.Equal(Enumerable.Range(0, 500), group.Select(r => r.Number));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Timer_ShortDelay_AdvancesNotEarlyAndSoon(bool many)
    {
        var machine = new EchoMachine();
        using var pump = new Pump(new PumpOptions { HasManySockets = many });
        pump.Start(machine);
        var due = pump.On(() => (machine.NextTimeout = pump.Now + TimeSpan.FromMilliseconds(30))!.Value);
        var at = machine.Advances.Next();
        Assert.True(at >= due, $"early by {due - at}");
        Assert.True(at - due < TimeSpan.FromSeconds(2), $"late by {at - due}");
    }

    [Fact]
    public void Timer_AlreadyDue_AdvancesWithoutAnyInput()
    {
        var machine = new EchoMachine { NextTimeout = Instant.Zero };
        using var pump = new Pump();
        pump.Start(machine);
        machine.Advances.Next();
    }

    [Fact]
    public void Drained_AfterAnInput_MaySendMore()
    {
        var machine = new EchoMachine();
        using var pump = new Pump();
        Assert.True(pump.TryOpen(Transport.Udp, IpAddress.LoopbackV4, 0, out var path, out var bound, out _));
        var sent = false;
        pump.Start(machine, _ =>
        {
            if (sent) return;
            sent = true;
            machine.Send(path, bound, [1, 2, 3]);
        });
        Assert.Equal([1, 2, 3], machine.Received.Next().Payload);
    }

    /// <summary>
    /// Whatever the input was, and however long it took since it was handed in, a machine is told when its messages have left: its first
    /// repetition counts from there (RFC 3261 §17.1.1.2). What sends nothing is told nothing.
    /// </summary>
    [Theory]
    [InlineData("command")]
    [InlineData("packet")]
    [InlineData("timer")]
    [InlineData("drained")]
    public void Sent_AfterAnInputThatTookLong_TellsWhenTheLastMessageLeft(string input)
    {
        Pump? pump = null;
        Instant taken = default;
        var machine = new EchoMachine { Echoes = input == "packet", Taken = () => taken = Later(pump!, 20) };
        var drained = false;
        using var made = pump = new Pump();
        Assert.True(pump.TryOpen(Transport.Udp, IpAddress.LoopbackV4, 0, out var path, out var bound, out _));
        using var peer = new System.Net.Sockets.UdpClient(new System.Net.IPEndPoint(System.Net.IPAddress.Loopback, 0));
        var to = Address.Parse(peer.Client.LocalEndPoint!.ToString()!);
        pump.Start(machine, _ =>
        {
            if (!drained || input != "drained") return;
            drained = false;
            machine.Send(path, to, [1]);
        });
        pump.On(() => { });
        Assert.Empty(machine.Left);
        switch (input)
        {
            case "command":
                pump.On(() => machine.Send(path, to, [1]));
                break;
            case "packet":
                peer.Send([1], bound.ToEndPoint());
                break;
            case "timer":
                pump.On(() =>
                {
                    machine.NextTimeout = pump.Now;
                    machine.AtAdvance = () => machine.Send(path, to, [1]);
                });
                break;
            default:
                pump.On(() => drained = true);
                break;
        }

        var left = machine.Left.Next();
        Assert.True(left >= pump.On(() => taken), $"told of {left}, and the last was taken at {taken}");
    }

    /// <summary>Stays on the processor for a while, as the first use of code does.</summary>
    private static Instant Later(Pump pump, int milliseconds)
    {
        var end = pump.Now + TimeSpan.FromMilliseconds(milliseconds);
        while (pump.Now < end) System.Threading.Thread.SpinWait(100);
        return pump.Now;
    }

    [Fact]
    public void Sockets_CalledFromAnotherThread_AreRefused()
    {
        using var pump = new Pump();
        pump.Start(new EchoMachine());
        Assert.Throws<InvalidOperationException>(() => pump.TryOpen(Transport.Udp, IpAddress.LoopbackV4, 0, out _, out _, out _));
    }

    [Fact]
    public void Crash_InAPostedAction_EndsThePumpAndTellsWhy()
    {
        var crashed = new BlockingCollection<Exception>();
        using var pump = new Pump(new PumpOptions { Crashed = crashed.Add });
        pump.Start(new EchoMachine());
        pump.Post(() => throw new InvalidOperationException("bug"));
        Assert.Equal("bug", crashed.Next().Message);
        Assert.False(pump.Post(() => { }));
    }

    [Theory]
    [InlineData("command")]
    [InlineData("packet")]
    [InlineData("timer")]
    [InlineData("send")]
    [InlineData("drained")]
    [InlineData("next")]
    public void Fault_InOneInput_IsToldAndThePumpGoesOn(string where)
    {
        var faults = new BlockingCollection<PumpFault>();
        var machine = new EchoMachine { Echoes = false };
        var faulty = new FaultyMachine(machine, where);
        var throws = where == "drained";
        using var pump = new Pump(new PumpOptions { Faulted = faults.Add, Crashed = e => Assert.Fail(e.ToString()) });
        Assert.True(pump.TryOpen(Transport.Udp, IpAddress.LoopbackV4, 0, out var path, out var bound, out _));
        pump.Start(faulty, _ =>
        {
            if (!Volatile.Read(ref throws) || machine.Received.Count == 0) return;
            Volatile.Write(ref throws, false);
            throw new InvalidOperationException("bug");
        });
        pump.On(() => machine.Send(path, bound, [1]));
        if (where == "command") pump.Post(() => throw new InvalidOperationException("bug"));
        if (where == "timer") pump.On(() => machine.NextTimeout = Instant.Zero);
        Assert.Equal("bug", faults.Next().Error.Message);
        pump.On(() => machine.Send(path, bound, [2]));
        while (machine.Received.Next().Payload[0] != 2)
        {
        }
    }

    /// <summary>What a timer throws at stays due; the thread must not spin on it, nor must the others wait.</summary>
    [Fact]
    public void Fault_AtEveryTurn_IsGivenTimeBetween()
    {
        var faults = 0;
        var machine = new EchoMachine { NextTimeout = Instant.Zero };
        using var pump = new Pump(new PumpOptions { Faulted = _ => Interlocked.Increment(ref faults) });
        pump.Start(new FaultyMachine(machine, "always"));
        var until = pump.Now + TimeSpan.FromMilliseconds(600);
        while (pump.Now < until) pump.On(() => { });
        Assert.InRange(Volatile.Read(ref faults), 1, 8);
    }

    [Fact]
    public async Task Post_ThatWasTaken_RunsThoughThePumpEnds()
    {
        for (var round = 0; round < 50; round++)
        {
            var pump = new Pump();
            pump.Start(new EchoMachine());
            var (taken, ran) = (0, 0);
            var posters = Enumerable.Range(0, 3).Select(_ => Task.Run(() =>
            {
                while (pump.Post(() => Interlocked.Increment(ref ran))) Interlocked.Increment(ref taken);
            })).ToArray();
            pump.On(() => { });
            Assert.True(pump.End(Timeout.InfiniteTimeSpan));
            await Task.WhenAll(posters);
            Assert.Equal(taken, ran);
        }
    }

    [Fact]
    public void Dispose_OnThePumpThread_EndsIt()
    {
        var pump = new Pump();
        pump.Start(new EchoMachine());
        pump.On(pump.Dispose);
        pump.Dispose();
        Assert.False(pump.Post(() => { }));
    }

    [Fact]
    public void Clock_ReadTwice_NeverGoesBack()
    {
        var last = BootClock.Now;
        for (var i = 0; i < 10_000; i++)
        {
            var now = BootClock.Now;
            Assert.True(now >= last);
            last = now;
        }
    }

    [Fact]
    public void Entropy_TwoFills_Differ()
    {
        var entropy = new SystemEntropy();
        Assert.NotEqual(entropy.NextToken(32), entropy.NextToken(32));
    }
}
