using Softphone.Nat;
using Softphone.Phone;
using Softphone.Terminal;

namespace Softphone.Tui;

/// <summary>Where the panes stand.</summary>
public sealed partial class CallScreen
{
    /// <summary>The least level there is, in dBFS.</summary>
    private const double Silence = -96;

    /// <summary>For state, time, account and codec in the title.</summary>
    private const int RoomBesides = 40;

    public override void Draw(Session session, Surface surface, Rect area)
    {
        if (Call is not { } call)
        {
            surface.Write(area.X + 1, area.Y, $"nothing is known of call {Id}", Style.Dim);
            return;
        }

        var (head, body) = area.CutRows(1);
        DrawTitle(surface, head, call, session);
        if (area.Width < 70 || body.Height < 17)
        {
            DrawCompact(surface, body.Inset(1, 0), call, session);
            return;
        }

        var isWide = area.Width >= 140;
        var (top, rest) = body.CutRows(8);
        var (levels, others) = top.CutColumns(Math.Clamp(area.Width * 28 / 100, 34, 40));
        DrawLevels(surface, levels, call, session);
        if (isWide)
        {
            var (quality, path) = others.CutColumns(QualityHistory.Seconds + 20);
            DrawQuality(surface, Joined(quality), call);
            DrawPath(surface, Joined(path), call, session.View.Now);
        }
        else
        {
            DrawQuality(surface, Joined(others), call);
            var (path, below) = new Rect(rest.X, rest.Y - 1, rest.Width, rest.Height + 1).CutRows(6);
            DrawPath(surface, path, call, session.View.Now);
            rest = below;
        }

        rest = new Rect(rest.X, rest.Y - 1, rest.Width, rest.Height + 1);
        if (isWide && body.Height >= 40)
        {
            var (left, right) = rest.CutColumns(rest.Width / 2);
            DrawFlowList(surface, left);
            DrawRemarks(surface, Joined(right));
            return;
        }

        var (flow, remarks) = rest.CutRows(rest.Height >= 14 ? 5 : 3);
        DrawFlow(surface, flow);
        DrawRemarks(surface, new Rect(remarks.X, remarks.Y - 1, remarks.Width, remarks.Height + 1));

        // Frames share their edges.
        static Rect Joined(Rect area) => new(area.X - 1, area.Y, area.Width + 1, area.Height);
    }

    private static void DrawTitle(Surface surface, Rect row, CallView call, Session session)
    {
        var pen = new Pen(surface, row.X + 1, row.Y, row.Right);
        var (word, style) = Marks.Of(call);
        pen.Write(call.IsLive() ? "● " : "○ ", style);
        var (name, address) = (Wording.Peer(call), Wording.Address(call.Peer));
        if (call.Name.Length > 0 && call.Name != address && pen.Room >= GlyphWidth.Of(call.Name) + address.Length + RoomBesides)
        {
            pen.Write(call.Name, Style.Bold);
            pen.Space(2);
            pen.Write(address);
        }
        else
        {
            pen.Write(name, Style.Bold);
        }

        pen.Space(2);
        pen.Write(word, style);
        pen.Space();
        pen.Write(Wording.Clock(call.Age(session.View.Now)), Style.Bold);
        pen.Space(2);
        pen.Write(Marks.Arrow(call.Direction), Style.Dim);
        pen.Write(call.Direction == CallDirection.Incoming ? " to " : " from ", Style.Dim);
        pen.Write(call.Account);
        if (call.Media is { } media)
        {
            pen.Space(2);
            pen.Write(media.Codec);
            if (media.ReceiveCodec.Length > 0 && media.ReceiveCodec != media.Codec)
            {
                pen.Write(", hears ", Style.Dim);
                pen.Write(media.ReceiveCodec);
            }
        }

        if (call.Media is not null)
        {
            var (padlock, shade) = Marks.Lock(call.Security);
            var (words, _) = Marks.Secured(call.Security);
            pen.Space(2);
            pen.Write(padlock, shade);
            if (call.Security.IsWeakened || pen.Room > words.Length + RoomBesides) pen.TryWrite(" " + words, shade);
        }

        if (call.InConference) pen.Write("  in conference", Color.Cyan);
        if (call.Transfer.Length > 0)
        {
            pen.Write("  transfer: ", Color.Yellow);
            pen.Write(call.Transfer, Color.Yellow);
        }

        if (call.Timer.Length > 0 && pen.Room >= call.Timer.Length + 8)
        {
            pen.Write("  timer ", Style.Dim);
            pen.Write(call.Timer);
        }

        if (call.Ending.Length == 0) return;
        pen.Space(2);
        pen.Write(call.Ending, Style.Dim);
    }

    private static void DrawLevels(Surface surface, Rect area, CallView call, Session session)
    {
        var inner = Frame.Draw(surface, area, "Levels");
        if (inner.Height < 6) return;
        var audio = session.View.Audio;
        var meter = inner.Width - 16;
        if (!call.IsLive()) Level(0, "mic", call.Media?.Tx.LevelDbfs, "–");
        else Level(0, "mic", audio.IsMuted || HasProblem(audio.Input) ? null : audio.InputDbfs ?? call.Media?.Tx.LevelDbfs, audio.IsMuted ? "muted" : HasProblem(audio.Input) ? $"none: {session.KeyOf(Bindings.Devices)} tells why" : "–");
        Level(1, "peer", call.Media?.Rx.LevelDbfs, "–");
        var pen = Row(2, "volume");
        if (HasProblem(audio.Output)) pen.Write($"none: {session.KeyOf(Bindings.Devices)} tells why", Color.Red);
        else pen.Write(Style.Plain, $"{audio.VolumeDb:+0;-0;0} dB");
        pen = Row(3, "hold");
        pen.Write((call.IsHeldHere, call.IsHeldThere) switch { (true, true) => "both hold", (true, false) => "we hold", (false, true) => "the peer holds", _ => "no" }, call.IsHeldHere || call.IsHeldThere ? Color.Cyan : Style.Plain);
        pen = Row(4, "record");
        if (call.Recording is { } file)
        {
            pen.Write("● ", Color.Red);
            pen.Write(Wording.Clock(call.Recorded));
            pen.Space();
            pen.Write(file.AsSpan(file.LastIndexOfAny(['/', '\\']) + 1));
        }
        else
        {
            pen.Write("no");
        }

        if (call.Playing is { } played)
        {
            pen.Space(2);
            pen.Write("♪ ", Color.Cyan);
            pen.Write(Wording.Clock(call.Played));
            pen.Space();
            pen.Write(played.AsSpan(played.LastIndexOfAny(['/', '\\']) + 1));
        }

        pen = Row(5, "keys");
        if (call.DigitsSent.Length + call.DigitsHeard.Length == 0) pen.Write("none");
        Keys(ref pen, "sent ", call.DigitsSent);
        if (call.DigitsSent.Length > 0 && call.DigitsHeard.Length > 0) pen.Space();
        Keys(ref pen, "heard ", call.DigitsHeard);

        Pen Row(int y, string name)
        {
            surface.Write(inner.X + 1, inner.Y + y, name, Style.Dim);
            return new Pen(surface, inner.X + 8, inner.Y + y, inner.Right);
        }

        void Level(int y, string name, double? dbfs, string otherwise)
        {
            var row = Row(y, name);
            if (dbfs is not { } level)
            {
                row.Write(otherwise, otherwise == "–" ? Style.Dim : new Style(Color.Red, Emphasis: Emphasis.Bold));
                return;
            }

            Bars.Level(surface, row.X, inner.Y + y, meter, Header.Level(level));
            row.Space(meter + 1);
            if (level <= Silence) row.Write("silent", Style.Dim);
            else row.Write(Style.Plain, $"{level:0} dB");
        }

        static bool HasProblem(DeviceView device) => !device.IsOpen && device.Problem.Length > 0;

        // The newest are those that a person looks for.
        static void Keys(ref Pen pen, string name, string keys)
        {
            if (keys.Length == 0) return;
            pen.Write(name, Style.Dim);
            pen.Write(keys.AsSpan(Math.Max(keys.Length - 12, 0)), Style.Bold);
        }
    }

    private void DrawPath(Surface surface, Rect area, CallView call, Instant now)
    {
        var inner = Frame.Draw(surface, area, call.Path.Length > 0 ? $"Path: {call.Path}" : "Path").Inset(1, 0);
        if (inner.Height < 2 || _ice is not { } ice) return;
        if (ice.Selected(1)?.Pair is not { } pair)
        {
            _whyText.Draw(surface, inner, _why);
            return;
        }

        // Where it is narrow the words stand below the address.
        var isNarrow = inner.Width < 70;
        var y = inner.Y;
        End("we", pair.Local.Address.ToString(), _ends[0]);
        End("peer", pair.Remote.Address.ToString(), _ends[1]);
        var pen = Row("ICE");
        pen.Write(ice.State.ToString(), IceWords.Of(ice.State));
        if (ice.Took is { } took) pen.Write(Style.Plain, $" {took.TotalMilliseconds:0} ms");
        if (ice.Restarts > 0) pen.Write(Style.Plain, $", restart {ice.Restarts}");
        if (pair.ProvenAt is { } proven && call.IsLive()) pen.Write(Style.Dim, $", consent {Math.Max((int)(now - proven).TotalSeconds, 0)} s ago");
        var hasRoom = !isNarrow || y < inner.Bottom;
        if (!isNarrow) pen.Write(", RTCP ", Style.Dim);
        else if (hasRoom) pen = Row("RTCP");
        if (hasRoom) pen.Write(ice.Components == 1 ? "on RTP's port" : "on a port of its own");
        if (pair.Rtt is { } rtt && y < inner.Bottom)
        {
            pen = Row("RTT");
            pen.Write(Style.Plain, $"{rtt.TotalMilliseconds:0} ms by STUN");
            if (call.Media?.RttMs is { } byRtcp) pen.Write(Style.Plain, $", {byRtcp:0} ms by RTCP");
            if (_first.Length > 0 && pen.Room > _first.Length + 2)
            {
                pen.Write(", ");
                pen.Write(_first);
            }
        }

        Pen Row(string name)
        {
            surface.Write(inner.X, y, name, Style.Dim);
            return new Pen(surface, inner.X + 5, y++, inner.Right);
        }

        void End(string name, string address, string words)
        {
            var row = Row(name);
            row.Write(address, Style.Bold);
            if (isNarrow && words.Length + address.Length + 2 > inner.Width - 5 && inner.Height > 5) row = Row("");
            else row.Space(2);
            row.Write(words, Style.Dim);
        }
    }
}
