using Softphone.Core;
using Softphone.Nat;
using Softphone.Sip;

namespace Softphone.Phone.Tests;

/// <summary>The trace of one call, apart from everything else a phone writes.</summary>
public sealed class CallRecordTests
{
    private static readonly Candidate Ours = Candidate.Host(1, new PathId(1), Address.Parse("192.0.2.1:4000"), 65535, "1");
    private static readonly Candidate Theirs = Candidate.Remote(CandidateType.Host, 1, Address.Parse("198.51.100.1:5000"), 1, "1");

    [Fact]
    public void Records_TakeWhatIsOfTheCall_AndLeaveOutTheRest()
    {
        var trace = new Trace();
        var records = new CallRecords(trace, "work");
        trace.Emit(Message("INVITE", "call-7"));
        trace.Emit(Message("REGISTER", "reg"));
        trace.Emit(new CallTrace.Signalled(At(1), "work/7", "session3", "call-7"));
        trace.Emit(new SipTrace.State(At(1), "work", "session3", "answered"));
        trace.Emit(new SipTrace.State(At(1), "work", "session4", "answered"));
        trace.Emit(new GatherTrace.Ready(At(1), "work/7", 3, "all"));
        trace.Emit(new GatherTrace.Ready(At(1), "work/77", 3, "all"));
        trace.Emit(new GatherTrace.Ready(At(1), "work2/7", 3, "all"));
        trace.Emit(new IceTrace.StateChanged(At(1), "work/7/ice", IceState.Gathering, IceState.Checking));
        trace.Emit(Message("ACK", "call-7"));
        var own = records.Of(new CallId(7));
        Assert.Equal(["Signalled", "Message", "State", "Ready", "StateChanged", "Message"], own.Select(e => e.GetType().Name));
        Assert.Empty(records.Of(new CallId(8)));
        Assert.Single(records.Of(new CallId(77)));
        records.Forget(new CallId(7));
        Assert.Empty(records.Of(new CallId(7)));
    }

    [Fact]
    public void Records_OfALongCall_OutliveManyShortOnes()
    {
        var trace = new Trace();
        var records = new CallRecords(trace, "work");
        trace.Emit(new CallTrace.Signalled(At(1), "work/1", "session1", "call-1"));
        for (var i = 2; i < 100; i++)
        {
            trace.Emit(new CallTrace.Signalled(At(i), $"work/{i}", $"session{i}", $"call-{i}"));
            records.Forget(new CallId(i));
        }

        Assert.Single(records.Of(new CallId(1)));
    }

    [Fact]
    public void Entries_GivenOut_NeverChange_AndAreTheSameUntilSomethingIsAdded()
    {
        var record = new CallRecord(16);
        for (var i = 0; i < 10; i++) record.Add(Entry(i));
        var before = record.Entries;
        Assert.Same(before, record.Entries);
        for (var i = 10; i < 500; i++) record.Add(Entry(i));
        Assert.NotSame(before, record.Entries);
        Assert.Equal(Enumerable.Range(0, 10).Select(i => At(i)), before.Select(e => e.At));
    }

    [Fact]
    public void Record_PastItsBound_KeepsTheBeginningAndTheEnd()
    {
        var record = new CallRecord(16);
        for (var i = 0; i < 1000; i++) record.Add(Entry(i));
        Assert.True(record.Entries.Count <= 16);
        Assert.Equal(At(0), record.Entries[0].At);
        Assert.Equal(At(999), record.Entries[^1].At);
        Assert.Equal(1000, record.Entries.Count + record.Forgotten);
        Assert.Equal(record.Entries.OrderBy(e => e.At), record.Entries);
    }

    [Fact]
    public void Record_OfLargeMessages_StaysWithinItsSize()
    {
        var record = new CallRecord(1000, sizeBound: 10_000);
        for (var i = 0; i < 200; i++) record.Add(Message("INFO", "id", new string('x', 900)));
        Assert.InRange(record.Entries.Sum(e => e.Size), 1, 10_000);
        record.Add(Message("INFO", "id", new string('x', 50_000)));
        Assert.Single(record.Entries);
    }

    [Fact]
    public void ConsentOfThePeer_OnASettledPath_IsNoNews()
    {
        var record = new CallRecord();
        record.Add(new IceTrace.Selected(At(1), "work/1/ice", 4, 1, Ours, Theirs));
        record.Add(new IceTrace.CheckReceived(At(2), "work/1/ice", 4, Theirs.Address, false));
        for (var i = 0; i < 100; i++)
        {
            record.Add(new IceTrace.CheckReceived(At(10 + i), "work/1/ice", 4, Theirs.Address, false));
            record.Add(new IceTrace.AnswerSent(At(10 + i), "work/1/ice", 4, Theirs.Address, 0));
        }

        record.Add(new IceTrace.CheckReceived(At(200), "work/1/ice", 5, Theirs.Address, false));
        record.Add(new IceTrace.CheckReceived(At(200), "work/1/ice", 4, Theirs.Address, true));
        Assert.Equal(4, record.Entries.Count);
    }

    private static GatherTrace.Ready Entry(int at) => new(At(at), "work/1", 1, "");

    private static SipTrace.Message Message(string method, string id, string text = "") =>
        new(At(0), "work", true, new PathId(1), Transport.Udp, default, default, $"{method} sip:b SIP/2.0", id, text, false);

    private static Instant At(double seconds) => Instant.Zero + TimeSpan.FromSeconds(seconds);
}
