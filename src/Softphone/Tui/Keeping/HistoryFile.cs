using System.Text.Json;
using Softphone.Phone;

namespace Softphone.Cli;

/// <summary>
/// history.jsonl: one call a line, appended when it is over. A kill at any moment costs at most the line that was being written; such a
/// torn line is passed over, and cut before the next one. Past twice its bound the file is written anew with the newest.
/// </summary>
/// <param name="path">The file.</param>
/// <param name="bound">How many calls are kept.</param>
internal sealed class HistoryFile(string path, int bound = 2000)
{
    private int _lines;

    /// <summary>All calls, oldest first, numbered from 1.</summary>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be read.</exception>
    public IReadOnlyList<HistoryEntry> Load()
    {
        var lines = Read();
        _lines = lines.Count;
        var seen = lines.Where(l => l.Seen is not null).Max(l => l.Seen);
        var gone = Gone(lines);
        _gone = [.. gone.Values];
        var entries = new List<HistoryEntry>();
        foreach (var line in lines.TakeLast(2 * bound))
            if (!IsGone(gone, line) && line.ToEntry() is { } entry) entries.Add(entry with { Number = entries.Count + 1, IsMissed = entry.IsMissed && !(entry.At <= seen) });
        return entries;
    }

    /// <summary>Keeps a call; it is on the disk when this returns.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be written.</exception>
    public void Append(HistoryEntry entry) => Append(KeptLine.Of(entry));

    /// <summary>Missed calls until now were seen.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be written.</exception>
    public void SeenMissed(DateTimeOffset now) => Append(new KeptLine { Seen = now });

    /// <summary>A call was taken out of the history.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be written.</exception>
    public void Forget(HistoryEntry entry) => Append(new KeptLine { Gone = entry.At, Peer = entry.Peer, Account = entry.Account, Record = entry.File.Length > 0 ? entry.File : null });

    /// <summary>It was brought back.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be written.</exception>
    public void Restore(HistoryEntry entry) => Append(new KeptLine { Back = entry.At, Peer = entry.Peer });

    /// <summary>Writes the file anew without what was taken out: from then on nothing brings it back.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be written.</exception>
    public void Purge()
    {
        using var held = FolderLock.Take(Path.GetDirectoryName(path)!);
        Shorten();
    }

    /// <summary>Calls that were taken out, as the file was loaded: account and record of each. Nobody can bring them back any more.</summary>
    public IReadOnlyList<(string Account, string Record)> GoneForGood => _gone;

    private IReadOnlyList<(string Account, string Record)> _gone = [];

    private static bool IsGone(Dictionary<(DateTimeOffset, string), (string, string)> gone, KeptLine line) => line is { At: { } at, Peer: { } peer } && gone.ContainsKey((at, peer));

    private static Dictionary<(DateTimeOffset At, string Peer), (string Account, string Record)> Gone(IReadOnlyList<KeptLine> lines)
    {
        var gone = new Dictionary<(DateTimeOffset, string), (string, string)>();
        foreach (var line in lines)
        {
            if (line is { Gone: { } at, Peer: { } peer }) gone[(at, peer)] = (line.Account ?? "", line.Record ?? "");
            else if (line is { Back: { } back, Peer: { } whose }) gone.Remove((back, whose));
        }

        return gone;
    }

    private void Append(KeptLine line)
    {
        using var held = FolderLock.Take(Path.GetDirectoryName(path)!);
        if (++_lines > 2 * bound) Shorten();
        var isNew = !File.Exists(path);
        using (var file = PrivateFile.Open(path, FileMode.OpenOrCreate))
        {
            Mend(file);
            file.Write([.. JsonSerializer.SerializeToUtf8Bytes(line, KeptJson.Line), (byte)'\n']);
            file.Flush(flushToDisk: true);
        }

        if (isNew) AtomicFile.SyncFolder(Path.GetDirectoryName(path)!);
    }

    /// <summary>Goes to the end of the last whole line, and cuts what is behind it.</summary>
    private static void Mend(FileStream file)
    {
        var end = file.Length;
        Span<byte> piece = stackalloc byte[512];
        while (end > 0)
        {
            var from = Math.Max(end - piece.Length, 0);
            file.Position = from;
            var part = piece[..(int)(end - from)];
            file.ReadExactly(part);
            var newline = part.LastIndexOf((byte)'\n');
            end = newline < 0 ? from : from + newline + 1;
            if (newline >= 0) break;
        }

        if (end < file.Length) file.SetLength(end);
        file.Position = end;
    }

    /// <summary>Another softphone may have written too, so that only the file itself is asked what to keep.</summary>
    private void Shorten()
    {
        var lines = Read();
        var seen = lines.FindLast(l => l.Seen is not null);
        using var content = new MemoryStream();
        var gone = Gone(lines);
        var kept = lines.Where(l => l.At is not null && !IsGone(gone, l)).TakeLast(bound).ToList();
        if (seen is not null) kept.Add(seen);
        foreach (var line in kept)
        {
            JsonSerializer.Serialize(content, line, KeptJson.Line);
            content.WriteByte((byte)'\n');
        }

        AtomicFile.Write(path, content.GetBuffer().AsSpan(0, (int)content.Length));
        _lines = kept.Count;
    }

    private List<KeptLine> Read()
    {
        var lines = new List<KeptLine>();
        if (!Path.Exists(path)) return lines;
        var content = File.ReadAllBytes(path).AsSpan();
        for (var end = content.IndexOf((byte)'\n'); end >= 0; end = content.IndexOf((byte)'\n'))
        {
            if (KeptJson.Read(content[..end], KeptJson.Line) is { } line) lines.Add(line);
            content = content[(end + 1)..];
        }

        return lines;
    }
}
