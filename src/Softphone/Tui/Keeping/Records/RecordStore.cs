using System.Diagnostics.CodeAnalysis;
using Softphone.Core;
using Softphone.Phone;

namespace Softphone.Cli;

/// <summary>
/// The folder of records: a folder for each account (0700), a file for each call (0600), named after when it began. What is past the
/// account's number of calls, or past its octets, goes, the oldest first.
/// </summary>
/// <param name="folder">Where; it need not exist.</param>
internal sealed class RecordStore(string folder)
{
    /// <summary>What the files of one account may come to.</summary>
    private const long MostOctets = 64 << 20;

    private const string Ending = ".jsonl";

    /// <summary>The folders of all accounts.</summary>
    public IEnumerable<string> Folders => Directory.Exists(folder) ? Directory.EnumerateDirectories(folder) : [];

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
        var files = new DirectoryInfo(FolderOf(row.Account)).GetFiles("*" + Ending).OrderByDescending(f => f.Name, StringComparer.Ordinal).ToList();
        long octets = 0;
        for (var i = 0; i < files.Count; i++)
        {
            octets += files[i].Length;
            if (i >= settings.Keep || (octets > MostOctets && i > 0)) files[i].Delete();
        }
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
    public bool TryLoad(HistoryEntry row, DateTimeOffset clock, Instant now, [NotNullWhen(true)] out CallView? record, out string why)
    {
        record = null;
        var path = PathOf(row);
        try
        {
            if (new FileInfo(path) is { Exists: true, Length: > RecordFile.Longest }) why = "the file is longer than any record";
            else if (RecordFile.TryRead(File.ReadAllBytes(path), clock, now, out _, out record, out why)) return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            why = e is FileNotFoundException or DirectoryNotFoundException ? "its file is gone" : e.Message;
            return false;
        }

        why = $"{path} cannot be read: {why}";
        return false;
    }

    private string FolderOf(string account) => Path.Combine(folder, FileNames.Of(account));
}
