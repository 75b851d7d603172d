using System.Diagnostics;
using System.Globalization;
using System.Text;
using Softphone.Core;
using Softphone.Lab;

namespace Softphone.Fuzz;

/// <summary>Feeds damaged inputs to every parser, to the servers and to whole phones in calls, and prints what came of it.</summary>
internal static class FuzzCommand
{
    private const string Usage = """
        usage: ./build.sh fuzz [--inputs N] [--target NAME] [--seed S] [--threads T] [--from K]
          --inputs N     inputs in all, shared among the targets (or all for the one named); 10000000 unless told
          --target NAME  this one only
          --seed S       all chance comes from it; the day's date unless told, as it is printed
          --threads T    rounds at once, the number of processors unless told
          --from K       number of the first round, 0 unless told
          --list         the targets, and no more
        An input that throws, hangs, makes memory grow or lets one packet become many is a failure: exit 1, and how to run its round again.
        """;

    /// <summary>What the heap may have grown by at the end of a target, beyond what it was after its first tenth.</summary>
    private const long GrowthLimit = 64L << 20;

    public static int Run(string[] args)
    {
        long inputs = 10_000_000, from = 0;
        var seed = ulong.Parse(DateTime.UtcNow.ToString("yyyyMMdd", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
        var threads = Environment.ProcessorCount;
        string? only = null;
        for (var i = 0; i < args.Length; i++)
        {
            switch (args[i])
            {
                case "--inputs" when i + 1 < args.Length: inputs = long.Parse(args[++i], CultureInfo.InvariantCulture); break;
                case "--target" when i + 1 < args.Length: only = args[++i]; break;
                case "--seed" when i + 1 < args.Length: seed = ulong.Parse(args[++i], CultureInfo.InvariantCulture); break;
                case "--threads" when i + 1 < args.Length: threads = int.Parse(args[++i], CultureInfo.InvariantCulture); break;
                case "--from" when i + 1 < args.Length: from = long.Parse(args[++i], CultureInfo.InvariantCulture); break;
                case "--list":
                    foreach (var target in FuzzTargets.All) Console.WriteLine($"  {target.Name,-10} {target.What}");
                    return 0;
                default:
                    Console.WriteLine(Usage);
                    return args[i] == "--help" ? 0 : 2;
            }
        }

        var chosen = FuzzTargets.All.Where(t => only is null || t.Name == only).ToList();
        if (chosen.Count == 0)
        {
            Console.Error.WriteLine($"there is no target '{only}': {string.Join(", ", FuzzTargets.All.Select(t => t.Name))}");
            return 2;
        }

        Console.WriteLine($"{inputs} inputs, seed {seed}, {threads} threads");
        Console.WriteLine("target          inputs      a second  slowest   heap before/after  failures");
        var shares = chosen.Sum(t => t.Share);
        var failures = 0L;
        var clock = Stopwatch.StartNew();
        foreach (var target in chosen) failures += Run(target, Math.Max(1, inputs * target.Share / shares), seed, from, threads);
        Console.WriteLine($"{inputs} inputs in {clock.Elapsed.TotalSeconds:0} s, peak resident memory {Process.GetCurrentProcess().PeakWorkingSet64 >> 20} MiB, failures {failures}");
        return failures == 0 ? 0 : 1;
    }

    private static long Run(FuzzTarget target, long inputs, ulong seed, long from, int threads)
    {
        var seeds = target.Seeds();
        var rounds = (inputs + target.Round - 1) / target.Round;
        var clock = Stopwatch.StartNew();
        var tally = new Tally(target, seed);
        var warm = Math.Min(rounds, Math.Max(threads, rounds / 10));
        Rounds(from, warm);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        Rounds(from + warm, rounds - warm);
        var after = GC.GetTotalMemory(forceFullCollection: true);
        if (after - before > GrowthLimit) tally.Fail(from, 0, [], $"the heap grew from {before >> 20} to {after >> 20} MiB");
        Console.WriteLine($"{target.Name,-10} {inputs,11} {inputs / clock.Elapsed.TotalSeconds,13:0} {tally.Slowest.TotalMilliseconds,6:0} ms {before / 1048576.0,9:0.0} / {after / 1048576.0:0.0} MiB {tally.Failures,9}");
        return tally.Failures;

        void Rounds(long first, long count)
        {
            var next = first;
            var done = 0L;
            var workers = Enumerable.Range(0, threads).Select(_ => new Thread(() =>
            {
                while (Interlocked.Increment(ref next) - 1 is var round && round < first + count)
                {
                    Round(target, seeds, round, (int)Math.Min(target.Round, inputs - ((round - from) * target.Round)), tally);
                    Interlocked.Increment(ref done);
                }
            }, maxStackSize: 1 << 20)).ToList();
            workers.ForEach(w => w.Start());
            workers.ForEach(w => w.Join());
        }
    }

    private static void Round(FuzzTarget target, IReadOnlyList<byte[]> seeds, long round, int inputs, Tally tally)
    {
        var chance = new SeededEntropy(CallPlanner.SeedOf(tally.Seed, round) ^ Hash(target.Name));
        var mutator = new Mutator(seeds);
        byte[] input = [];
        var at = 0;
        using var subject = target.Make(chance.NextUInt64());
        try
        {
            for (; at < inputs; at++)
            {
                input = mutator.Make(chance);
                using (tally.Watch(round, at, input)) subject.Feed(input, chance);
            }
        }
        catch (Exception problem) when (problem is not OutOfMemoryException)
        {
            // The round ends here: what the subject is after a failure says nothing.
            tally.Fail(round, at, input, problem.ToString());
        }
    }

    private static ulong Hash(string text)
    {
        var hash = 14695981039346656037UL;
        foreach (var c in text) hash = (hash ^ c) * 1099511628211UL;
        return hash;
    }

    /// <summary>What came of the inputs of one target, counted by all threads.</summary>
    private sealed class Tally(FuzzTarget target, ulong seed)
    {
        /// <summary>An input that takes so long hangs: on a busy machine a thread may well wait for seconds.</summary>
        private static readonly TimeSpan HangLimit = TimeSpan.FromSeconds(30);

        private readonly Lock _gate = new();

        public ulong Seed => seed;

        public long Failures { get; private set; }

        public TimeSpan Slowest { get; private set; }

        /// <summary>Times one input; one that never comes back ends the process with what it was.</summary>
        public Watched Watch(long round, int at, byte[] input) => new(this, Stopwatch.GetTimestamp(), Watchdog.Start(HangLimit, () => Fail(round, at, input, "it hangs")));

        public void Fail(long round, int at, byte[] input, string problem)
        {
            lock (_gate)
            {
                if (++Failures > 5) return;
                Console.WriteLine($"FAILED {target.Name}, round {round}, input {at} of {input.Length} octets: {problem}");
                Console.WriteLine($"  input: {Convert.ToBase64String(input.AsSpan(0, Math.Min(input.Length, 3000)))}{(input.Length > 3000 ? "…" : "")}");
                Console.WriteLine($"  text:  {Visible(input)}");
                Console.WriteLine($"  again: ./build.sh fuzz --target {target.Name} --seed {seed} --from {round} --inputs {target.Round}");
            }
        }

        private void Took(TimeSpan time)
        {
            if (time <= Slowest) return;
            lock (_gate)
            {
                if (time > Slowest) Slowest = time;
            }
        }

        private static string Visible(byte[] input)
        {
            var text = new StringBuilder();
            foreach (var octet in input.AsSpan(0, Math.Min(input.Length, 200))) text.Append(octet is >= 32 and < 127 ? (char)octet : '.');
            return text.ToString();
        }

        public readonly struct Watched(Tally tally, long started, Watchdog dog) : IDisposable
        {
            public void Dispose()
            {
                dog.Stop();
                tally.Took(Stopwatch.GetElapsedTime(started));
            }
        }
    }
}
