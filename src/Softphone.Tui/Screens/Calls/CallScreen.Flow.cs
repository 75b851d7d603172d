using Softphone.Phone;
using Softphone.Terminal;

namespace Softphone.Tui;

/// <summary>The signalling in brief, and remarks.</summary>
public sealed partial class CallScreen
{
    /// <summary>Messages behind each other, those that do not fit at the beginning left out.</summary>
    private void DrawFlow(Surface surface, Rect area)
    {
        var inner = Frame.Draw(surface, area, "Flow");
        if (inner.IsEmpty || _flow is not { Rows.Count: > 0 } flow) return;
        var first = flow.Rows.Count;
        var (row, left) = (inner.Height - 1, inner.Width - 1);

        // Backwards from the newest until the room is full.
        while (first > 0)
        {
            var width = flow.Rows[first - 1].Message is null ? 0 : BriefWidth(flow.Rows[first - 1]);
            if (width > left)
            {
                if (row == 0) break;
                (row, left) = (row - 1, inner.Width - 1);
            }

            left -= width;
            first--;
        }

        var (x, y) = (inner.X + 1, inner.Y);
        for (var i = first; i < flow.Rows.Count; i++)
        {
            if (flow.Rows[i].Message is null) continue;
            if (x > inner.X + 1 && x + BriefWidth(flow.Rows[i]) > inner.Right + 2) (x, y) = (inner.X + 1, y + 1);
            if (y >= inner.Bottom) return;
            x = DrawBrief(surface, x, y, inner.Right, flow.Rows[i]) + 2;
        }
    }

    private static int BriefWidth(SipRow row)
    {
        Span<char> delta = stackalloc char[16];
        var time = row.Since >= TimeSpan.FromMilliseconds(10) && LadderTime.FormatDelta(row.Since, delta, out var length) ? length + 1 : 0;
        return time + 2 + GlyphWidth.Of(row.Brief) + 2;
    }

    private static int DrawBrief(Surface surface, int x, int y, int end, SipRow row)
    {
        var pen = new Pen(surface, x, y, end);
        Span<char> delta = stackalloc char[16];
        if (row.Since >= TimeSpan.FromMilliseconds(10) && LadderTime.FormatDelta(row.Since, delta, out var length))
        {
            pen.Write(delta[..length], Style.Dim);
            pen.Space();
        }

        pen.Write(row.Message!.IsSent ? "→ " : "← ", row.Style);
        pen.Write(row.Brief, row.Style);
        return pen.X;
    }

    /// <summary>One message a line, where there is room.</summary>
    private void DrawFlowList(Surface surface, Rect area)
    {
        var inner = Frame.Draw(surface, area, "Flow");
        if (_flow is not { Began: { } began } flow) return;
        Span<char> text = stackalloc char[24];
        var first = Math.Max(flow.Rows.Count - inner.Height, 0);
        for (var i = first; i < flow.Rows.Count; i++)
        {
            var (row, y) = (flow.Rows[i], inner.Y + i - first);
            if (row.At >= began && LadderTime.Format(row.At - began, text, out var length)) surface.WriteRight(inner.X + 9, y, text[..length], Style.Dim);
            if (row.Since > TimeSpan.Zero && LadderTime.FormatDelta(row.Since, text, out length)) surface.WriteRight(inner.X + 19, y, text[..length], Style.Dim);
            var pen = new Pen(surface, inner.X + 21, y, inner.Right);
            if (row.Message is { } message) pen.Write(message.IsSent ? "→ " : "← ", row.Style);
            pen.Write(row.Text, row.Style);
        }
    }

    private void DrawRemarks(Surface surface, Rect area)
    {
        var hasPath = _ice?.Selected(1) is not null;
        var inner = Frame.Draw(surface, area, hasPath ? "Why this path, and remarks" : "Remarks").Inset(1, 0);
        if (inner.Height < 1) return;
        var kept = Math.Min(_remarks.Count, inner.Height - 2);
        var used = hasPath ? _whyText.Draw(surface, new Rect(inner.X, inner.Y, inner.Width, inner.Height - Math.Max(kept, 0)), _why) : 0;
        if (!hasPath && _remarks.Count == 0) surface.Write(inner.X, inner.Y, "nothing out of the ordinary", Style.Dim, inner.Width);
        if (_flow?.Began is not { } began) return;
        var rows = inner.Height - used;
        _scroll = Math.Clamp(_scroll, 0, Math.Max(_remarks.Count - rows, 0));
        var first = Math.Max(_remarks.Count - rows - _scroll, 0);
        Span<char> text = stackalloc char[24];
        for (var i = 0; i < rows && first + i < _remarks.Count; i++)
        {
            var remark = _remarks[first + i];
            var pen = new Pen(surface, inner.X, inner.Y + used + i, inner.Right);
            pen.Write("! ", remark.Style);
            if (remark.At >= began && LadderTime.Format(remark.At - began, text, out var length)) pen.Write(text[..length], Style.Dim);
            pen.Space();
            pen.Write(remark.Text, remark.Style);
        }
    }
}
