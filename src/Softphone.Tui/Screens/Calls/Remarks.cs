using System.Globalization;
using Softphone.Media;
using Softphone.Nat;
using Softphone.Phone;
using Softphone.Sip;
using Softphone.Terminal;

namespace Softphone.Tui;

/// <summary>Reads a call's trace for what went wrong or otherwise than usual, and says what happened at the same moment: a gap in what is heard and a path that moved.</summary>
internal static class Remarks
{
    private static readonly TimeSpan Near = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan SlowServer = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan SlowIce = TimeSpan.FromSeconds(2);

    private const string NoAnswer = "the path did not answer";

    private static readonly Style Bad = Color.Red;
    private static readonly Style Odd = Color.Yellow;

    /// <summary>The newest last.</summary>
    public static List<Remark> Of(CallView call, Instant now)
    {
        var remarks = new List<Remark>();
        var trace = call.Trace;
        IceTrace.Selected? path = null;
        SipTrace.Message? invite = null;
        var repeats = new Dictionary<string, (Instant First, int Count, bool IsSent)>();
        Instant? checks = null;
        for (var i = 0; i < trace.Count; i++)
        {
            switch (trace[i])
            {
                case IceTrace.CheckSent e:
                    checks ??= e.At;
                    break;
                case IceTrace.Selected { Component: 1 } e:
                    if (path is not null && (path.Local.Address != e.Local.Address || path.Remote.Address != e.Remote.Address)) Add(e.At, Move(path, e, Because(trace, i)), Odd);
                    else if (path is null && checks is { } began && e.At - began > SlowIce) Add(e.At, string.Create(CultureInfo.InvariantCulture, $"finding a path took {(e.At - began).TotalSeconds:0.0} s"), Odd);
                    path = e;
                    break;
                case IceTrace.StateChanged { To: IceState.Disconnected or IceState.Failed } e:
                    Add(e.At, e.To == IceState.Failed ? "ICE found no path" : "the path was lost and none is left", Bad);
                    break;
                case IceTrace.RoleChanged e:
                    Add(e.At, $"ICE role changed to {e.Role.ToString().ToLowerInvariant()}: {e.Reason}", Odd);
                    break;
                case TurnTrace.Refused { Code: not (401 or 438) } e:
                    Add(e.At, $"the TURN server refused {e.Method}: {e.Code}", Bad);
                    break;
                case MediaTrace.Silent e:
                    Add(e.At - e.For, $"{e.Describe()}{Meanwhile(trace, e.At - e.For - Near, e.At)}", Bad);
                    break;
                case MediaTrace.Resumed e:
                    Add(e.At, $"{e.Describe()}{Meanwhile(trace, e.At - e.After - Near, e.At + Near)}", Odd);
                    break;
                case MediaTrace.Secured { Suite.Length: 0 } or MediaTrace.KeysDiffer:
                    Add(trace[i].At, trace[i].Describe(), Bad);
                    break;
                case MediaTrace.Unsupported or MediaTrace.SourceChanged or MediaTrace.Collision or MediaTrace.ErrorCorrection or MediaTrace.PeerLeft:
                    Add(trace[i].At, trace[i].Describe(), Odd);
                    break;
                case SipTrace.Message m:
                    OnMessage(m);
                    break;
            }
        }

        foreach (var (what, (first, count, isSent)) in repeats)
            Add(first, isSent ? $"{what} was sent again {Times(count)}: it or its answer got lost" : $"the other side sent {what} again {Times(count)}: our answer got lost, or was late", Odd);
        AddQuality(call, now, remarks);
        remarks.Sort((a, b) => a.At.CompareTo(b.At));
        return remarks;

        void Add(Instant at, string text, Style style) => remarks.Add(new Remark(at, text, style));

        void OnMessage(SipTrace.Message message)
        {
            var status = MaskedText.StatusOf(message.StartLine);
            var name = MaskedText.NameOf(message.StartLine);
            if (message.IsRepeat) repeats[name] = repeats.TryGetValue(name, out var known) ? known with { Count = known.Count + 1 } : (message.At, 1, message.IsSent);
            if (status == 0 && name == SipMethod.Invite && message.IsSent) invite ??= message;
            if (status > 0 && !message.IsSent && invite is not null && invite.CallId == message.CallId)
            {
                if (message.At - invite.At > SlowServer) Add(message.At, string.Create(CultureInfo.InvariantCulture, $"the first answer to INVITE took {(message.At - invite.At).TotalSeconds:0.0} s"), Odd);
                invite = new SipTrace.Message(message.At, "", true, default, default, default, default, "", "", "", false);
            }

            if (status >= 300 && status is not (401 or 407 or 487 or 491)) Add(message.At, $"{MaskedText.MethodOf(message.Text)} was {(message.IsSent ? "refused by us" : "refused")}: {name}", Bad);
        }
    }

    /// <summary>A second of loss, and whether the way got slower just then.</summary>
    private static void AddQuality(CallView call, Instant now, List<Remark> remarks)
    {
        const double Audible = 10;
        var loss = call.Quality.RxLoss;
        if (loss.Count == 0 || call.Trace.Count == 0) return;
        for (var i = 0; i < loss.Count; i++)
        {
            if (!(loss[i] >= Audible)) continue;
            var from = i;
            var worst = loss[i];

            // A good second between bad ones is no end of it.
            while (i + 1 < loss.Count && (loss[i + 1] >= Audible || (i + 2 < loss.Count && loss[i + 2] >= Audible)))
                if (loss[++i] > worst) worst = loss[i];
            var rtt = Rise(call.Quality.RttMs, from, i);
            var text = string.Create(CultureInfo.InvariantCulture, $"up to {worst:0} % lost in {i - from + 1} s{rtt}");
            remarks.Add(new Remark(now - TimeSpan.FromSeconds(loss.Count - from), text, Bad));
        }
    }

    private static string Rise(IReadOnlyList<double> rtt, int from, int to)
    {
        if (from == 0 || to >= rtt.Count) return "";
        var (before, during) = (rtt[from - 1], double.NaN);
        for (var i = from; i <= to; i++)
            if (!(during > rtt[i])) during = rtt[i];
        return during > 2 * before ? string.Create(CultureInfo.InvariantCulture, $" while the round trip rose from {before:0} to {during:0} ms") : "";
    }

    /// <summary>What made media move: the newest reason before it.</summary>
    private static string Because(IReadOnlyList<TraceEntry> trace, int index)
    {
        for (var i = index - 1; i >= 0 && trace[index].At - trace[i].At < TimeSpan.FromSeconds(40); i--)
        {
            switch (trace[i])
            {
                case GatherTrace.SocketGone:
                    return ": an interface went away";
                case IceTrace.PathDoubted:
                    return ": the old path did not answer";
            }
        }

        return "";
    }

    private static string Meanwhile(IReadOnlyList<TraceEntry> trace, Instant from, Instant to)
    {
        var found = new List<string>();
        foreach (var entry in trace)
        {
            if (entry.At < from || entry.At > to) continue;
            var text = entry switch
            {
                GatherTrace.SocketGone => "an interface went away",
                IceTrace.PathDoubted => NoAnswer,
                IceTrace.Restarted => "ICE restarted",
                IceTrace.Selected { Component: 1 } => "the path moved",
                SipTrace.Message m when MaskedText.StatusOf(m.StartLine) == 0 && MessageText.Details(m.Text).Contains("hold", StringComparison.Ordinal) => "the call was put on hold",
                _ => null,
            };
            if (text is not null && !found.Contains(text)) found.Add(text);
        }

        // What came of it says more.
        if (found.Count > 1) found.Remove(NoAnswer);
        return found.Count == 0 ? "" : $", while {string.Join(" and ", found)}";
    }

    private static string Move(IceTrace.Selected from, IceTrace.Selected to, string because)
    {
        if (Way(from) != Way(to)) return $"media moved from {Way(from)} to {Way(to)}{because}";
        if (from.Local.Address == to.Local.Address) return $"media moved from the peer's {from.Remote.Address} to {to.Remote.Address}{because}";
        return from.Local.Base == to.Local.Base && from.Local.Address.Ip == to.Local.Address.Ip
            ? $"our NAT moved us from port {from.Local.Address.Port} to {to.Local.Address.Port}"
            : $"media moved from our {from.Local.Address} to {to.Local.Address}{because}";
    }

    private static string Way(IceTrace.Selected path) => $"{Candidate.Name(path.Local.Type)}–{Candidate.Name(path.Remote.Type)}";

    private static string Times(int count) => count == 1 ? "once" : $"{count} times";
}
