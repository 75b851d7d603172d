using System.Globalization;
using Softphone.Phone;
using Softphone.Terminal;

namespace Softphone.Tui;

/// <summary>The check list, and the handshake of a pair.</summary>
public sealed partial class IceScreen
{
    private const string LegendOfTheEdge = $" {PairChart.Legend} ";

    private void DrawChecks(Surface surface, Rect area, IceStory story, Instant now)
    {
        var inner = Frame.Draw(surface, area, _failedOnly ? "Failed pairs" : "Check list", hasFocus: true, area.Width < 96 ? PairChart.Legend : "");
        if (area.Width >= 96) surface.Write(area.X + 16, area.Y, LegendOfTheEdge, Style.Dim, area.Width - 17);
        if (inner.IsEmpty) return;
        var columns = Columns.Of(inner);
        var (head, rows) = inner.CutRows(1);
        _rows = rows;
        _list.Fit(_shown.Count, rows.Height);
        var scale = PairChart.ScaleOf(story, now);
        DrawHead(surface, head, columns, scale);
        if (_shown.Count == 0)
            surface.Write(rows.X + 2, rows.Y, Nothing(), Style.Dim, rows.Width - 3);
        for (var i = 0; i < rows.Height && _list.Top + i < _shown.Count; i++)
            DrawRow(surface, new Rect(rows.X, rows.Y + i, rows.Width, 1), columns, _shown[_list.Top + i], story.Began, scale, _list.Top + i == _list.Selected);
    }

    private string Nothing() => _failedOnly ? "none failed"
        : Call?.IsAnswered() == true && Call.Ice is not { State: not Nat.IceState.Gathering } ? "this call goes without ICE"
        : Call is { State: CallState.Ended } ? "no pairs: the other side's candidates did not come before the call was over"
        : "no pairs yet: they are formed when both sides know each other's candidates";

    private static void DrawHead(Surface surface, Rect head, Columns columns, double scale)
    {
        surface.Write(columns.Number, head.Y, "  #", Style.Dim);
        surface.Write(columns.Pair, head.Y, "pair", Style.Dim);
        if (columns.Addresses > 0) surface.Write(columns.Way, head.Y, "from our end to the peer's", Style.Dim, columns.Addresses);
        surface.Write(columns.State, head.Y, "state", Style.Dim);
        if (columns.HasNumbers) surface.Write(columns.Sent, head.Y, " tx  rx     rtt", Style.Dim);
        if (columns.NoteWidth > 0) surface.Write(columns.Note, head.Y, "note", Style.Dim, columns.NoteWidth);
        PairChart.Head(surface, new Rect(columns.Chart, head.Y, columns.ChartWidth, 1), scale);
    }

    private static void DrawRow(Surface surface, Rect row, Columns columns, PairStory story, Instant? began, double scale, bool isSelected)
    {
        var pair = story.Pair;
        Span<char> text = stackalloc char[24];
        if (isSelected) surface.Put(row.X, row.Y, '▸', Style.Bold);
        Number(surface, columns.Number + 3, row.Y, pair.Id, text);
        surface.Write(columns.Component, row.Y, pair.Component == 1 ? "RTP" : "RTCP", pair.Component == 1 ? Style.Plain : Style.Dim);
        surface.Write(columns.Pair, row.Y, story.Name, Style.Bold, 7);
        if (columns.Addresses > 0) surface.Write(columns.Way, row.Y, story.Way, Style.Plain, columns.Addresses);
        var (word, style) = IceWords.Of(pair);
        surface.Write(columns.State, row.Y, word, style, 13);
        if (columns.HasNumbers) Number(surface, columns.Sent + 3, row.Y, pair.Sent, text);
        if (columns.HasNumbers) Number(surface, columns.Sent + 7, row.Y, pair.Received, text);
        if (columns.HasNumbers && pair.Rtt is { } rtt)
        {
            text.TryWrite(CultureInfo.InvariantCulture, $"{rtt.TotalMilliseconds:0} ms", out var length);
            surface.WriteRight(columns.Sent + 15, row.Y, text[..length]);
        }

        if (columns.NoteWidth > 0) surface.Write(columns.Note, row.Y, story.Note, Style.Dim, columns.NoteWidth);
        var chart = new Rect(columns.Chart, row.Y, columns.ChartWidth, 1);
        if (isSelected) surface.Select(new Rect(row.X, row.Y, columns.Chart - row.X, 1));
        if (began is { } start) PairChart.Row(surface, chart, story, start, scale);
    }

    private static void Number(Surface surface, int end, int y, int number, Span<char> text)
    {
        number.TryFormat(text, out var length, default, CultureInfo.InvariantCulture);
        surface.WriteRight(end, y, text[..length]);
    }

    private static void DrawHandshake(Surface surface, Rect area, PairStory? pair, IceStory story)
    {
        var inner = Frame.Draw(surface, area, pair?.Title ?? "Handshake");
        if (inner.Height < 2) return;
        if (pair is null || story.Began is not { } began)
        {
            surface.Write(inner.X + 1, inner.Y, pair is null && story is { Components: 1, State: Nat.IceState.Completed } ? "RTCP shares the port of RTP" : "nothing passed yet", Style.Dim, inner.Width - 1);
            return;
        }

        ReadOnlySpan<int> lines = [inner.X + 9, inner.Right - 2];
        surface.WriteRight(inner.X + 8, inner.Y, "ms", Style.Dim);
        surface.Write(lines[0], inner.Y, "us", Style.Bold);
        surface.WriteRight(lines[1] + 1, inner.Y, "peer", Style.Bold);
        var steps = pair.Essentials;
        for (var i = 0; i < inner.Height - 1; i++)
        {
            var y = inner.Y + 1 + i;
            Ladder.Lines(surface, y, lines);
            if (i >= steps.Count) continue;
            StunLadder.Time(surface, inner.X + 8, y, steps[i].At - began);
            StunLadder.Step(surface, y, lines, steps[i]);
        }
    }

    /// <summary>Where the columns of the check list stand; what the width does not hold is left out.</summary>
    private readonly record struct Columns(int Number, int Component, int Pair, int Way, int Addresses, int State, int Sent, int Note, int NoteWidth, int Chart, int ChartWidth)
    {
        /// <summary>There is room for what was sent and received, and for the round trip.</summary>
        public bool HasNumbers => Note > Sent;

        public static Columns Of(Rect inner)
        {
            var x = inner.X + 1;
            var addresses = inner.Width >= 150 ? 50 : 0;
            var state = x + 17 + (addresses > 0 ? addresses + 1 : 0);
            var note = state + 14 + (inner.Width >= 56 ? 17 : 0);
            var chart = Math.Clamp((inner.Right - note) / 2, Math.Clamp(inner.Right - note, 0, 10), 42);
            var at = inner.Right - chart;
            return new Columns(x, x + 4, x + 9, x + 17, addresses, state, state + 14, note, Math.Max(at - note - 1, 0), at, chart);
        }
    }
}
