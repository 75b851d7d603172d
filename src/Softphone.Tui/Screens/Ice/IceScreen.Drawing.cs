using System.Globalization;
using Softphone.Nat;
using Softphone.Phone;
using Softphone.Terminal;

namespace Softphone.Tui;

/// <summary>The panes and where they stand.</summary>
public sealed partial class IceScreen
{
    private readonly WrappedText _whyText = new();

    private static readonly Style Unlike = new(Color.Yellow, Emphasis: Emphasis.Bold);
    private static readonly string[] TabNames = ["Checks", "Candidates", "Handshake", "Why", "Log"];

    public override void Draw(Session session, Surface surface, Rect area)
    {
        _tabs.Clear();
        if (_story is not { } story || Call is null)
        {
            surface.Write(area.X + 1, area.Y, $"nothing is known of call {Id}", Style.Dim);
            return;
        }

        var (head, body) = area.CutRows(1);
        DrawSummary(surface, head, story, Call is { State: CallState.Ended }, session.View.Now);
        if (area.Width >= 96 && area.Height >= 24) DrawAll(surface, body, story, session.View.Now);
        else DrawTabs(surface, body, story, session.View.Now);
    }

    /// <summary>Frames lie one cell into each other.</summary>
    private void DrawAll(Surface surface, Rect area, IceStory story, Instant now)
    {
        var isTall = area.Height >= 40;
        var candidates = Math.Clamp(Math.Max(story.Local.Count, story.Remote.Count), 3, isTall ? 10 : 5) + 2;
        var lowest = isTall ? 14 : 9;
        var checks = Math.Clamp(_shown.Count + 3, 6, area.Height - candidates - lowest + 2);
        var (top, rest) = area.CutRows(candidates);
        var (left, right) = top.CutColumns(area.Width / 2);
        DrawCandidates(surface, left, "Our candidates", story.Local);
        DrawCandidates(surface, new Rect(right.X - 1, right.Y, right.Width + 1, right.Height), "The peer's candidates", story.Remote);
        var middle = new Rect(rest.X, rest.Y - 1, rest.Width, checks);
        DrawChecks(surface, middle, story, now);
        var low = new Rect(rest.X, middle.Bottom - 1, rest.Width, area.Bottom - middle.Bottom + 1);
        if (!isTall || low.Height < 22)
        {
            DrawLow(surface, low, story);
            return;
        }

        var (stories, log) = low.CutRows(13);
        DrawLow(surface, stories, story);
        DrawLog(surface, new Rect(log.X, log.Y - 1, log.Width, log.Height + 1), story);
    }

    private void DrawLow(Surface surface, Rect low, IceStory story)
    {
        var isWide = low.Width >= 140;
        var panes = isWide ? 3 : 2;
        var width = low.Width / panes;
        var first = Selected;
        DrawHandshake(surface, new Rect(low.X, low.Y, width + 1, low.Height), first, story);
        if (isWide) DrawHandshake(surface, new Rect(low.X + width, low.Y, width + 1, low.Height), story.Counterpart(first), story);
        var why = new Rect(low.X + (panes - 1) * width, low.Y, low.Width - (panes - 1) * width, low.Height);
        DrawWhy(surface, Frame.Draw(surface, why, "Why this path").Inset(1, 0), first);
    }

    private void DrawTabs(Surface surface, Rect area, IceStory story, Instant now)
    {
        var (bar, body) = area.CutRows(1);
        var x = bar.X + 1;
        for (var i = 0; i < TabNames.Length; i++)
        {
            var end = surface.Write(x, bar.Y, TabNames[i], (int)_tab == i ? Style.Reverse.With(Emphasis.Bold) : Style.Plain, bar.Right - x);
            _tabs.Add((new Rect(x, bar.Y, end - x, 1), (Tab)i));
            x = end + 2;
        }

        surface.Write(x + 1, bar.Y, "Tab", Style.Dim, bar.Right - x - 1);
        switch (_tab)
        {
            case Tab.Checks:
                var detail = body.Height >= 12 ? 4 : 0;
                var (list, note) = body.CutRows(body.Height - detail);
                DrawChecks(surface, list, story, now);
                if (detail > 0) DrawWhy(surface, note.Inset(1, 0), Selected);
                break;
            case Tab.Candidates:
                var (ours, theirs) = body.CutRows(body.Height / 2);
                DrawCandidates(surface, ours, "Our candidates", story.Local);
                DrawCandidates(surface, theirs, "The peer's candidates", story.Remote);
                break;
            case Tab.Handshake:
                DrawHandshake(surface, body, Selected, story);
                break;
            case Tab.Log:
                DrawLog(surface, body, story);
                break;
            default:
                DrawWhy(surface, Frame.Draw(surface, body, "Why this path").Inset(1, 0), Selected);
                break;
        }
    }

    private static void DrawSummary(Surface surface, Rect row, IceStory story, bool isOver, Instant now)
    {
        var pen = new Pen(surface, row.X + 1, row.Y, row.Right);
        pen.Write(story.Role == IceRole.Controlling ? "controlling" : "controlled");
        pen.Space(2);
        pen.Write(story is not { State: IceState.Gathering, Gathered: not null } ? StateName(story.State) : isOver ? "Not begun" : "Waiting for the peer", IceWords.Of(story.State));
        if (story.Took is { } took) pen.Write(Style.Plain, $" in {took.TotalMilliseconds:0} ms");
        if (story.Gathered is { } gathered) Fact(ref pen, "gathered in ", $"{gathered.TotalMilliseconds:0} ms");
        if (story.Restarts > 0) Fact(ref pen, "restarts ", $"{story.Restarts}");
        if (story.Selected(1)?.Pair.ProvenAt is { } proven) Fact(ref pen, "consent ", $"{Math.Max((int)(now - proven).TotalSeconds, 0)} s ago");
        if (story.IsSymmetric) Fact(ref pen, "our NAT is ", $"symmetric", Color.Yellow);
        Fact(ref pen, "RTCP ", $"{(story.Components == 1 ? "on RTP's port" : "own port")}");

        static void Fact(ref Pen pen, string name, ref Pen.Piece value, Style style = default)
        {
            if (pen.Room < 2 + name.Length + value.Text.Length) return;
            pen.Space(2);
            pen.Write(name, Style.Dim);
            pen.Write(value.Text, style);
        }
    }

    private static string StateName(IceState state) => state switch
    {
        IceState.Gathering => "Gathering",
        IceState.Checking => "Checking",
        IceState.Connected => "Connected",
        IceState.Completed => "Completed",
        IceState.Failed => "Failed",
        _ => "Disconnected",
    };

    private static void DrawCandidates(Surface surface, Rect area, string title, IReadOnlyList<CandidateLine> lines)
    {
        var inner = Frame.Draw(surface, area, title, note: lines.Count > area.Height - 2 ? $"{area.Height - 2} of {lines.Count}" : "");
        var isWide = inner.Width >= 66;
        var longest = 0;
        foreach (var line in lines) longest = Math.Max(longest, line.Address.Length);
        var address = Math.Min(longest, inner.Width - 12);
        Span<char> priority = stackalloc char[12];
        for (var i = 0; i < lines.Count && i < inner.Height; i++)
        {
            var (line, y) = (lines[i], inner.Y + i);
            surface.Write(inner.X + 1, y, line.Label, Style.Bold, 3);
            surface.Write(inner.X + 4, y, line.Type, Style.Plain, 5);
            surface.Write(inner.X + 10, y, line.Address, Style.Plain, address);
            var x = inner.X + 10 + address + 2;
            if (line.Unlike.Length > 0)
            {
                x = surface.Write(x, y, "≠ ", Unlike, inner.Right - x);
                x = surface.Write(x, y, line.Unlike, Unlike, inner.Right - x) + 1;
            }

            surface.Write(x, y, line.From, Style.Dim, inner.Right - x);
            if (!isWide) continue;
            line.First.Priority.TryFormat(priority, out var length, default, CultureInfo.InvariantCulture);
            surface.WriteRight(inner.Right - 1, y, priority[..length], Style.Dim);
        }
    }

    private void DrawLog(Surface surface, Rect area, IceStory story)
    {
        var inner = Frame.Draw(surface, area, "What happened");
        var count = story.Log.Count;
        _logRows = inner.Height;
        _logEnd = Math.Clamp(_logEnd, 0, Math.Max(count - inner.Height, 0));
        var first = Math.Max(count - inner.Height - _logEnd, 0);
        Span<char> text = stackalloc char[24];
        for (var i = 0; i < inner.Height && first + i < count; i++)
        {
            var entry = story.Log[first + i];
            if (LadderTime.Format(entry.At - story.Log[0].At, text, out var length)) surface.WriteRight(inner.X + 10, inner.Y + i, text[..length], Style.Dim);
            surface.Write(inner.X + 12, inner.Y + i, entry.Describe(), LogStyle(entry), inner.Width - 12);
        }
    }

    private static Style LogStyle(TraceEntry entry) => entry switch
    {
        IceTrace.Selected or IceTrace.StateChanged { To: IceState.Completed or IceState.Connected } => Color.Green,
        IceTrace.PairChanged { To: PairState.Failed } or IceTrace.StateChanged { To: IceState.Failed or IceState.Disconnected } or IceTrace.PathDoubted => Color.Red,
        IceTrace.Nominated or IceTrace.Restarted or IceTrace.StateChanged or GatherTrace.Ready => Style.Bold,
        IceTrace.PairPruned or IceTrace.CandidateIgnored => Style.Dim,
        _ => Style.Plain,
    };

    private void DrawWhy(Surface surface, Rect area, PairStory? pair)
    {
        if (pair is not null && area.Height > 3)
        {
            var (line, rest) = area.CutRows(1);
            var x = surface.Write(line.X, line.Y, pair.Name, Style.Bold, line.Width);
            surface.Write(x, line.Y, ": ", Style.Bold, line.Right - x);
            surface.Write(x + 2, line.Y, pair.Note, Style.Plain, line.Right - x - 2);
            area = rest;
        }

        _whyText.Draw(surface, area, _why);
    }
}
