using System.Net.Sockets;

namespace Softphone.Sockets.Tests;

/// <summary>What must not end the process, nor keep it.</summary>
public sealed class EdgeTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3)]
    public void LoopbackWakeup_DatagramThatIsLost_CostsThisOneWakeUpOnly(int lost)
    {
        using var wakeup = new LoopbackWakeup();
        for (var i = 0; i < lost; i++)
        {
            wakeup.Signal();
            wakeup.Socket.Receive(new byte[1]);
        }

        wakeup.Signal();
        Assert.True(wakeup.Socket.Poll(TimeSpan.FromSeconds(10), SelectMode.SelectRead));
        for (var i = 0; i < 5; i++) wakeup.Signal();
        wakeup.Clear();
        Assert.False(wakeup.Socket.Poll(TimeSpan.Zero, SelectMode.SelectRead));
    }

    [Fact]
    public void End_ActionThatHangsOnThePump_IsNotWaitedForWithoutLimit()
    {
        using var hangs = new ManualResetEventSlim();
        using var isHanging = new ManualResetEventSlim();
        var pump = new Pump();
        pump.Start(new EchoMachine());
        pump.Post(() =>
        {
            isHanging.Set();
            hangs.Wait();
        });
        isHanging.Wait();
        Assert.False(pump.End(TimeSpan.Zero));
        hangs.Set();
        Assert.True(pump.End(TimeSpan.FromSeconds(30)));
    }

    [Fact]
    public void Guarded_WhatThrows_IsToldAndNothingElse()
    {
        var told = new List<string>();
        Guarded.Run(() => throw new FormatException("of a network address"), e => told.Add(e.Message));
        Guarded.Run(() => throw new IOException("first"), e => throw new IOException("second"));
        Guarded.Run(() => told.Add("well"));
        Assert.Equal(["of a network address", "well"], told);
    }

    [Fact]
    public void Guarded_OnAnotherThread_IsToldToo()
    {
        using var told = new CountdownEvent(3);
        Guarded.Begin(() => throw new InvalidOperationException("at once"), _ => told.Signal());
        Guarded.Begin(async () =>
        {
            await Task.Yield();
            throw new InvalidOperationException("later");
        }, _ => told.Signal());
        using var timer = Guarded.Timer(() => throw new InvalidOperationException("each time"), TimeSpan.Zero, Timeout.InfiniteTimeSpan, _ => told.Signal());
        Assert.True(told.Wait(TimeSpan.FromSeconds(30)));
    }
}
