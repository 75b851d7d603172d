using System.Text;
using Softphone.Phone;

namespace Softphone.Cli.Tests;

/// <summary>history.jsonl.</summary>
public sealed class HistoryFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("softphone-history-").FullName;

    private string Path => System.IO.Path.Combine(_folder, "state", "history.jsonl");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Entry_KeptAndLoaded_IsTheSame()
    {
        var entry = Entry(1) with
        {
            Name = "Bob \"the\" builder ☎",
            Talked = TimeSpan.FromSeconds(12.5),
            Path = "srflx",
            Codec = "opus",
            Mos = 4.25,
            Explanation = "both NATs keep\nthe port",
            IsMissed = true,
        };
        new HistoryFile(Path).Append(entry);
        Assert.Equal(entry with { Number = 1 }, Assert.Single(new HistoryFile(Path).Load()));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Forget_OfACall_LeavesTheOthers_AndRestoreBringsItBack(int which)
    {
        var file = new HistoryFile(Path);
        for (var i = 1; i <= 3; i++) file.Append(Entry(i) with { File = $"record-{i}" });
        file.Forget(Entry(which) with { File = $"record-{which}" });
        var read = new HistoryFile(Path);
        Assert.Equal(Enumerable.Range(1, 3).Where(i => i != which).Select(i => Entry(i).At), read.Load().Select(e => e.At));
        Assert.Equal([("work", $"record-{which}")], read.GoneForGood);
        file.Restore(Entry(which));
        Assert.Equal(3, new HistoryFile(Path).Load().Count);
    }

    /// <summary>What a person took out is not on the disk for ever.</summary>
    [Fact]
    public void Purge_AfterForget_LeavesNothingOfTheCall()
    {
        var file = new HistoryFile(Path);
        file.Append(Entry(1) with { Peer = "sip:secret@example.net" });
        file.Append(Entry(2));
        file.SeenMissed(Entry(2).At);
        file.Forget(Entry(1) with { Peer = "sip:secret@example.net" });
        file.Purge();
        Assert.DoesNotContain("secret", File.ReadAllText(Path), StringComparison.Ordinal);
        Assert.Equal(Entry(2).At, Assert.Single(new HistoryFile(Path).Load()).At);
    }

    [Fact]
    public void Line_IsReadable()
    {
        new HistoryFile(Path).Append(Entry(1) with { Talked = TimeSpan.FromSeconds(3) });
        Assert.Equal(
            """{"at":"2026-03-02T14:00:01+01:00","direction":"in","peer":"sip:1@example.net","account":"work","status":200,"reason":"OK","talked_s":3}""" + "\n",
            File.ReadAllText(Path));
    }

    [Fact]
    public void NumbersAndNotNumbers_AreKept()
    {
        new HistoryFile(Path).Append(Entry(1) with { Mos = double.NaN, Status = 0 });
        Assert.Null(Assert.Single(new HistoryFile(Path).Load()).Mos);
    }

    [Fact]
    public void TornLine_IsPassedOverAndCut()
    {
        var file = new HistoryFile(Path);
        file.Append(Entry(1));
        file.Append(Entry(2));
        var whole = File.ReadAllBytes(Path);
        for (var cut = 1; cut < 100; cut += 7)
        {
            File.WriteAllBytes(Path, whole[..^cut]);
            Assert.Single(new HistoryFile(Path).Load());
            new HistoryFile(Path).Append(Entry(3));
            Assert.Equal(["sip:1@example.net", "sip:3@example.net"], new HistoryFile(Path).Load().Select(e => e.Peer));
        }
    }

    [Fact]
    public void TornOnlyLine_IsCut()
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(Path)!);
        File.WriteAllText(Path, "{\"at\":\"2026-03-0" + new string('x', 2000));
        Assert.Empty(new HistoryFile(Path).Load());
        new HistoryFile(Path).Append(Entry(3));
        Assert.Single(new HistoryFile(Path).Load());
    }

    [Fact]
    public void StrangeLine_IsPassedOver()
    {
        new HistoryFile(Path).Append(Entry(1));
        File.AppendAllText(Path, "not json\n{\"at\":5}\n{\"direction\":\"sideways\"}\nnull\n");
        new HistoryFile(Path).Append(Entry(2));
        Assert.Equal(2, new HistoryFile(Path).Load().Count);
    }

    [Fact]
    public void Bound_KeepsTheNewest()
    {
        var file = new HistoryFile(Path, bound: 10);
        for (var i = 1; i <= 100; i++) file.Append(Entry(i));
        var entries = new HistoryFile(Path, bound: 10).Load();
        Assert.InRange(entries.Count, 10, 20);
        Assert.Equal("sip:100@example.net", entries[^1].Peer);
        Assert.Equal(Enumerable.Range(101 - entries.Count, entries.Count).Select(i => $"sip:{i}@example.net"), entries.Select(e => e.Peer));
        Assert.InRange(File.ReadAllLines(Path).Length, 10, 20);
    }

    [Fact]
    public void Missed_SeenOnce_StaysSeen()
    {
        var file = new HistoryFile(Path, bound: 3);
        file.Append(Entry(1) with { IsMissed = true });
        file.SeenMissed(Entry(2).At);
        file.Append(Entry(3) with { IsMissed = true });
        Assert.Equal([false, true], new HistoryFile(Path).Load().Select(e => e.IsMissed));
        for (var i = 4; i < 20; i++) file.Append(Entry(i));
        file.SeenMissed(Entry(30).At);
        Assert.DoesNotContain(new HistoryFile(Path).Load(), e => e.IsMissed);
    }

    [Fact]
    public async Task TwoSoftphonesAtOnce_LoseNothing()
    {
        var writers = Enumerable.Range(0, 4).Select(w => Task.Run(() =>
        {
            var file = new HistoryFile(Path);
            for (var i = 0; i < 25; i++) file.Append(Entry((w * 25) + i));
        }));
        await Task.WhenAll(writers);
        Assert.Equal(Enumerable.Range(0, 100).Select(i => $"sip:{i}@example.net").Order(), new HistoryFile(Path).Load().Select(e => e.Peer).Order());
    }

    [Fact]
    public void File_IsItsOwnersAlone()
    {
        if (OperatingSystem.IsWindows()) return;
        new HistoryFile(Path).Append(Entry(1));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(System.IO.Path.GetDirectoryName(Path)!));
    }

    private static HistoryEntry Entry(int n) => new(
        new DateTimeOffset(2026, 3, 2, 14, 0, 0, TimeSpan.FromHours(1)).AddSeconds(n), CallDirection.Incoming, $"sip:{n}@example.net", "", "work", 200, "OK", null, "", "", null, "", false);
}
