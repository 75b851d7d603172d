using System.Globalization;
using System.Text;

namespace Softphone.Captures;

/// <summary>The messages of a dialog as arrows between upright lines of text, one line for each address, with marks for what media did meanwhile.</summary>
public static class LadderText
{
    private const int MostColumns = 6;
    private const int Wide = 26;
    private const int Left = 12;

    public static IReadOnlyList<string> Of(CapturedDialog dialog)
    {
        var columns = dialog.Messages.SelectMany(m => new[] { m.From, m.To }).Distinct().Take(MostColumns).ToList();
        var lines = new List<string> { Head(columns) };
        var marks = LadderMarks.Of(dialog);
        var next = 0;
        foreach (var message in dialog.Messages)
        {
            for (; next < marks.Count && marks[next].At < message.At; next++) lines.Add(Mark(dialog, columns.Count, marks[next]));
            lines.Add(Arrow(dialog, columns, message));
        }

        for (; next < marks.Count; next++) lines.Add(Mark(dialog, columns.Count, marks[next]));
        return lines;
    }

    private static string Head(List<Address> columns)
    {
        var line = new StringBuilder(new string(' ', Left));
        foreach (var column in columns) line.Append(Fit(column.ToString(), Wide - 1).PadRight(Wide));
        return line.ToString().TrimEnd();
    }

    private static string Arrow(CapturedDialog dialog, List<Address> columns, CapturedMessage message)
    {
        var (from, to) = (columns.IndexOf(message.From), columns.IndexOf(message.To));
        var text = $"{message.Label}{(message.Sdp is null ? "" : " sdp")}{(message.IsRepeat ? " again" : "")}";
        if (from < 0 || to < 0 || from == to) return $"{Time(dialog, message.At)}{message.From} > {message.To}  {text}";
        var row = Row(columns.Count);
        var (left, right) = (Math.Min(from, to) * Wide, Math.Max(from, to) * Wide);
        for (var x = left + 1; x < right; x++) row[x] = message.IsRepeat ? '╌' : '─';
        if (to > from) row[right - 1] = '▶';
        else row[left + 1] = '◀';
        Put(row, left + 3, $" {Fit(text, right - left - 7)} ");
        return Time(dialog, message.At) + new string(row).TrimEnd();
    }

    private static string Mark(CapturedDialog dialog, int columns, (Instant At, string Text) mark)
    {
        var text = $" · {mark.Text} · ";
        var row = Row(columns);
        if (row.Length < text.Length + 1) Array.Resize(ref row, text.Length + 1);
        Put(row, 1, text);
        return Time(dialog, mark.At) + new string(row).TrimEnd();
    }

    private static char[] Row(int columns)
    {
        var row = new char[(columns - 1) * Wide + 1];
        Array.Fill(row, ' ');
        for (var i = 0; i < columns; i++) row[i * Wide] = '│';
        return row;
    }

    private static void Put(char[] row, int at, string text)
    {
        for (var i = 0; i < text.Length && at + i < row.Length; i++) row[at + i] = text[i];
    }

    private static string Fit(string text, int room) => text.Length <= room ? text : room > 1 ? text[..(room - 1)] + "…" : "";

    private static string Time(CapturedDialog dialog, Instant at) => (at - dialog.Began).TotalSeconds.ToString("0.000", CultureInfo.InvariantCulture).PadLeft(Left - 2) + "  ";
}
