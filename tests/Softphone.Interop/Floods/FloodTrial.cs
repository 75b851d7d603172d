using System.Diagnostics;
using System.Globalization;

namespace Softphone.Interop;

/// <summary>
/// A call that is up, strangers who flood the phone that answers it, and honest callers between them, on the loopback of a network
/// namespace of its own. Each row begins with a phone just started and with seconds of the same call without the flood, which stand
/// beside it in the table. Generator, caller and tcpdump share the machine with the phone.
/// </summary>
internal static class FloodTrial
{
    private const double MostLost = 1, LongestGap = 40, LongestAnswer = 2, MostMemory = 64, MostKept = 32;
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(6), Long = TimeSpan.FromSeconds(12), After = TimeSpan.FromSeconds(6), GivenBack = TimeSpan.FromSeconds(20);

    private static readonly IReadOnlyList<FloodKind> Kinds =
    [
        new("300 INVITE/s of 500 addresses", IsStream: false, () => new DatagramFlood(SipText.Invite, 300, 500)),
        new("2,000 OPTIONS/s of 900 addresses", IsStream: false, () => new DatagramFlood(SipText.Options, 2000, 900)),
        new("12,000 OPTIONS of 57 kB", IsStream: false, () => new DatagramFlood(SipText.LargeOptions, 1000, 300)),
        new("500 silent TCP, one host", IsStream: true, () => new StreamFlood(500, 1, speaks: false)),
        new("500 silent TCP, 100 hosts", IsStream: true, () => new StreamFlood(500, 100, speaks: false)),
        new("500 TCP, one octet a second", IsStream: true, () => new StreamFlood(500, 100, speaks: true)),
    ];

    /// <summary>Runs itself once more in a network namespace that ends with it.</summary>
    public static void Run(string runRoot, Report report, string? only)
    {
        if (!OwnNetwork.Enter("flood", report, "the limits hold", only, "echo 1 > /proc/sys/net/ipv6/conf/all/disable_ipv6")) return;
        var folder = Path.Combine(runRoot, $"flood{Environment.ProcessId}");
        Directory.CreateDirectory(folder);
        report.Tell($"  {"",-34}{"lost % there / back",21}{"gap ms p99 / worst",21}{"without: p99 / worst",22}{"honest call",14}{"OPTIONS",9}{"of",4}{"MB before",11}{"peak",6}{"after",7}{"CPU %",7}");
        foreach (var kind in Kinds.Where(k => report.Wants(k.Name))) Row(folder, kind, report);
    }

    private static void Row(string folder, FloodKind kind, Report report)
    {
        var variables = new Dictionary<string, string> { ["XDG_CONFIG_HOME"] = folder, ["XDG_STATE_HOME"] = folder };
        using var callee = PhoneProcess.Here(variables, "answer", "--listen", $"{HonestCaller.Phone}", "--echo", "--audio", "null");
        if (!report.Check(HonestCaller.Options("127.0.70.1", TimeSpan.FromSeconds(30)) is not null, $"{kind.Name}: the phone comes up", callee.Errors)) return;
        using var caller = PhoneProcess.Here(variables, "call", $"sip:echo@{HonestCaller.Phone}", "--for", "2m", "--audio", "null");
        // The first figures come five seconds after the answer: by then ICE has long chosen its path.
        if (!report.Check(caller.Wait("media", TimeSpan.FromSeconds(40)) is not null, $"{kind.Name}: the call is up", caller.Errors)) return;
        using var tap = new MediaTap(Path.Combine(folder, "media.pcap"));
        var quiet = Window(Quiet, () => { });
        using var watch = new ProcessWatch(callee.Id);
        var honest = new Honest(kind.IsStream);
        var ports = watch.UdpPorts();
        Interval flood;
        using (var source = kind.Make())
        {
            flood = Window(Long, () => honest.Ask(Long - TimeSpan.FromSeconds(3)));
            report.Tell($"    sent {source.Sent}, {source.Sent / (flood.End - flood.Start):F0} a second");
        }

        var cost = watch.Processor / (flood.End - flood.Start) * 100;
        var after = Settled(watch);
        caller.Signal("TERM");
        caller.WaitForExit(TimeSpan.FromSeconds(10));
        tap.Dispose();
        callee.Signal("TERM");
        callee.WaitForExit(TimeSpan.FromSeconds(10));
        Judge(kind, report, tap.Flows(ports), quiet, flood, honest, watch, cost, after, (Lost(caller), Lost(callee)));
    }

    private static void Judge(
        FloodKind kind, Report report, IReadOnlyList<IReadOnlyList<double>> flows, Interval quiet, Interval flood, Honest honest, ProcessWatch watch, double cost, double after, (long Caller, long Callee) lost)
    {
        if (!report.Check(flows.Count == 2, $"{kind.Name}: the media is found both ways", flows.Count == 2 ? "" : $"{flows.Count} flows")) return;
        var (there, back) = (Missing(flows[0], flood, lost.Callee), Missing(flows[1], flood, lost.Caller));
        var (p99, worst) = Gaps(flows, flood);
        var (quietP99, quietWorst) = Gaps(flows, quiet);
        report.Tell(string.Create(CultureInfo.InvariantCulture,
            $"  {kind.Name,-34}{$"{there:F2} / {back:F2}",21}{$"{p99:F0} / {worst:F0}",21}{$"{quietP99:F0} / {quietWorst:F0}",22}{honest.CallText,14}{honest.Answered,9}{honest.Asked,4}{watch.Before,11:F0}{watch.Peak,6:F0}{after,7:F0}{cost,7:F0}"));
        // A machine on which the call alone does not keep its clock tells nothing about floods.
        if (quietP99 > LongestGap) report.Skip($"{kind.Name}: media", $"without the flood p99 is {quietP99:F0} ms already: the machine is busy");
        else
        {
            report.Check(there < MostLost && back < MostLost, $"{kind.Name}: under {MostLost} % lost", there < MostLost && back < MostLost ? "" : $"{there:F2} and {back:F2}");
            report.Check(p99 <= LongestGap, $"{kind.Name}: p99 of the gaps at most {LongestGap} ms", p99 <= LongestGap ? "" : $"{p99:F0}");
        }

        report.Check(honest.Call is { } call && call.Seconds <= LongestAnswer, $"{kind.Name}: an honest call is answered within {LongestAnswer} s", honest.CallText);
        report.Check(honest.Answered == honest.Asked, $"{kind.Name}: honest OPTIONS are answered", honest.Answered == honest.Asked ? "" : $"{honest.Answered} of {honest.Asked}");
        report.Check(watch.Peak - watch.Before <= MostMemory, $"{kind.Name}: at most {MostMemory} MB more", watch.Peak - watch.Before <= MostMemory ? "" : $"{watch.Peak - watch.Before:F0} MB");
        var kept = after - watch.Before;
        report.Check(after > 0 && kept <= MostKept, $"{kind.Name}: memory is given back, but for {MostKept} MB", after > 0 ? $"{kept:F0} MB are kept" : "the phone is gone");
    }

    private static Interval Window(TimeSpan length, Action during)
    {
        var start = Clock();
        during();
        var left = length - TimeSpan.FromSeconds(Clock() - start);
        if (left > TimeSpan.Zero) Thread.Sleep(left);
        return new Interval(start, Clock());
    }

    /// <summary>Megabytes some seconds after the flood: as soon as enough was given back, else when it should have been.</summary>
    private static double Settled(ProcessWatch watch)
    {
        var clock = Stopwatch.StartNew();
        do Thread.Sleep(After);
        while (watch.Resident - watch.Before > MostKept && clock.Elapsed < GivenBack);
        return watch.Resident;
    }

    private static double Clock() => (DateTime.UtcNow - DateTime.UnixEpoch).TotalSeconds;

    /// <summary>Of fifty packets a second: those that never left, and those that left and were not taken from the socket.</summary>
    private static double Missing(IReadOnlyList<double> flow, Interval within, long notTaken)
    {
        var owed = 50 * (within.End - within.Start);
        var left = flow.Count(at => at >= within.Start && at < within.End);
        return Math.Max(0, (owed - left + notTaken) / owed * 100);
    }

    private static (double P99, double Worst) Gaps(IReadOnlyList<IReadOnlyList<double>> flows, Interval within)
    {
        var (p99, worst) = (0.0, 0.0);
        foreach (var flow in flows)
        {
            var inside = flow.Where(at => at >= within.Start && at < within.End).ToList();
            var gaps = inside.Skip(1).Zip(inside, (b, a) => (b - a) * 1000).Order().ToList();
            if (gaps.Count == 0) return (double.PositiveInfinity, double.PositiveInfinity);
            p99 = Math.Max(p99, gaps[(int)(0.99 * (gaps.Count - 1))]);
            worst = Math.Max(worst, gaps[^1]);
        }

        return (p99, worst);
    }

    /// <summary>What the call that was up first lost in all; the strangers' calls tell figures too.</summary>
    private static long Lost(PhoneProcess phone)
    {
        var all = phone.All("media");
        var last = all.LastOrDefault(e => e.Text("call") == all[0].Text("call"));
        return last is not null && last.Data.TryGetProperty("rx", out var rx) ? rx.GetProperty("lost").GetInt64() : 0;
    }

    private readonly record struct Interval(double Start, double End);

    private sealed record FloodKind(string Name, bool IsStream, Func<IFlood> Make);

    /// <summary>What the honest got: one call in the middle, and an OPTIONS each second.</summary>
    private sealed class Honest(bool isStream)
    {
        public int Asked { get; private set; }

        public int Answered { get; private set; }

        public (int Status, double Seconds)? Call { get; private set; }

        public string CallText => Call is { } call ? string.Create(CultureInfo.InvariantCulture, $"{call.Status} in {call.Seconds:F2} s") : "none";

        public void Ask(TimeSpan length)
        {
            var clock = Stopwatch.StartNew();
            var limit = TimeSpan.FromSeconds(LongestAnswer);
            for (var i = 0; clock.Elapsed < length; i++)
            {
                var from = $"127.0.71.{i + 1}";
                if (i == 4) Call = isStream ? HonestCaller.CallByStream(from, 2 * limit) : HonestCaller.Call(from, 2 * limit);
                Asked++;
                if ((isStream ? HonestCaller.OptionsByStream(from, limit) : HonestCaller.Options(from, limit)) is not null) Answered++;
                Thread.Sleep(TimeSpan.FromSeconds(1));
            }
        }
    }
}
