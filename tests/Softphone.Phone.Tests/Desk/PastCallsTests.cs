using System.Runtime.CompilerServices;
using Softphone.Core;
using Softphone.Nat;
using Softphone.Sip;

namespace Softphone.Phone.Tests;

/// <summary>What a test measures of the heap is its own only while no other runs.</summary>
[CollectionDefinition(nameof(PastCallsTests), DisableParallelization = true)]
public sealed class PastCallsAlone;

/// <summary>The records of calls that are over stay within what they may hold, and forget the oldest.</summary>
[Collection(nameof(PastCallsTests))]
public sealed class PastCallsTests
{
    private static readonly Candidate Ours = Candidate.Host(1, new PathId(1), Address.Parse("192.0.2.1:4000"), 65535, "1");

    [Theory]
    [InlineData(250, 4000, 1200)]
    [InlineData(400, 300, 40_000)]
    [InlineData(220, 4000, 0)]
    public void Records_OfManyLargeCalls_StayWithinTheirOctets(int calls, int entries, int text)
    {
        var past = new PastCalls();
        var before = GC.GetTotalMemory(forceFullCollection: true);
        Fill(past, calls, entries, text);
        var held = GC.GetTotalMemory(forceFullCollection: true) - before;
        Assert.InRange(past.Octets, PastCalls.MostOctets / 2, PastCalls.MostOctets);
        Assert.True(held <= past.Octets + (1 << 20), $"{held} octets are held where {past.Octets} are counted");
        Assert.Equal(calls, past.View[^1].Id.Value);
        Assert.InRange(past.View.Count, 40, 200);
        Assert.Equal(Enumerable.Range(calls - past.View.Count + 1, past.View.Count), past.View.Select(c => c.Id.Value));
        GC.KeepAlive(past);
    }

    [Fact]
    public void Record_ThatIsTooLarge_KeepsItsBeginningAndMoreOfItsEnd_AndCountsTheRest()
    {
        var whole = Call(1, 3000, 800);
        var kept = PastCalls.Cut(whole);
        Assert.Equal(whole.Trace.Count, kept.Trace.Count + kept.LeftOut);
        Assert.Same(whole.Trace[0], kept.Trace[0]);
        Assert.Same(whole.Trace[^1], kept.Trace[^1]);
        var cut = Enumerable.Range(1, kept.Trace.Count - 1).Single(i => kept.Trace[i].At - kept.Trace[i - 1].At > TimeSpan.FromSeconds(1));
        Assert.InRange(kept.Trace.Count / (double)cut, 3.5, 4.5);
        Assert.Equal((kept.Trace.Count, kept.LeftOut), (PastCalls.Cut(kept).Trace.Count, PastCalls.Cut(kept).LeftOut));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    public void Record_OfACallWithOneHugeMessage_IsWithinItsOctetsAllTheSame(int others)
    {
        var call = Call(1, others, 10);
        var kept = PastCalls.Cut(call with { Trace = [.. call.Trace, Message(others, 2 << 20)] });
        Assert.Equal((others, 1L), (kept.Trace.Count, kept.LeftOut));
    }

    [Fact]
    public void Records_OfOneAccount_LeaveThoseOfAnotherAlone()
    {
        var past = new PastCalls();
        var gone = new List<CallId>();
        past.Add(Call(1, 3, 10) with { Account = "home" }, 5, gone);
        for (var i = 2; i < 8; i++) past.Add(Call(i, 3, 10), 2, gone);
        Assert.Equal([1, 6, 7], past.View.Select(c => c.Id.Value));
        Assert.Equal([2, 3, 4, 5], gone.Select(c => c.Value));
        Assert.Null(past.Find(new CallId(3)));
        Assert.Equal("home", past.Find(new CallId(1))!.Account);
    }

    /// <summary>By itself, so that no whole call of a frame on the stack is counted.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Fill(PastCalls past, int calls, int entries, int text)
    {
        for (var i = 1; i <= calls; i++) past.Add(Call(i, entries, text), 200, []);
    }

    private static CallView Call(int number, int entries, int text) => new(new CallId(number), CallState.Ended, CallDirection.Outgoing, $"sip:{number}@example.net")
    {
        Account = "work",
        Trace = [.. Enumerable.Range(0, entries).Select(i => text > 0 && i % 2 == 0 ? Message(i, text) : Check(i))],
    };

    private static TraceEntry Check(int i) => new IceTrace.PairChanged(At(i), $"work/{i % 3}/ice", i, PairState.Waiting, PairState.Failed, new string('r', 40));

    private static SipTrace.Message Message(int i, int text) =>
        new(At(i), "work", true, new PathId(1), Transport.Udp, Ours.Address, Ours.Address, new string('l', 60), new string('c', 40), new string('x', text), false);

    private static Instant At(int i) => Instant.Zero + TimeSpan.FromMilliseconds(i);
}
