using Softphone.Phone;
using Softphone.Terminal;

namespace Softphone.Tui;

/// <summary>The same without frames, where there is hardly any room: figures, the path, remarks and why.</summary>
public sealed partial class CallScreen
{
    private void DrawCompact(Surface surface, Rect area, CallView call, Session session)
    {
        var y = area.Y;
        if (call.Media is { } media)
        {
            var pen = Row();
            var minute = call.Quality.Minute;
            Figure(ref pen, "MOS ", $"{minute.Mos ?? 0:0.0}", minute.Mos is not null);
            Figure(ref pen, "loss ", $"{minute.LossPercent ?? 0:0.0} %");
            Figure(ref pen, "RTT ", $"{media.RttMs ?? 0:0} ms", media.RttMs is not null);
            Figure(ref pen, "jitter ", $"{media.Rx.JitterMs:0.0} ms");
            pen = Row();
            if (session.View.Audio.IsMuted) pen.Write("mic muted  ", Color.Red);
            else Figure(ref pen, "mic ", $"{session.View.Audio.InputDbfs ?? media.Tx.LevelDbfs:0} dB");
            Figure(ref pen, "peer ", $"{media.Rx.LevelDbfs:0} dB");
            if (call.IsHeldHere || call.IsHeldThere) pen.TryWrite(call.IsHeldHere ? "on hold by us" : "on hold by the peer", Color.Cyan);
        }

        if (_ice?.Selected(1) is { } pair && y < area.Bottom)
        {
            var pen = Row();
            pen.Write(call.Path, Marks.OfPath(call.Path));
            pen.Space(2);
            pen.Write(pair.Way);
        }

        for (var i = Math.Max(_remarks.Count - (area.Bottom - y) / 2, 0); i < _remarks.Count; i++)
        {
            var pen = Row();
            pen.Write("! ", _remarks[i].Style);
            pen.Write(_remarks[i].Text, _remarks[i].Style);
        }

        _whyText.Draw(surface, new Rect(area.X, y, area.Width, area.Bottom - y), _why);

        Pen Row() => new(surface, area.X, y, y++ < area.Bottom ? area.Right : area.X);

        static void Figure(ref Pen pen, string name, ref Pen.Piece value, bool isKnown = true)
        {
            if (!isKnown || pen.Room < name.Length + value.Text.Length) return;
            pen.Write(name, Style.Dim);
            pen.Write(value.Text, Style.Bold);
            pen.Space(2);
        }
    }
}
