using Softphone.Phone;
using Softphone.Terminal;

namespace Softphone.Tui;

/// <summary>The call that keys act on, beside the list of calls where the screen is wide: sound, quality, path and why.</summary>
internal sealed class CallSummary
{
    private const int Label = 6;

    private readonly double[] _mos = new double[QualityHistory.Seconds];
    private (string Text, int Width) _wrapped = ("", 0);
    private IReadOnlyList<string> _lines = [];

    public void Draw(Session session, CallView call, Surface surface, Rect inner)
    {
        var (x, y) = (inner.X + 1, inner.Y);
        var (word, style) = Marks.Of(call);
        var pen = new Pen(surface, x, y++, inner.Right - 1);
        pen.Write(word, style);
        pen.Write(Style.Bold, $"  {(int)call.Age(session.View.Now).TotalMinutes}:{call.Age(session.View.Now).Seconds:00}");
        if (call.Media is { Codec.Length: > 0 } talked)
        {
            pen.Write("  ");
            pen.Write(talked.Codec);
        }

        if (call.Path.Length > 0)
        {
            pen.Write("  ");
            pen.Write(call.Path, Marks.OfPath(call.Path));
        }

        if (call.Media is not null)
        {
            var (padlock, shade) = Marks.Lock(call.Security);
            pen.Write("  ");
            pen.TryWrite(padlock, shade);
            if (call.Security.IsWeakened) pen.TryWrite(" " + Marks.Secured(call.Security).Words, shade);
        }

        pen = new Pen(surface, x, y++, inner.Right - 1);
        pen.Write(Wording.Address(call.Peer), Style.Dim);
        pen.Write(" with ", Style.Dim);
        pen.Write(call.Account, Style.Dim);
        y++;
        if (call.IsAnswered() && call.Media is { } media)
        {
            DrawLevel(surface, x, y++, inner.Right - 1, "mic", session.View.Audio.IsMuted ? null : session.View.Audio.InputDbfs ?? media.Tx.LevelDbfs, session.View.Audio.IsMuted);
            DrawLevel(surface, x, y++, inner.Right - 1, "peer", media.Rx.LevelDbfs, isMuted: false);
            DrawMos(surface, x, y++, inner.Right - 1, call, call.Quality.Minute.Mos);
            pen = new Pen(surface, x, y++, inner.Right - 1);
            pen.Write("loss  ", Style.Dim);
            var loss = call.Quality.Minute.LossPercent ?? 0;
            pen.Write(Style.Plain, $"{(int)loss}.{(int)(loss * 10) % 10} %");
            pen.Write("  jitter ", Style.Dim);
            pen.Write(Style.Plain, $"{(int)Math.Round(media.Rx.JitterMs)} ms");
            pen.Write("  rtt ", Style.Dim);
            if (media.RttMs is { } rtt) pen.Write(Style.Plain, $"{(int)Math.Round(rtt)} ms");
            else pen.Write("–");
            y++;
        }

        var text = call.IsLive() ? call.Explanation : call.Ending.Length > 0 ? $"{call.Ending}. {call.Explanation}" : call.Explanation;
        if (_wrapped != (text, inner.Width)) (_wrapped, _lines) = ((text, inner.Width), Paragraph.Wrap(text, inner.Width - 2));
        for (var i = 0; i < _lines.Count && y < inner.Bottom; i++) surface.Write(x, y++, _lines[i], Style.Dim, inner.Width - 2);
    }

    private static void DrawLevel(Surface surface, int x, int y, int end, string label, double? dbfs, bool isMuted)
    {
        surface.Write(x, y, label, Style.Dim);
        if (isMuted)
        {
            surface.Write(x + Label, y, "muted", new Style(Color.Red, Emphasis: Emphasis.Bold));
            return;
        }

        Bars.Level(surface, x + Label, y, 16, Header.Level(dbfs ?? -96));
        var pen = new Pen(surface, x + Label + 18, y, end);
        if (dbfs is { } level) pen.Write(Style.Dim, $"{(int)Math.Round(level)} dB");
    }

    private void DrawMos(Surface surface, int x, int y, int end, CallView call, double? mos)
    {
        surface.Write(x, y, "MOS", Style.Dim);
        var pen = new Pen(surface, x + Label, y, end);
        if (mos is { } value) pen.Write(Marks.OfMos(mos), $"{(int)value}.{(int)(value * 10) % 10}");
        else pen.Write("–", Style.Dim);
        var history = call.Quality.Mos;
        var shown = Math.Min(Math.Min(history.Count, _mos.Length), Math.Max(end - x - Label - 5, 0));
        for (var i = 0; i < shown; i++) _mos[i] = history[history.Count - shown + i];
        Bars.Spark(surface, new Rect(x + Label + 5, y, shown, 1), _mos.AsSpan(0, shown), 1, 4.5, static value => Marks.OfMos(value));
    }
}
