namespace Softphone.Core.Tests;

public sealed class TraceTests
{
    [Fact]
    public void Trace_PastItsCount_ForgetsTheOldest()
    {
        var trace = new Trace(bound: 3);
        for (var i = 0; i < 5; i++) trace.Emit(new Entry(i, 1));
        Assert.Equal([2, 3, 4], trace.Entries.Cast<Entry>().Select(e => e.Number));
        Assert.Equal(2, trace.Forgotten);
    }

    [Fact]
    public void Trace_OfLongTexts_IsBoundedByTheirLength()
    {
        var trace = new Trace(bound: 1000, sizeBound: 100);
        for (var i = 0; i < 50; i++) trace.Emit(new Entry(i, 30));
        Assert.Equal([47, 48, 49], trace.Entries.Cast<Entry>().Select(e => e.Number));
        trace.Emit(new Entry(50, 500));
        Assert.Equal(50, Assert.IsType<Entry>(Assert.Single(trace.Entries)).Number);
        trace.Emit(new Entry(51, 1));
        Assert.Equal(51, Assert.IsType<Entry>(Assert.Single(trace.Entries)).Number);
    }

    /// <summary>Several phones keep no more together than one may, and what one of them forgot another may keep.</summary>
    [Theory]
    [InlineData(1 << 20, 2, 10_000)]
    [InlineData(64 << 20, 3, 60_000)]
    [InlineData(4 << 20, 5, 300)]
    public void Traces_OfOneLedger_AreBoundedInOctetsTogether(int bound, int traces, int length)
    {
        var ledger = new OctetLedger(bound);
        Trace[] all = [.. Enumerable.Range(0, traces).Select(_ => new Trace(ledger: ledger))];
        for (var i = 0; i < 4 * bound / length; i++) all[i % traces].Emit(new Entry(i, length));
        var kept = all.Sum(t => t.Entries.Sum(e => 2L * e.Size));
        Assert.InRange(kept, ledger.ShareOf(OctetUse.Trace) / 3, ledger.ShareOf(OctetUse.Trace) + (2L * length * traces));
        Assert.InRange(ledger.HeldBy(OctetUse.Trace), kept, bound / 2);
    }

    [Fact]
    public void Trace_ThatIsOff_KeepsAndTellsNothing()
    {
        var trace = new Trace(0) { Emitted = _ => Assert.Fail("told") };
        trace.Emit(new Entry(1, 1));
        Assert.False(trace.IsOn);
        Assert.Empty(trace.Entries);
    }

    private sealed record Entry(int Number, int Length) : TraceEntry(Instant.Zero, "test")
    {
        public override Layer Layer => Layer.Sip;

        public override int Size => Length;

        public override string Describe() => Number.ToString();
    }
}
