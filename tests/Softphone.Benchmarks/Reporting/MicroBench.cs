using System.Reflection;
using System.Runtime.InteropServices;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Filters;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using Perfolizer.Horology;

namespace Softphone.Benchmarks;

/// <summary>
/// Runs the benchmarks in this process and prints one table. The time shown is that of the fastest of many short iterations: on a
/// machine that does other work too, the others measure the other work.
/// </summary>
internal static class MicroBench
{
    private static readonly (string Title, Type Type)[] Areas =
    [
        ("STUN", typeof(StunBenchmarks)),
        ("TURN", typeof(TurnBenchmarks)),
        ("ICE", typeof(IceBenchmarks)),
        ("SIP and SDP", typeof(SipBenchmarks)),
        ("media", typeof(MediaBenchmarks)),
        ("SRTP", typeof(SrtpBenchmarks)),
        ("mixer", typeof(MixerBenchmarks)),
        ("desk", typeof(DeskBenchmarks)),
        ("phone", typeof(ManyCallsBenchmarks)),
        ("virtual internet", typeof(WorldBenchmarks)),
    ];

    public static int Run(string[] words)
    {
        Console.WriteLine($"{RuntimeInformation.FrameworkDescription}, {Environment.ProcessorCount} processors, {RuntimeInformation.ProcessArchitecture}");
        Console.WriteLine($"  {"",-62}{"time",11}{"allocated",12}   aim");
        var figures = new List<Figure>();
        foreach (var (title, type) in Areas)
        {
            var measured = Measure(type, title, words);
            if (measured.Count == 0) continue;
            Console.WriteLine(title);
            foreach (var figure in measured) Console.WriteLine(figure);
            figures.AddRange(measured);
        }

        if (figures.Find(f => f.Name.StartsWith("a whole call", StringComparison.Ordinal)) is { Nanoseconds: { } call } whole)
            Console.WriteLine($"one core runs {1e9 / call:0} such calls a second, {Figure.Octets(whole.Bytes)} each with both phones, the servers and the world");
        foreach (var line in SrtpBenchmarks.Ratios(figures)) Console.WriteLine(line);
        if (words.Length == 0 || words.Contains("ice")) Console.WriteLine(IceDuel.Footprint());
        var missed = figures.Where(f => f.IsMissed).Select(f => f.Name).ToArray();
        Console.WriteLine(missed.Length == 0 ? $"all {figures.Count(f => f.Aim is not null)} aims hold" : $"aims missed: {string.Join("; ", missed)}");
        return 0;
    }

    private static List<Figure> Measure(Type type, string title, string[] words)
    {
        var config = ManualConfig.CreateEmpty()
            .AddJob(Job.Default.WithToolchain(InProcessEmitToolchain.Instance).WithWarmupCount(25).WithIterationCount(50)
                .WithIterationTime(TimeInterval.FromMilliseconds(15)))
            .AddDiagnoser(MemoryDiagnoser.Default)
            .AddLogger(NullLogger.Instance)
            .AddFilter(new SimpleFilter(c => LibSrtp.IsPresent || !Has(c.Descriptor.WorkloadMethodDisplayInfo, LibSrtp.Name)))
            .AddFilter(new SimpleFilter(c => words.Length == 0 || words.Any(w => Has(title, w) || Has(c.Descriptor.WorkloadMethodDisplayInfo, w))))
            .WithArtifactsPath(Path.Combine(Path.GetTempPath(), "softphone-benchmarks"))
            .WithOptions(ConfigOptions.DisableLogFile | ConfigOptions.DisableOptimizationsValidator);
        return [.. BenchmarkRunner.Run(type, config).Reports.Select(Read)];
    }

    private static bool Has(string text, string word) => text.Contains(word, StringComparison.OrdinalIgnoreCase);

    private static Figure Read(BenchmarkReport report)
    {
        var method = report.BenchmarkCase.Descriptor.WorkloadMethod;
        return new Figure(
            report.BenchmarkCase.Descriptor.WorkloadMethodDisplayInfo.Trim('\''),
            report.ResultStatistics?.Min,
            report.GcStats.GetBytesAllocatedPerOperation(report.BenchmarkCase) ?? 0,
            method.GetCustomAttribute<AimAttribute>());
    }
}
