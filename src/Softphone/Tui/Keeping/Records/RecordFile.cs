using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Json;
using Softphone.Core;
using Softphone.Phone;

namespace Softphone.Cli;

/// <summary>
/// A record as the lines of a file: a head, then one entry of the trace a line, oldest first. Whatever is read, it never throws: a file with
/// a head that is none is refused, a line that is none is passed over and counted.
/// </summary>
internal static class RecordFile
{
    /// <summary>More than any record that was kept comes to.</summary>
    public const int Longest = 8 << 20;

    public static byte[] Write(HistoryEntry row, CallView record)
    {
        using var content = new MemoryStream();
        var began = record.Began;
        var head = new KeptRecord
        {
            SoftphoneRecord = KeptRecord.Version,
            Row = KeptLine.Of(row),
            Ended = Since(record.Ended),
            Media = record.Media,
            Ice = record.Ice is { } ice ? ice with { Pairs = [.. ice.Pairs.Select(p => p with { ProvenAt = Since(p.ProvenAt) })] } : null,
            Security = record.Security,
            Quality = record.Quality,
            Transfer = record.Transfer,
            Explanation = record.Explanation,
            Ending = record.Ending,
            LeftOut = record.LeftOut,
        };
        JsonSerializer.Serialize(content, head, RecordJson.Head);
        content.WriteByte((byte)'\n');
        foreach (var entry in record.Trace)
        {
            JsonSerializer.Serialize(content, entry with { At = Instant.Zero + (entry.At - began) }, RecordJson.Entry);
            content.WriteByte((byte)'\n');
        }

        // JSON escapes what commands a terminal, but not what turns the direction of writing, and a person may look at the file itself.
        return Encoding.UTF8.GetBytes(PlainText.Lines(Encoding.UTF8.GetString(content.GetBuffer(), 0, (int)content.Length)));

        Instant? Since(Instant? at) => at is { } then ? Instant.Zero + (then - began) : null;
    }

    /// <param name="content">The file.</param>
    /// <param name="clock">The wall clock of an instant; the record's times are put where that has them.</param>
    /// <param name="now">The time.</param>
    /// <param name="row">The row of the history.</param>
    /// <param name="record">What a screen shows of it.</param>
    /// <param name="why">Why it is none.</param>
    public static bool TryRead(
        ReadOnlySpan<byte> content, DateTimeOffset clock, Instant now, [NotNullWhen(true)] out HistoryEntry? row, [NotNullWhen(true)] out CallView? record, out string why)
    {
        (row, record) = (null, null);
        var end = content.IndexOf((byte)'\n');
        var head = end < 0 ? null : KeptJson.Read(content[..end], RecordJson.Head);
        why = content.Length > Longest ? "the file is longer than any record"
            : head is null ? "its first line is not that of a record"
            : head.SoftphoneRecord != KeptRecord.Version ? $"it is of version {head.SoftphoneRecord}, and this softphone reads version {KeptRecord.Version}"
            : "its first line names no call";
        if (content.Length > Longest || head is not { SoftphoneRecord: KeptRecord.Version } || head.Row.ToEntry() is not { } entry) return false;

        var began = now - (clock - entry.At);
        var trace = new List<TraceEntry>();
        long unreadable = 0;
        for (content = content[(end + 1)..]; !content.IsEmpty; content = content[(end + 1)..])
        {
            end = content.IndexOf((byte)'\n');
            // A last line without an end was being written.
            if (end < 0) end = content.Length - 1;
            if (content[..(end + 1)].Trim(" \t\r\n"u8).IsEmpty) continue;
            if (KeptJson.Read(content[..(end + 1)], RecordJson.Entry) is { } read) trace.Add(read with { At = At(read.At) });
            else unreadable++;
        }

        row = entry;
        record = new CallView(default, CallState.Ended, entry.Direction, PlainText.Clean(entry.Peer, 256))
        {
            Name = PlainText.Clean(entry.Name),
            Account = PlainText.Clean(entry.Account),
            Began = began,
            Ended = head.Ended is { } ended ? At(ended) : began,
            Talked = entry.Talked,
            Path = PlainText.Clean(entry.Path, 16),
            Media = head.Media,
            Ice = head.Ice is { } ice ? ice with { Pairs = [.. ice.Pairs.Select(p => p.ProvenAt is { } proven ? p with { ProvenAt = At(proven) } : p)] } : null,
            Security = head.Security is { } security ? security with { Suite = PlainText.Clean(security.Suite, 64) } : CallSecurity.Plain,
            Quality = head.Quality,
            Transfer = PlainText.Clean(head.Transfer),
            Explanation = head.Explanation,
            Ending = PlainText.Clean(head.Ending),
            Trace = trace,
            LeftOut = Math.Clamp(head.LeftOut, 0, long.MaxValue / 2) + unreadable,
        };
        why = "";
        return true;

        Instant At(Instant since) => began + (since - Instant.Zero);
    }
}
