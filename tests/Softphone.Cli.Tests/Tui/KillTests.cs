using System.Diagnostics;
using System.Globalization;
using Softphone.Core;
using Softphone.Phone;

namespace Softphone.Cli.Tests;

/// <summary>A real process keeps calls, contacts and settings as fast as it can and is killed at some moment: what it had kept is there.</summary>
public sealed class KillTests : IDisposable
{
    public const string FolderVariable = "SOFTPHONE_TEST_KEEPS_IN";
    private const int Rounds = 8;
    private const int Bound = 20;

    private readonly string _folder = Directory.CreateTempSubdirectory("softphone-kill-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Kill_AtAnyMoment_LosesNothingThatWasKept()
    {
        var chance = new SeededEntropy(4);
        for (var round = 0; round < Rounds; round++)
        {
            var kept = KeepAndKill(lines: 1 + chance.NextInt(60));
            var history = History().Load();
            Assert.True(Number(history[^1].Peer) is var last && (last == kept || last == kept + 1), $"round {round}: kept {kept}, found {history[^1].Peer}");
            Assert.Equal(Enumerable.Range(last - history.Count + 1, history.Count), history.Select(e => Number(e.Peer)));
            Assert.True(history.Count >= Math.Min(last, Bound));
            var contacts = new ContactsFile(Path.Combine(_folder, "contacts.jsonl")).Load();
            Assert.InRange(contacts.Count, kept, kept + 1);
            Assert.InRange(new SettingsFile(Path.Combine(_folder, "settings.json")).Load().VolumeDb, kept, kept + 1);
        }
    }

    /// <summary>The child: counts on from what it finds, and says each number once it is kept.</summary>
    internal static void Keep(string folder)
    {
        var (history, contacts, settings) = (new HistoryFile(Path.Combine(folder, "history.jsonl"), Bound), new ContactsFile(Path.Combine(folder, "contacts.jsonl")), new SettingsFile(Path.Combine(folder, "settings.json")));
        var known = history.Load();
        var people = contacts.Load().ToList();
        for (var n = known.Count == 0 ? 1 : Number(known[^1].Peer) + 1; ; n++)
        {
            history.Append(new HistoryEntry(DateTimeOffset.UnixEpoch.AddSeconds(n), CallDirection.Outgoing, $"sip:{n}@example.net", "", "work", 200, "OK", null, "", "", null, new string('x', n % 3000), false));
            while (people.Count < n) people.Add(new Contact($"P{people.Count + 1}", $"{people.Count + 1}"));
            contacts.Save(people);
            settings.Save(new KeptSettings { VolumeDb = n });
            Console.Out.WriteLine(n.ToString(CultureInfo.InvariantCulture));
        }
    }

    /// <summary>The last number that the child said before it was killed.</summary>
    private int KeepAndKill(int lines)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "softphone.dll")]) { RedirectStandardOutput = true };
        start.Environment["DOTNET_STARTUP_HOOKS"] = typeof(KillTests).Assembly.Location;
        start.Environment[FolderVariable] = _folder;
        using var child = Process.Start(start)!;
        var last = 0;
        while (child.StandardOutput.ReadLine() is { } line)
        {
            last = int.Parse(line, CultureInfo.InvariantCulture);
            if (--lines == 0) child.Kill();
        }

        child.WaitForExit();
        Assert.True(last > 0, "the child kept nothing");
        return last;
    }

    private HistoryFile History() => new(Path.Combine(_folder, "history.jsonl"), Bound);

    private static int Number(string peer) => int.Parse(peer.AsSpan(4, peer.IndexOf('@') - 4), NumberStyles.None, CultureInfo.InvariantCulture);
}
