using Softphone.Core;
using Softphone.Lab;
using Softphone.Phone;

namespace Softphone.Scenarios;

/// <summary>History, missed calls, contacts and recordings.</summary>
public sealed class DeskHistoryTests
{
    [Fact]
    public void History_OfAnAnsweredCall_IsKeptOnBothSides()
    {
        using var bench = new DeskBench(1, "alice", "bob");
        bench.Do("bob", new PhoneCommand.SaveContact(new Contact("Alice A.", "sip:alice@lab.test")));
        var (mine, _) = bench.Connect("alice", "bob");
        bench.Run(10);
        bench.Do("alice", new PhoneCommand.Hangup(mine));
        bench.Run(1);
        var alice = Assert.Single(bench["alice"].View.History);
        Assert.Equal((CallDirection.Outgoing, "sip:bob@lab.test", "alice", 200, "host", "pcmu", false, 1L), (alice.Direction, alice.Peer, alice.Account, alice.Status, alice.Path, alice.Codec, alice.IsMissed, alice.Number));
        Assert.InRange(alice.Talked!.Value.TotalSeconds, 9.9, 10.5);
        Assert.InRange(alice.Mos!.Value, 4, 4.5);
        Assert.NotEmpty(alice.Explanation);
        Assert.Equal(bench["alice"].Shell.Origin.Date, alice.At.Date);
        Assert.Same(alice, Assert.Single(bench["alice"].Shell.History));
        var bob = Assert.Single(bench["bob"].View.History);
        Assert.Equal((CallDirection.Incoming, "Alice A.", false), (bob.Direction, bob.Name, bob.IsMissed));
    }

    [Fact]
    public void Call_TakenOutOfTheHistory_IsGone_UntilItIsBroughtBack()
    {
        using var bench = new DeskBench(1, "alice", "bob");
        for (var i = 0; i < 3; i++)
        {
            var (mine, _) = bench.Connect("alice", "bob");
            bench.Do("alice", new PhoneCommand.Hangup(mine));
            bench.Run(8);
        }

        var before = bench["alice"].View.History;
        bench.Do("alice", new PhoneCommand.ForgetCall(2));
        Assert.Equal([3L, 1L], bench["alice"].View.History.Select(h => h.Number));
        Assert.Equal(2, Assert.Single(bench["alice"].Shell.Forgotten).Number);
        bench.Do("alice", new PhoneCommand.ForgetCall(2));
        Assert.NotNull(bench.Line("alice", "that call is not in the history any more"));
        bench.Do("alice", new PhoneCommand.RestoreCall(2));
        Assert.Equal(before, bench["alice"].View.History);
        Assert.Empty(bench["alice"].Shell.Forgotten);
        bench.Do("alice", new PhoneCommand.RestoreCall(7));
        Assert.Equal(before, bench["alice"].View.History);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Mute_EndsWithTheLastCall(bool isOurs)
    {
        using var bench = new DeskBench(1, "alice", "bob");
        var (mine, theirs) = bench.Connect("alice", "bob");
        bench.Do("alice", new PhoneCommand.Mute(true));
        bench.Run(1);
        Assert.True(bench["alice"].View.Audio.IsMuted);
        if (isOurs) bench.Do("alice", new PhoneCommand.Hangup(mine));
        else bench.Do("bob", new PhoneCommand.Hangup(theirs));
        bench.Run(2);
        Assert.False(bench["alice"].View.Audio.IsMuted);
        Assert.NotNull(bench.Line("alice", "the microphone is on again"));
    }

    [Fact]
    public void Missed_CountsUntilSeen_NewestFirst()
    {
        using var bench = new DeskBench(1, "alice", "bob", "carol");
        foreach (var caller in (string[])["alice", "carol"])
        {
            bench.Do(caller, new PhoneCommand.Dial("bob"));
            bench.Until(() => bench.Ringing("bob") is not null, 5, "bob rings");
            bench.Do(caller, new PhoneCommand.Hangup(bench[caller].Call!.Id));
            bench.Until(() => bench.Ringing("bob") is null, 2, "it stops");
            bench.Run(1);
        }

        Assert.Equal(2, bench["bob"].View.Missed);
        Assert.Equal(["sip:carol@lab.test", "sip:alice@lab.test"], bench["bob"].View.History.Select(h => h.Peer));
        Assert.NotNull(bench.Line("bob", "missed call of sip:carol@lab.test"));
        Assert.Equal(0, bench["alice"].View.Missed);
        Assert.Same(bench["bob"].View.History, bench["bob"].View.History);
        bench.Do("bob", new PhoneCommand.SeenMissed());
        Assert.Equal((0, 2), (bench["bob"].View.Missed, bench["bob"].View.History.Count));
        Assert.Contains(new PhoneCommand.SeenMissed(), bench["bob"].Shell.Asked);
    }

    [Fact]
    public void Rejected_IsNotMissed()
    {
        using var bench = new DeskBench(1, "alice", "bob");
        bench.Do("alice", new PhoneCommand.Dial("bob"));
        bench.Until(() => bench.Ringing("bob") is not null, 5, "bob rings");
        bench.Do("bob", new PhoneCommand.Hangup(bench["bob"].Call!.Id));
        bench.Run(1);
        var entry = Assert.Single(bench["bob"].View.History);
        Assert.False(entry.IsMissed);
        Assert.Null(entry.Talked);
    }

    [Fact]
    public void History_OfEarlierDays_IsThereBoundedAndCountedOn()
    {
        var old = Enumerable.Range(1, 700).Select(i => Entry(i)).ToList();
        using var bench = new DeskBench(1, "bob");
        bench.Add("alice", new DeskOptions { History = old });
        bench.Until(() => bench["alice"].View.Accounts[0].State == RegistrationState.Registered, 5, "registered");
        Assert.Equal((500, 700L, 201L), (bench["alice"].View.History.Count, bench["alice"].View.History[0].Number, bench["alice"].View.History[^1].Number));
        bench.Do("alice", new PhoneCommand.Dial("bob"));
        bench.Run(0.5);
        bench.Do("alice", new PhoneCommand.Hangup(bench["alice"].Call!.Id));
        bench.Run(1);
        Assert.Equal((500, 701L), (bench["alice"].View.History.Count, bench["alice"].View.History[0].Number));

        static HistoryEntry Entry(int number) => new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero).AddMinutes(number), CallDirection.Outgoing, "sip:x@y", "", "work", 200, "OK", null, "", "", null, "", false) { Number = number };
    }

    [Fact]
    public void Contacts_AreSortedKeptAndNameTheirCalls()
    {
        using var bench = new DeskBench(1, "alice", "bob");
        bench.Do("alice", new PhoneCommand.SaveContact(new Contact("Zoe", "bob")));
        bench.Do("alice", new PhoneCommand.SaveContact(new Contact("Anna", "+49 30 1234567")));
        Assert.Equal(["Anna", "Zoe"], bench["alice"].View.Contacts.Select(c => c.Name));
        Assert.Equal(["Anna", "Zoe"], bench["alice"].Shell.Contacts!.Select(c => c.Name));
        bench.Do("bob", new PhoneCommand.Dial("alice"));
        bench.Until(() => bench.Ringing("alice") is not null, 5, "alice rings");
        Assert.Equal("Zoe", bench["alice"].Call!.Name);
        Assert.NotNull(bench.Line("alice", "Zoe calls"));

        bench.Do("alice", new PhoneCommand.SaveContact(new Contact("Bob", "bob"), new Contact("Zoe", "bob")));
        Assert.Equal("Bob", bench["alice"].Call!.Name);
        bench.Do("alice", new PhoneCommand.SaveContact(new Contact("anna", "sip:x@y")));
        bench.Complains("alice", "there is a contact anna already");
        bench.Do("alice", new PhoneCommand.SaveContact(new Contact(" ", "sip:x@y")));
        bench.Complains("alice", "needs a name");
        bench.Do("alice", new PhoneCommand.SaveContact(new Contact("Carl", "not an address")));
        bench.Complains("alice", "no contact \"not an address\"");
        bench.Do("alice", new PhoneCommand.SaveContact(new Contact("Carl", "carl", "nix")));
        bench.Complains("alice", "no account nix");
        bench.Do("alice", new PhoneCommand.DeleteContact(new Contact("Nobody", "x")));
        bench.Complains("alice", "no contact Nobody");
        bench.Do("alice", new PhoneCommand.DeleteContact(new Contact("Bob", "bob")));
        Assert.Equal(["Anna"], bench["alice"].View.Contacts.Select(c => c.Name));
        Assert.Equal("", bench["alice"].Call!.Name);
    }

    [Fact]
    public void Record_HasBothSides_AndClosesWithTheCall()
    {
        using var bench = new DeskBench(1, "alice", "bob");
        bench.Hum("alice", 500);
        bench.Hum("bob", 700);
        var (mine, theirs) = bench.Connect("alice", "bob");
        bench.Do("alice", new PhoneCommand.Record(mine, true));
        bench.Run(3);
        var view = bench.View("alice", mine)!;
        Assert.Equal(("recording-1.wav", 3), (view.Recording, (int)Math.Round(view.Recorded.TotalSeconds)));
        var recording = Assert.Single(bench["alice"].Shell.Recordings);
        Assert.Equal("sip:bob@lab.test", recording.Peer);
        bench.Do("bob", new PhoneCommand.Hangup(theirs));
        bench.Run(1);
        Assert.True(recording.Sound.IsClosed);
        Assert.InRange(recording.Sound.Written / 48_000.0, 2.9, 3.3);
        var sound = recording.Sound.Last(TimeSpan.FromSeconds(2));
        Assert.True(sound.Hears(500) && sound.Hears(700));
        Assert.NotNull(bench.Line("alice", "recorded 0:03 into recording-1.wav"));
        Assert.Null(bench.View("alice", mine)!.Recording);
    }

    [Fact]
    public void Record_OnAndOffTwice_AndRefused()
    {
        using var bench = new DeskBench(1, "alice", "bob");
        var (mine, _) = bench.Connect("alice", "bob");
        for (var i = 0; i < 2; i++)
        {
            bench.Do("alice", new PhoneCommand.Record(mine, true));
            bench.Run(1);
            bench.Do("alice", new PhoneCommand.Record(mine, false));
            Assert.Null(bench.View("alice", mine)!.Recording);
        }

        Assert.All(bench["alice"].Shell.Recordings, r => Assert.True(r.Sound.IsClosed));
        Assert.Equal(2, bench["alice"].Shell.Recordings.Count);
        bench["alice"].Shell.RecordingFault = new Fault(Layer.Audio, "the disk is full", "make room");
        bench.Do("alice", new PhoneCommand.Record(mine, true));
        bench.Complains("alice", "the disk is full: make room");
        Assert.True(bench.IsIn("alice", mine, CallState.Connected));
    }

    [Fact]
    public void Log_IsBounded_NewestFirst_WithoutSecrets()
    {
        using var bench = new DeskBench(1, "alice");
        for (var i = 0; i < 300; i++) bench.Do("alice", new PhoneCommand.Hangup(new CallId(1000 + i)));
        var events = bench["alice"].View.Events;
        Assert.Equal(200, events.Count);
        Assert.Contains("1299", events[0].Text, StringComparison.Ordinal);
        Assert.Same(events, bench["alice"].View.Events);
        Assert.DoesNotContain(events, e => e.Text.Contains("secret", StringComparison.Ordinal));
    }
}
