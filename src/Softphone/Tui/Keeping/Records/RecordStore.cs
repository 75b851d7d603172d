using System.Diagnostics.CodeAnalysis;
using Softphone.Core;
using Softphone.Phone;

namespace Softphone.Cli;

/// <summary>
/// The folder of records: a folder for each account (0700), a file for each call (0600), named after when it began. What is past the
/// account's number of calls, or past its octets, goes, the oldest first. Registrations that failed have a folder of their own in that of their account.
/// </summary>
/// <param name="folder">Where; it need not exist.</param>
internal sealed class RecordStore(string folder)
{
    /// <summary>What the files of one account may come to.</summary>
    private const long MostOctets = 64 << 20;

    /// <summary>Registrations that failed which one account keeps.</summary>
    private const int MostRegistrations = 50;

    private const string Ending = ".jsonl";
    private const string OfRegistrations = "registrations";

    /// <summary>The folders of all accounts.</summary>
    public IEnumerable<string> Folders => Directory.Exists(folder) ? Directory.EnumerateDirectories(folder) : [];

    /// <summary>The folders of their registrations.</summary>
    public IEnumerable<string> RegistrationFolders => Folders.Select(f => Path.Combine(f, OfRegistrations)).Where(Directory.Exists);

    /// <summary>The file of a row.</summary>
    public string PathOf(HistoryEntry row) => Path.Combine(FolderOf(row.Account), row.File + Ending);

    /// <summary>Letters, digits and strokes: it stands in a line of the history that somebody may have edited.</summary>
    public static bool IsName(string name) => name.Length is > 0 and <= 64 && name.All(c => char.IsAsciiLetterOrDigit(c) || c == '-');

    /// <exception cref="IOException">It cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be written.</exception>
    public void Save(HistoryEntry row, CallView record, RecordSettings settings)
    {
        PrivateFile.CreateFolder(folder);
        AtomicFile.Write(PathOf(row), RecordFile.Write(row, record));
        Prune(FolderOf(row.Account), settings.Keep);
    }

    /// <summary>The same for a registration that failed.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be written.</exception>
    public void SaveRegistration(HistoryEntry row, CallView record)
    {
        var place = Path.Combine(FolderOf(row.Account), OfRegistrations);
        PrivateFile.CreateFolder(folder);
        PrivateFile.CreateFolder(FolderOf(row.Account));
        AtomicFile.Write(Path.Combine(place, row.File + Ending), RecordFile.Write(row, record));
        Prune(place, MostRegistrations);
    }

    /// <summary>Registrations that failed, the oldest first. It never throws: what cannot be read is passed over.</summary>
    public IReadOnlyList<(HistoryEntry Row, CallView Record)> Registrations(DateTimeOffset clock, Instant now)
    {
        var all = new List<(HistoryEntry Row, CallView Record)>();
        foreach (var file in RegistrationFolders.SelectMany(f => Directory.EnumerateFiles(f, "*" + Ending)))
            if (TryRead(file, clock, now, out var row, out var record, out _)) all.Add((row, record));
        return [.. all.OrderBy(r => r.Row.At)];
    }

    /// <summary>Deletes records, each by the account and the name of its file; what is not there is no loss.</summary>
    public void Delete(IEnumerable<(string Account, string File)> records)
    {
        foreach (var (account, file) in records)
            if (IsName(file)) File.Delete(Path.Combine(FolderOf(account), file + Ending));
    }

    /// <summary>The rows with the place where their record is now.</summary>
    public IReadOnlyList<HistoryEntry> Place(IReadOnlyList<HistoryEntry> rows)
    {
        var there = new HashSet<string>(StringComparer.Ordinal);
        foreach (var account in Folders)
            foreach (var file in Directory.EnumerateFiles(account, "*" + Ending)) there.Add(file);
        return [.. rows.Select(row => row.File.Length > 0 && there.Contains(PathOf(row)) ? row with { Record = RecordPlace.Disk } : row with { Record = RecordPlace.None, File = "" })];
    }

    /// <summary>Reads the record of a row. It never throws: what is wrong is told.</summary>
    public bool TryLoad(HistoryEntry row, DateTimeOffset clock, Instant now, [NotNullWhen(true)] out CallView? record, out string why) =>
        TryRead(PathOf(row), clock, now, out _, out record, out why);

    private static bool TryRead(string path, DateTimeOffset clock, Instant now, [NotNullWhen(true)] out HistoryEntry? row, [NotNullWhen(true)] out CallView? record, out string why)
    {
        (row, record) = (null, null);
        try
        {
            if (new FileInfo(path) is { Exists: true, Length: > RecordFile.Longest }) why = "the file is longer than any record";
            else if (RecordFile.TryRead(File.ReadAllBytes(path), clock, now, out row, out record, out why)) return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            why = e is FileNotFoundException or DirectoryNotFoundException ? "its file is gone" : e.Message;
            return false;
        }

        why = $"{path} cannot be read: {why}";
        return false;
    }

    /// <summary>Names begin with the time: what is past the number, or past the octets, goes, the oldest first.</summary>
    private static void Prune(string place, int keep)
    {
        var files = new DirectoryInfo(place).GetFiles("*" + Ending).OrderByDescending(f => f.Name, StringComparer.Ordinal).ToList();
        long octets = 0;
        for (var i = 0; i < files.Count; i++)
        {
            octets += files[i].Length;
            if (i >= keep || (octets > MostOctets && i > 0)) files[i].Delete();
        }
    }

    private string FolderOf(string account) => Path.Combine(folder, FileNames.Of(account));
}
