using Softphone.Core;
using Softphone.Media;
using Softphone.Nat;
using Softphone.Phone;
using Softphone.Sip;

namespace Softphone.Scenarios;

/// <summary>The records of calls that are over.</summary>
public sealed class DeskRecordTests
{
    [Fact]
    public void AnsweredCall_AMinuteAfterItsEnd_IsThereWithMessagesIceMediaAndQuality()
    {
        using var bench = new DeskBench(1, "alice", "bob");
        var (mine, theirs) = bench.Connect("alice", "bob");
        bench.Run(10);
        bench.Do("alice", new PhoneCommand.Hangup(mine));
        bench.Run(60);
        foreach (var (user, id) in new[] { ("alice", mine), ("bob", theirs) })
        {
            var view = bench[user].View;
            Assert.Empty(view.Calls);
            var record = Assert.Single(view.Past);
            var row = Assert.Single(view.History);
            Assert.Equal((id, (CallId?)id, RecordPlace.Memory, CallState.Ended), (record.Id, row.Call, row.Record, record.State));
            var lines = record.Trace.OfType<SipTrace.Message>().Select(m => m.StartLine).ToList();
            Assert.Contains(lines, l => l.StartsWith("INVITE", StringComparison.Ordinal));
            Assert.StartsWith("BYE", lines[^2], StringComparison.Ordinal);
            Assert.Equal("SIP/2.0 200 OK", lines[^1]);
            Assert.Contains(record.Trace, e => e is IceTrace.Selected);
            Assert.Contains(record.Trace, e => e is MediaTrace.Closed);
            Assert.Equal((0L, "host"), (record.LeftOut, record.Path));
            Assert.InRange(record.Quality.Mos.Count, 9, 11);
            Assert.NotEmpty(record.Explanation);
            Assert.InRange((record.Ended!.Value - record.Began).TotalSeconds, 10, 12);
            Assert.Same(view.Past, bench[user].View.Past);
        }
    }

    [Theory]
    [InlineData("nobody", "SIP/2.0 404")]
    [InlineData("bob", "SIP/2.0 486")]
    public void RefusedCall_AMinuteLater_IsThereWithItsAnswer(string target, string answer)
    {
        using var bench = new DeskBench(1, "alice", "bob");
        bench.Do("alice", new PhoneCommand.Dial(target));
        if (target == "bob")
        {
            bench.Until(() => bench.Ringing("bob") is not null, 5, "bob rings");
            bench.Do("bob", new PhoneCommand.Reject(bench["bob"].Call!.Id));
        }

        bench.Run(60);
        var record = Assert.Single(bench["alice"].View.Past);
        Assert.Contains(record.Trace.OfType<SipTrace.Message>(), m => m.StartLine.StartsWith(answer, StringComparison.Ordinal));
        Assert.Equal(RecordPlace.Memory, bench["alice"].View.History[0].Record);
        Assert.NotEmpty(record.Ending);
        Assert.NotNull(record.Ended);
    }

    /// <summary>What the phone turned away by itself, before it was a call, has a record as soon as it is told, and the whole of it a little later.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void CallToldThatWeAreBusy_HasItsMessages(int limit)
    {
        using var bench = new DeskBench();
        DeskBench.AddUser(bench.AddDesk("bob"), "bob", o => o with { CallLimit = limit });
        foreach (var user in new[] { "alice", "carol" }) bench.Add(user);
        bench.Run(2);
        for (var i = 0; i < limit; i++) bench.Do("alice", new PhoneCommand.Dial("bob"));
        bench.Until(() => bench["bob"].View.Calls.Count(c => c.State == CallState.Ringing) == limit, 5, "they ring");
        bench.Do("carol", new PhoneCommand.Dial("bob"));
        bench.Until(() => bench["carol"].Call!.State == CallState.Ended, 3, "carol is told");
        var row = bench["bob"].View.History[0];
        Assert.Equal((486, RecordPlace.Memory), (row.Status, row.Record));
        Assert.Contains(Record().Trace.OfType<SipTrace.Message>(), m => m.StartLine.StartsWith("INVITE", StringComparison.Ordinal));
        bench.Run(10);
        var lines = Record().Trace.OfType<SipTrace.Message>().Select(m => m.StartLine.Split(' ')[..2]).Select(w => string.Join(' ', w)).ToList();
        Assert.Contains("SIP/2.0 486", lines);
        Assert.StartsWith("ACK", lines[^1], StringComparison.Ordinal);
        Assert.StartsWith("486", Record().Ending, StringComparison.Ordinal);
        Assert.Equal(limit, bench["bob"].View.Calls.Count(c => c.State == CallState.Ringing));
        Assert.Contains(bench["bob"].View.Dialogs, d => d.Status == 486 && d.Kind == SipDialogKind.Call);

        CallView Record() => Assert.Single(bench["bob"].View.Past, c => c.Id == row.Call);
    }

    /// <summary>What concerns no call is there too, of every account, and stays when much else has passed.</summary>
    [Fact]
    public void RegistrationRefused_IsAmongTheDialogs_WithItsMessages()
    {
        using var bench = new DeskBench(1, "bob");
        var desk = bench.AddDesk("eve");
        desk.Add(new PhoneOptions { Name = "eve" }, Lab.DemoWorld.AccountOf("nobody-of-that-name"));
        desk.Do(new PhoneCommand.Register("eve"));
        bench.Run(3600);
        var refused = Assert.Single(bench["eve"].View.Dialogs, d => d.Kind == SipDialogKind.Registration);
        Assert.Equal("eve", refused.Account);
        Assert.InRange(refused.Status, 400, 499);
        Assert.Contains(refused.Messages, m => m.StartLine.StartsWith($"SIP/2.0 {refused.Status}", StringComparison.Ordinal));
        Assert.Same(bench["eve"].View.Dialogs, bench["eve"].View.Dialogs);
    }

    /// <summary>A server that says no at every try leaves one record; one that says it again after a success leaves another.</summary>
    [Theory]
    [InlineData(true, 1)]
    [InlineData(false, 0)]
    public void RegistrationRefused_IsKeptOnDiskOnce_AndItsLadderComesBackInAnotherRun(bool onDisk, int kept)
    {
        using var bench = new DeskBench(1, "bob");
        var desk = bench.AddDesk("eve");
        desk.Add(new PhoneOptions { Name = "eve" }, Lab.DemoWorld.AccountOf("nobody-of-that-name"), records: new RecordSettings(OnDisk: onDisk));
        for (var tries = 0; tries < 3; tries++)
        {
            desk.Do(new PhoneCommand.Register("eve"));
            bench.Run(60);
        }

        Assert.Equal(kept, desk.Shell.Registrations.Count);
        if (kept == 0) return;
        var (row, record) = desk.Shell.Registrations[0];
        Assert.Equal(("eve", CallDirection.Outgoing), (row.Account, row.Direction));
        Assert.InRange(row.Status, 400, 499);
        Assert.Matches("^20260302-1400[0-9]{2}-[0-9]{3}-[0-9a-f]{8}$", row.File);
        Assert.Contains("What helps: ", record.Explanation, StringComparison.Ordinal);
        var lines = record.Trace.OfType<SipTrace.Message>().Select(m => m.StartLine).ToList();
        Assert.StartsWith("REGISTER", lines[0], StringComparison.Ordinal);
        Assert.StartsWith($"SIP/2.0 {row.Status}", lines[^1], StringComparison.Ordinal);

        var next = bench.AddDesk("next");
        next.Desk.RecalledRegistrations([record]);
        var dialog = Assert.Single(next.View.Dialogs);
        Assert.Equal(("eve", SipDialogKind.Registration, row.Status, lines.Count), (dialog.Account, dialog.Kind, dialog.Status, dialog.Messages.Count));
    }

    [Fact]
    public void RegistrationThatSucceedsBetween_LeavesARecordForEachFailure()
    {
        using var bench = new DeskBench(1, "bob");
        var desk = bench.AddDesk("alice");
        DeskBench.AddUser(desk, "alice", records: new RecordSettings(OnDisk: true));
        bench.Until(() => desk.View.Accounts[0].State == RegistrationState.Registered, 5, "registered");
        for (var failures = 1; failures <= 2; failures++)
        {
            bench.Lose("alice", 1);
            bench.Until(() => desk.Shell.Registrations.Count == failures, 900, "it fails");
            bench.Run(300);
            Assert.Equal(failures, desk.Shell.Registrations.Count);
            bench.Lose("alice", 0);
            bench.Until(() => desk.View.Accounts[0].State == RegistrationState.Registered, 900, "registered again");
        }

        // What went well before is not in it: the messages are those of what failed.
        Assert.DoesNotContain(desk.Shell.Registrations.SelectMany(r => r.Record.Trace).OfType<SipTrace.Message>(), m => m.StartLine.StartsWith("SIP/2.0 200", StringComparison.Ordinal));
    }

    [Fact]
    public void Calls_BeyondThoseThatMayStay_LoseTheOldestRecords_AndTheirRowsSaySo()
    {
        using var bench = new DeskBench(1, "bob");
        DeskBench.AddUser(bench.AddDesk("alice"), "alice", records: new RecordSettings(Keep: 2));
        DeskBench.AddUser(bench.AddDesk("carol"), "carol", records: new RecordSettings(Keep: 0));
        bench.Run(2);
        foreach (var user in new[] { "alice", "carol" })
            for (var i = 0; i < 4; i++) Dial(bench, user);
        Assert.Equal([RecordPlace.Memory, RecordPlace.Memory, RecordPlace.None, RecordPlace.None], bench["alice"].View.History.Select(h => h.Record));
        Assert.Equal(bench["alice"].View.History.Take(2).Select(h => h.Call!.Value), bench["alice"].View.Past.Reverse().Select(c => c.Id));
        Assert.All(bench["carol"].View.History, h => Assert.Equal((RecordPlace.None, null), (h.Record, h.Call)));
        Assert.Empty(bench["carol"].View.Past);
        bench.Do("alice", new PhoneCommand.Recall(1));
        bench.Complains("alice", "no record of the call with");
    }

    [Fact]
    public void Records_OnDisk_AreKeptOnceTheCallIsOver_AndComeBackWhenAsked()
    {
        using var bench = new DeskBench(1, "bob");
        DeskBench.AddUser(bench.AddDesk("alice"), "alice", records: new RecordSettings(Keep: 1, OnDisk: true));
        bench.Run(2);
        Dial(bench, "alice");
        Dial(bench, "alice");
        var alice = bench["alice"];
        var (newest, oldest) = (alice.View.History[0], alice.View.History[1]);
        Assert.Equal((RecordPlace.Memory, RecordPlace.Disk), (newest.Record, oldest.Record));
        Assert.Equal(new[] { oldest.File, newest.File }.Order(), alice.Shell.Files.Keys.Order());
        Assert.All(alice.Shell.Files.Keys, name => Assert.Matches("^20260302-1400[0-9]{2}-[0-9]{3}-[0-9a-f]{8}$", name));

        bench.Do("alice", new PhoneCommand.Recall(oldest.Number));
        Assert.Equal(oldest, Assert.Single(alice.Shell.Recalls));
        alice.Desk.Recalled(bench.Now, oldest.Number, alice.Shell.Files[oldest.File]);
        var back = alice.View.History[1];
        Assert.Equal((RecordPlace.Memory, (CallId?)new CallId(-1)), (back.Record, back.Call));
        Assert.NotNull(alice.Desk.CallOf(bench.Now, back.Call!.Value));
        alice.Desk.Lost(bench.Now, 77, "whatever");
        alice.Desk.Recalled(bench.Now, 77, alice.Shell.Files[oldest.File]);
        Assert.Equal(2, alice.View.Past.Count);
    }

    [Fact]
    public void Record_ThatCannotBeRead_IsTold_AndItsRowHasNone()
    {
        var old = new HistoryEntry(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero), CallDirection.Outgoing, "sip:x@y", "", "work", 200, "OK", null, "", "", null, "", false)
        {
            Number = 5,
            Record = RecordPlace.Disk,
            File = "20260101-000000-000-00000000",
        };
        using var bench = new DeskBench(1);
        var desk = bench.AddDesk("alice", new DeskOptions { History = [old] });
        desk.Do(new PhoneCommand.Recall(5));
        Assert.Single(desk.Shell.Recalls);
        desk.Desk.Lost(bench.Now, 5, "its file is gone");
        Assert.Equal((RecordPlace.None, ""), (desk.View.History[0].Record, desk.View.History[0].File));
        bench.Complains("alice", "its file is gone");
    }

    [Fact]
    public void Quit_SecondsAfterACall_StillKeepsItsRecord()
    {
        using var bench = new DeskBench(1, "bob");
        DeskBench.AddUser(bench.AddDesk("alice"), "alice", records: new RecordSettings(OnDisk: true));
        bench.Run(2);
        bench.Do("alice", new PhoneCommand.Dial("nobody"));
        bench.Run(1);
        var shell = bench["alice"].Shell;
        Assert.Empty(shell.Files);
        bench["alice"].Shutdown();
        bench["alice"].Desk.Dispose();
        Assert.Contains(Assert.Single(shell.Files).Value.Trace, e => e is SipTrace.Message);
    }

    private static void Dial(DeskBench bench, string user)
    {
        bench.Do(user, new PhoneCommand.Dial("nobody"));
        bench.Run(8);
        Assert.Empty(bench[user].View.Calls);
    }
}
