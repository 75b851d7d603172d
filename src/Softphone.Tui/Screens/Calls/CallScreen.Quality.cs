using Softphone.Phone;
using Softphone.Terminal;

namespace Softphone.Tui;

/// <summary>Quality over the last minute.</summary>
public sealed partial class CallScreen
{
    private static readonly Func<double, Style> MosStyle = v => Marks.OfMos(v);
    private static readonly Func<double, Style> LossStyle = v => v < 1 ? Color.Green : v < 5 ? Color.Yellow : Color.Red;
    private static readonly Func<double, Style> JitterStyle = v => v < 20 ? Color.Green : v < 60 ? Color.Yellow : Color.Red;
    private static readonly Func<double, Style> RttStyle = v => v < 150 ? Color.Green : v < 400 ? Color.Yellow : Color.Red;

    private readonly double[] _values = new double[QualityHistory.Seconds];

    private void DrawQuality(Surface surface, Rect area, CallView call)
    {
        var inner = Frame.Draw(surface, area, "Quality, last minute");
        if (inner.Height < 6) return;
        if (call.Media is not { } media)
        {
            surface.Write(inner.X + 1, inner.Y, "no media yet", Style.Dim);
            return;
        }

        var pen = Row(0, "MOS");
        var minute = call.Quality.Minute;
        if (minute.Mos is { } mos)
        {
            pen.Write(MosStyle(mos), $"{mos:0.0} ");
            pen.Write(mos >= 4 ? "good" : mos >= 3.6 ? "fair" : mos >= 3.1 ? "poor" : "bad", MosStyle(mos));
        }
        else
        {
            pen.Write("–", Style.Dim);
        }

        Spark(0, call.Quality.Mos, 1, 4.5, MosStyle);
        pen = Row(1, "loss");
        if (minute.LossPercent is { } loss) pen.Write(LossStyle(loss), $"{loss:0.0} %");
        else pen.Write("–", Style.Dim);
        Spark(1, call.Quality.RxLoss, 0, Math.Max(5, Highest(call.Quality.RxLoss)), LossStyle);
        pen = Row(2, "jitter");
        pen.Write(Style.Plain, $"{media.Rx.JitterMs:0.0} ms");
        Spark(2, call.Quality.JitterMs, 0, Math.Max(20, Highest(call.Quality.JitterMs)), JitterStyle);
        pen = Row(3, "RTT");
        if (media.RttMs is { } rtt) pen.Write(Style.Plain, $"{rtt:0} ms");
        else pen.Write("–", Style.Dim);
        Spark(3, call.Quality.RttMs, 0, Math.Max(200, Highest(call.Quality.RttMs)), RttStyle);
        pen = Row(4, "buffer");
        pen.Write(Style.Plain, $"{media.PlayoutMs:0} ms");
        Rest(ref pen, $", {minute.ConcealedPercent:0.0} % made up");
        pen = Row(5, "call");
        if (media.Mos is { } all) pen.Write(Style.Plain, $"MOS {all:0.0}, ");
        pen.Write(Style.Plain, $"in {media.Rx.Packets:0}");
        Rest(ref pen, $" ({media.Rx.Lost:0} lost)");
        Rest(ref pen, $", out {media.Tx.Packets:0}");
        Rest(ref pen, $" ({media.Tx.Lost:0} lost)");
        Rest(ref pen, $", {media.Jitter.PacketsLate:0} late");
        Rest(ref pen, $", longest gap {media.LongestGapMs:0} ms");

        Pen Row(int y, string name)
        {
            surface.Write(inner.X + 1, inner.Y + y, name, Style.Dim);
            return new Pen(surface, inner.X + 9, inner.Y + y, inner.Right);
        }

        void Spark(int y, IReadOnlyList<double> values, double low, double high, Func<double, Style> style)
        {
            var count = Math.Min(values.Count, _values.Length);
            for (var i = 0; i < count; i++) _values[i] = values[values.Count - count + i];
            var from = inner.X + 19;
            Bars.Spark(surface, new Rect(from, inner.Y + y, Math.Min(inner.Right - from - 1, QualityHistory.Seconds), 1), _values.AsSpan(0, count), low, high, style);
        }

        static void Rest(ref Pen pen, ref Pen.Piece piece) => pen.TryWrite(piece.Text);
    }

    private static double Highest(IReadOnlyList<double> values)
    {
        var highest = 0.0;
        for (var i = 0; i < values.Count; i++)
            if (values[i] > highest) highest = values[i];
        return highest;
    }
}
