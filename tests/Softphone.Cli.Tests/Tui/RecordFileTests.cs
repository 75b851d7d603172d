using System.Text;
using Softphone.Core;
using Softphone.Lab;
using Softphone.Media;
using Softphone.Nat;
using Softphone.Phone;
using Softphone.Sip;

namespace Softphone.Cli.Tests;

/// <summary>Records of calls as files.</summary>
public sealed class RecordFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("softphone-records-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Record_WrittenAndRead_ShowsTheSameScreens()
    {
        var back = Read(RecordFile.Write(RecordedCall.Row, RecordedCall.Record)) with { Id = RecordedCall.Record.Id };
        Assert.Equal(RecordedCall.Record.Trace.Select(e => e.ToString()), back.Trace.Select(e => e.ToString()));
        Assert.Equal((RecordedCall.Record.Began, RecordedCall.Record.Ended, RecordedCall.Record.Media!.Rx), (back.Began, back.Ended, back.Media!.Rx));
        // Keys that were pressed are not kept.
        Assert.Equal(RecordedCall.Screens(RecordedCall.Record with { DigitsSent = "" }, RecordedCall.Row), RecordedCall.Screens(back, RecordedCall.Row));
    }

    [Fact]
    public void Record_OfAnotherRun_HasItsTimesWhereTheClockHasThem()
    {
        var file = RecordFile.Write(RecordedCall.Row, RecordedCall.Record);
        var later = RecordedCall.Clock + TimeSpan.FromDays(3);
        Assert.True(RecordFile.TryRead(file, later, Instant.Zero + TimeSpan.FromSeconds(5), out _, out var record, out _));
        Assert.Equal(RecordedCall.Row.At, later - (Instant.Zero + TimeSpan.FromSeconds(5) - record.Began));
        Assert.Equal(RecordedCall.Record.Trace[^1].At - RecordedCall.Record.Trace[0].At, record.Trace[^1].At - record.Trace[0].At);
    }

    [Fact]
    public void Record_HoldsNoSecret()
    {
        var text = Encoding.UTF8.GetString(RecordFile.Write(RecordedCall.Row, RecordedCall.Record));
        Assert.Contains("a=ice-pwd:***", text.Replace("…", "***", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.DoesNotMatch("response=\\\\?\"[0-9a-f]{8}", text);
        Assert.DoesNotContain(DemoWorld.PasswordOf("alice"), text.Replace("\"account\":\"alice\"", "", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.DoesNotContain("1234\"", text, StringComparison.Ordinal);
    }

    /// <summary>Who looks at the file is not misled, and the phone reads what came.</summary>
    [Fact]
    public void Message_ThatWouldTurnTheWriting_StandsThereInWordsAndIsReadAsItWas()
    {
        const string evil = "\u202Egnp.exe\u2066\u200F\u061C\u2028\u009B31m\u001B]0;title\u0007 \U000E0001";
        var dropped = new SipTrace.Dropped(RecordedCall.Record.Began, "phone", new PathId(1), default, evil);
        var file = RecordFile.Write(RecordedCall.Row, RecordedCall.Record with { Trace = [dropped] });
        Assert.DoesNotContain(Encoding.UTF8.GetString(file).EnumerateRunes(), r => r.Value != '\n' && PlainText.IsHarmful(r));
        Assert.Equal(evil, Assert.IsType<SipTrace.Dropped>(Assert.Single(Read(file).Trace)).Why);
    }

    [Fact]
    public void Entries_OfEveryKindThatACallCanHave_AreKnown()
    {
        var known = RecordJson.Entry.PolymorphismOptions!.DerivedTypes.Select(d => d.DerivedType).ToHashSet();
        Type[] rooms = [typeof(SipTrace), typeof(IceTrace), typeof(GatherTrace), typeof(TurnTrace), typeof(MediaTrace), typeof(DtlsTrace), typeof(CallTrace)];
        foreach (var room in rooms)
            Assert.All(room.GetNestedTypes().Where(t => t.IsSubclassOf(typeof(TraceEntry))), kind => Assert.Contains(kind, known));
        foreach (var assembly in rooms.Select(r => r.Assembly).Distinct())
            Assert.All(assembly.GetTypes().Where(t => t is { IsAbstract: false } && t.IsSubclassOf(typeof(TraceEntry))), kind => Assert.Contains(kind, known));
    }

    [Theory]
    [InlineData("")]
    [InlineData("\n\n")]
    [InlineData("hello\n")]
    [InlineData("{\"at\":\"2026-03-02T14:00:01+01:00\",\"direction\":\"in\",\"peer\":\"sip:1@example.net\"}\n")]
    public void File_OfSomethingElse_IsRefusedWithAWord(string content)
    {
        Assert.False(RecordFile.TryRead(Encoding.UTF8.GetBytes(content), RecordedCall.Clock, RecordedCall.Now, out _, out _, out var why));
        Assert.NotEmpty(why);
    }

    [Fact]
    public void File_OfALaterVersion_IsRefusedByItsNumber()
    {
        var text = Encoding.UTF8.GetString(RecordFile.Write(RecordedCall.Row, RecordedCall.Record)).Replace("\"softphone_record\":1", "\"softphone_record\":2", StringComparison.Ordinal);
        Assert.False(RecordFile.TryRead(Encoding.UTF8.GetBytes(text), RecordedCall.Clock, RecordedCall.Now, out _, out _, out var why));
        Assert.Contains("version 2", why, StringComparison.Ordinal);
    }

    [Fact]
    public void Lines_ThatCannotBeRead_AreCountedAndTheOthersShown()
    {
        var lines = Encoding.UTF8.GetString(RecordFile.Write(RecordedCall.Row, RecordedCall.Record)).Split('\n');
        (lines[3], lines[5]) = ("{\"kind\":\"ice.of-tomorrow\"}", lines[5][..10]);
        var record = Read(Encoding.UTF8.GetBytes(string.Join('\n', lines)));
        Assert.Equal((RecordedCall.Record.Trace.Count - 2, 2L), (record.Trace.Count, record.LeftOut));
    }

    [Theory]
    [InlineData(1, 150)]
    [InlineData(2, 150)]
    public void File_DamagedAnyhow_NeverThrows_NorDoItsScreens(int seed, int files)
    {
        var whole = RecordFile.Write(RecordedCall.Row, RecordedCall.Record);
        var random = new Random(seed);
        var read = 0;
        for (var i = 0; i < files; i++)
        {
            var damaged = whole.ToArray();
            // The head is a small part of the file, and where damage does most.
            var reach = i % 3 == 0 ? Math.Min(3000, damaged.Length) : damaged.Length;
            for (var hits = random.Next(1, 12); hits > 0; hits--)
                damaged[random.Next(reach)] = random.Next(4) switch { 0 => (byte)random.Next(256), 1 => (byte)'9', 2 => (byte)'-', _ => (byte)"0{}[]\",:en\\\n"[random.Next(12)] };
            if (random.Next(4) == 0) damaged = damaged[..random.Next(damaged.Length)];
            if (!RecordFile.TryRead(damaged, RecordedCall.Clock, RecordedCall.Now, out var row, out var record, out _)) continue;
            read++;
            if (read % 8 == 0) RecordedCall.Screens(record, row);
            RecordText.Report(record);
        }

        Assert.InRange(read, files / 4, files);
    }

    [Fact]
    public void Store_KeepsTheNewest_ForItsOwnerAlone_AndPlacesTheirRows()
    {
        var store = new RecordStore(Path.Combine(_folder, "records"));
        var rows = Enumerable.Range(1, 6).Select(i => RecordedCall.Row with { File = $"20260302-14000{i}-000-0000000{i}", Number = i }).ToList();
        foreach (var row in rows) store.Save(row, RecordedCall.Record, new RecordSettings(Keep: 3, OnDisk: true));
        Assert.Equal([RecordPlace.None, RecordPlace.None, RecordPlace.None, RecordPlace.Disk, RecordPlace.Disk, RecordPlace.Disk], store.Place(rows).Select(r => r.Record));
        Assert.True(store.TryLoad(rows[5], RecordedCall.Clock, RecordedCall.Now, out _, out _));
        Assert.False(store.TryLoad(rows[0], RecordedCall.Clock, RecordedCall.Now, out _, out var why));
        Assert.Equal("its file is gone", why);
        File.WriteAllText(store.PathOf(rows[4]), "of somebody else\n");
        Assert.False(store.TryLoad(rows[4], RecordedCall.Clock, RecordedCall.Now, out _, out why));
        Assert.Contains("its first line is not that of a record", why, StringComparison.Ordinal);
        if (OperatingSystem.IsWindows()) return;
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(store.PathOf(rows[5])));
        foreach (var folder in store.Folders.Append(Path.Combine(_folder, "records")))
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(folder));
    }

    [Fact]
    public void Registrations_HaveAFolderOfTheirOwn_AndNoRoomOfCalls()
    {
        var store = new RecordStore(Path.Combine(_folder, "records"));
        store.Save(RecordedCall.Row, RecordedCall.Record, new RecordSettings(Keep: 1, OnDisk: true));
        for (var i = 0; i < 60; i++)
            store.SaveRegistration(RecordedCall.Row with { At = RecordedCall.Row.At.AddMinutes(i), File = $"20270302-1400{i:00}-000-00000000", Status = 403 }, RecordedCall.Record with { Trace = [] });
        Assert.True(store.TryLoad(RecordedCall.Row, RecordedCall.Clock, RecordedCall.Now, out _, out _));
        var all = store.Registrations(RecordedCall.Clock, RecordedCall.Now);
        Assert.Equal((50, RecordedCall.Row.At.AddMinutes(10), RecordedCall.Row.At.AddMinutes(59)), (all.Count, all[0].Row.At, all[^1].Row.At));
        File.WriteAllText(Path.Combine(store.RegistrationFolders.Single(), "20270302-140059-000-00000000.jsonl"), "of somebody else\n");
        Assert.Equal(49, store.Registrations(RecordedCall.Clock, RecordedCall.Now).Count);
        if (OperatingSystem.IsWindows()) return;
        foreach (var folder in store.Folders.Concat(store.RegistrationFolders))
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(folder));
    }

    [Theory]
    [InlineData("../../etc/passwd")]
    [InlineData("a/b")]
    [InlineData("")]
    public void Name_ThatLeadsElsewhere_IsNone(string name) =>
        Assert.Equal("", (KeptLine.Of(RecordedCall.Row) with { Record = name }).ToEntry()!.File);

    private static CallView Read(byte[] file)
    {
        Assert.True(RecordFile.TryRead(file, RecordedCall.Clock, RecordedCall.Now, out _, out var record, out var why), why);
        return record;
    }
}
