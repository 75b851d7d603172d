using System.Diagnostics;
using System.Globalization;

using Softphone.Lab;
using Trace = Softphone.Core.Trace;

namespace Softphone.Simulator;

/// <summary>
/// Runs simulated calls on all processors, each with calls of its own, and prints what they came to; or one call with everything it did.
/// </summary>
internal static class SimulateCommand
{
    private const string Usage = """
        usage: ./build.sh simulate [--calls N] [--seed S] [--from K] [--threads T] [--keep FILE] [--stays] [--trace]
        The calls and stays of tests/Softphone.Simulator/failed-calls.txt, each of which failed once, go first, unless --from says which to run; with
        --stays the stays alone.
        With one call of four hundred comes a phone that stays registered, in a world of its own, through what networks and servers do to it.
          --calls N    how many calls, 100000 unless told; 0 for those of the list alone
          --seed S     the seed of the run; unless told a new one each time, of date and time
          --from K     number of the first call, 0 unless told
          --keep FILE  add calls that fail to this list
          --threads T  worlds at once, the number of processors unless told
          --agents     the memory that an agent takes once its session is complete, of 10,000 in one world
          --stays      of every number the phone that stays registered, and no call
          --trace      print everything that the calls did (for one call)
        """;

    public static int Run(string[] args)
    {
        long calls = 100_000;
        long? from = null;
        var seed = ulong.Parse(DateTime.UtcNow.ToString("yyyyMMddHHmmss", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
        string? list = null;
        var threads = Environment.ProcessorCount;
        var traced = false;
        var options = new SimulationOptions();
        for (var i = 0; i < args.Length; i++)
        {
            switch (args[i])
            {
                case "--calls" when i + 1 < args.Length: calls = long.Parse(args[++i], CultureInfo.InvariantCulture); break;
                case "--from" when i + 1 < args.Length: from = long.Parse(args[++i], CultureInfo.InvariantCulture); break;
                case "--seed" when i + 1 < args.Length: seed = ulong.Parse(args[++i], CultureInfo.InvariantCulture); break;
                case "--threads" when i + 1 < args.Length: threads = int.Parse(args[++i], CultureInfo.InvariantCulture); break;
                case "--keep" when i + 1 < args.Length: list = args[++i]; break;
                case "--stays": options = new SimulationOptions { OnlyStays = true }; break;
                case "--agents": return Weigh(seed);
                case "--trace": traced = true; break;
                default:
                    Console.WriteLine(Usage);
                    return args[i] == "--help" ? 0 : 2;
            }
        }

        if (traced) return Tell(new Simulation(seed, options), from ?? 0, calls);
        List<FailedCall> failed = [];
        if (from is null) RunListed(failed, options.OnlyStays);
        if (calls > 0) Measure(seed, options, from ?? 0, calls, threads, failed);
        foreach (var call in failed) TellHowToKeep(call, list);
        return failed.Count == 0 ? 0 : 1;
    }

    private static void RunListed(List<FailedCall> failed, bool onlyStays)
    {
        var listed = FailedCall.All.Where(c => c.IsStay || !onlyStays).ToList();
        foreach (var call in listed)
        {
            var report = Guarded(new Simulation(call.Seed, call.Options), call.Index);
            if (report.Violation is null) continue;
            failed.Add(call);
            Print(report, call.Seed, call.IsStay);
            Console.WriteLine($"  it is on the list of those that failed once: {call.Why}");
        }

        Console.WriteLine($"{listed.Count(c => !c.IsStay)} calls and {listed.Count(c => c.IsStay)} stays that failed once, {failed.Count} of them again");
    }

    private static void TellHowToKeep(FailedCall call, string? list)
    {
        if (call.IsIn(FailedCall.All)) return;
        if (list is null) Console.WriteLine($"to run it always: echo '{call.Name} WHY' >> tests/Softphone.Simulator/failed-calls.txt");
        else if (call.KeepIn(list)) Console.WriteLine($"added to {list}, to be run always: {call.Name}");
    }

    private static int Tell(Simulation simulation, long from, long calls)
    {
        var failed = 0;
        for (var index = from; index < from + Math.Min(calls, 100); index++)
        {
            var report = simulation.Run(index, new Trace(1_000_000) { Emitted = Console.WriteLine });
            Console.WriteLine(Describe(report));
            Console.WriteLine(report);
            if (report.Violation is not null) failed = 1;
        }

        return failed;
    }

    private static int Weigh(ulong seed)
    {
        var crowd = new Crowd(calls: 5000, seed);
        var clock = Stopwatch.StartNew();
        crowd.Connect();
        var elapsed = clock.Elapsed;
        var completed = crowd.Completed;
        var with = GC.GetTotalMemory(forceFullCollection: true);
        crowd.Release();
        var without = GC.GetTotalMemory(forceFullCollection: true);
        Console.WriteLine($"{completed} of {crowd.Agents} agents complete in one world after {elapsed.TotalSeconds:0.0} s; each takes {(with - without) / crowd.Agents / 1024.0:0.0} KiB, RTP and RTCP, its sockets included");
        GC.KeepAlive(crowd);
        return completed == crowd.Agents ? 0 : 1;
    }

    private static void Measure(ulong seed, SimulationOptions options, long from, long calls, int threads, List<FailedCall> failed)
    {
        Console.WriteLine($"seed {seed}; this run again: ./build.sh simulate{Kind(options.OnlyStays)} --seed {seed} --from {from} --calls {calls}");
        var total = new SimulationTally();
        var clock = Stopwatch.StartNew();
        var busy = TimeSpan.Zero;
        long allocated = 0, next = from;
        var workers = Enumerable.Range(0, threads).Select(_ => new Thread(() =>
        {
            var simulation = new Simulation(seed, options);
            var tally = new SimulationTally();
            var start = GC.GetAllocatedBytesForCurrentThread();
            while (Interlocked.Add(ref next, 16) - 16 is var first && first < from + calls)
                for (var index = first; index < Math.Min(first + 16, from + calls); index++)
                {
                    var report = Guarded(simulation, index);
                    tally.Add(report);
                    if (report.Violation is null) continue;
                    lock (total) Print(report, seed, options.OnlyStays);
                }

            lock (total)
            {
                total.Add(tally);
                allocated += GC.GetAllocatedBytesForCurrentThread() - start;
            }
        })).ToList();
        workers.ForEach(w => w.Start());
        workers.ForEach(w => w.Join());
        busy = Process.GetCurrentProcess().TotalProcessorTime;
        Print(total, seed, clock.Elapsed, busy, threads, allocated);
        failed.AddRange(total.Examples.Select(e => new FailedCall(seed, e.Index, e.Violation!, options.OnlyStays)));
    }

    /// <summary>A call that throws is a failure like others: it must not take the run with it.</summary>
    private static CallReport Guarded(Simulation simulation, long index)
    {
        try
        {
            return simulation.Run(index);
        }
        catch (Exception problem) when (problem is not OutOfMemoryException)
        {
            return new CallReport(index, simulation.Plan(index)) { Violation = problem.ToString() };
        }
    }

    private static void Print(SimulationTally total, ulong seed, TimeSpan elapsed, TimeSpan busy, int threads, long allocated)
    {
        Console.WriteLine($"{total.Calls} simulated calls, seed {seed}, digest {total.Digest:x16}");
        Console.WriteLine($"  connected         {total.Connected}, {total.Aborted} hung up at any moment, {total.Phones} between whole phones through the SIP server, {total.Secured} of them encrypted");
        Console.WriteLine($"  had to connect    {total.MustConnect} by the oracle; had to recover {total.MustRecover}, with {total.Restarts} ICE restarts");
        Console.WriteLine($"  path              {total.ByLegs[0]} direct, {total.ByLegs[1]} over one relay, {total.ByLegs[2]} over two; {total.Detours} over more relays than need be");
        if (total.Stays > 0)
        {
            Console.WriteLine($"  stayed registered {total.Stays} phones, with {total.MostRegisters} REGISTERs at most for one event; came through, of:");
            foreach (var line in Enum.GetValues<NetworkTrouble>().Where(k => total.Troubles[(int)k].Drawn > 0).Chunk(4))
                Console.WriteLine($"                    {string.Join(", ", line.Select(k => $"{k} {total.Troubles[(int)k].Survived} of {total.Troubles[(int)k].Drawn}"))}");
        }

        Console.WriteLine($"  connected within  {total.ConnectedWithin(0.5):0} ms median, {total.ConnectedWithin(0.95):0} ms 95 %, {total.ConnectedWithin(0.99):0} ms 99 %, ringing included");
        Console.WriteLine($"  speed             {total.Calls / elapsed.TotalSeconds:0} calls/s on {threads} threads, {total.Calls / busy.TotalSeconds:0} per second of processor time, {elapsed.TotalSeconds:0.0} s in all");
        Console.WriteLine($"                    {total.VirtualTime.TotalHours:0} hours of calls, {total.Events / Math.Max(1, total.Calls)} inputs a call, {busy.TotalNanoseconds / Math.Max(1, total.Events):0} ns each with all around; {allocated / Math.Max(1, total.Calls) / 1024.0:0.0} KiB allocated a call");
        Console.WriteLine($"  failed            {total.Failures}");
    }

    private static void Print(CallReport failure, ulong seed, bool isStay)
    {
        Console.WriteLine($"FAILED {(isStay ? "stay" : "call")} {failure.Index}: {failure.Violation}");
        Console.WriteLine($"  {(isStay ? failure.Stay?.Plan.ToString() : Describe(failure))}");
        Console.WriteLine($"  again: ./build.sh simulate{Kind(isStay)} --seed {seed} --from {failure.Index} --calls 1 --trace");
    }

    private static string Kind(bool isStay) => isStay ? " --stays" : "";

    private static string Describe(CallReport report)
    {
        var plan = report.Plan;
        return $"{Side(plan.A)} to {Side(plan.B)}, {plan.Shared}{string.Concat(plan.Common.Select(Nat))}, servers {string.Join('+', plan.Servers)}"
            + $"{(plan.IsClean ? ", clean" : plan.IsLossless ? ", lossless" : ", lossy")}{(plan.Mux ? ", mux" : "")}{string.Concat(plan.Disturbances.Select(d => $", {d.Kind}{(d.OfCaller ? "A" : "B")}{d.Gateway} {d.Lasts.TotalSeconds:0} s"))}{(plan.WholePhones ? ", phones" : "")}"
            + (report.Stay is { } stay ? $"\n  beside it a phone that stays registered: {stay.Plan}" : "");

        static string Side(SidePlan side) => $"[{string.Join(" ", side.Nats.Select(Nat))}]{(side.UsesStun ? "" : " no STUN")}{(side.UsesTurn ? " TURN" : "")}{(side.RelayOnly ? " relay only" : "")}";

        static string Nat(NatPlan nat) => nat.Behavior switch
        {
            { BlocksUdp: true } => " blocked",
            { Translates: false, Filters: false } => " routed",
            { Translates: false } b => $" firewall/{b.Filtering}",
            var b => $" {b.Mapping}/{b.Filtering}/{b.Ports}{(b.Hairpin == Hairpinning.Off ? "" : $"/hairpin {b.Hairpin}")}{(nat.Outside > 1 ? $"/{nat.Outside} {b.Pooling}" : "")}",
        };
    }
}
