using Softphone.Audio;
using Softphone.Core;
using Softphone.Lab;
using Softphone.Media;
using Softphone.Phone;

namespace Softphone.Cli;

/// <summary>
/// softphone demo: two whole phones behind NATs in a virtual internet. The world runs as fast as it can, or, with --real-time, no
/// faster than the clock. Both ends are recorded, and what was played is looked for in what was heard.
/// </summary>
internal sealed class DemoVerb : IVerb<DemoOptions>
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);
    private const int SamplesPerSecond = 48_000;

    public async Task<ExitCode> RunAsync(DemoOptions options, VerbContext context, CancellationToken stop)
    {
        if (options.Scenario is { } scenario) return await ScenarioShow.RunAsync(scenario, options, context, stop);
        foreach (var codec in new[] { "opus", "pcmu" })
        {
            if (CodecFactory.Instance.Missing(codec) is not { } missing) continue;
            context.Report(missing);
            return ExitCodes.Of(missing);
        }

        var startedAt = DateTimeOffset.UtcNow;
        var network = new Softphone.Lab.DemoOptions
        {
            NatA = NatBehavior.Named(DemoCommand.NameOf(options.NatA)),
            NatB = NatBehavior.Named(DemoCommand.NameOf(options.NatB)),
            Latency = options.Latency,
            Loss = options.Loss,
            Seed = options.Seed ?? 1,
            Trace = options.Verbose && !options.Tui ? new Trace() : null,
        };
        if (options.Tui) return await DemoTui.RunAsync(network, context, stop);
        var world = new DemoWorld(network);
        var aliceSays = Audible(Speech.Load("alice"), options);
        var bobSays = Audible(Speech.Load("bob"), options);
        var longest = options.For + TimeSpan.FromMinutes(1);
        PcmSink aliceHears = new(longest), bobHears = new(longest);
        var call = new DemoCall(
            world,
            CodecFactory.Instance,
            new CallOptions { Source = new PcmSource(aliceSays), Sink = aliceHears, Duration = options.For },
            new CallOptions { Source = new PcmSource(bobSays), Sink = bobHears });

        var output = context.Events(options.Json);
        var translate = new EventTranslator(at => startedAt + (at - Instant.Zero));
        var story = new DemoStory(context, options, translate, output);
        if (options.Verbose) story.Follow(world.World);
        call.Alice.Happened += e => story.Tell("alice", e);
        call.Bob.Happened += e => story.Tell("bob", e);
        story.Begin();
        call.Begin();
        if (options.RealTime) await InRealTime(call, stop);
        else await Task.Run(() => call.World.World.RunUntil(() => call.IsOver || stop.IsCancellationRequested, Instant.Zero + Patience), stop);

        var heardByAlice = SpeechMatch.Find(bobSays, aliceHears.Samples);
        var heardByBob = SpeechMatch.Find(aliceSays, bobHears.Samples);
        Save("alice", aliceHears);
        Save("bob", bobHears);
        story.End(call, heardByAlice, heardByBob);
        return Code(call, heardByAlice.IsHeard && heardByBob.IsHeard);
    }

    /// <summary>As much of a speech as the call is long enough to carry: what was never played cannot be looked for.</summary>
    private static short[] Audible(short[] speech, DemoOptions options)
    {
        var onTheWay = (4 * options.Latency) + TimeSpan.FromMilliseconds(500);
        var time = options.For - onTheWay > options.For / 4 ? options.For - onTheWay : options.For / 4;
        return speech[..(int)Math.Min(speech.Length, time.TotalSeconds * SamplesPerSecond)];
    }

    private static ExitCode Code(DemoCall call, bool heard)
    {
        if (DemoCall.Summary(call.Alice) is not { } summary) return ExitCode.TimedOut;
        var fault = summary.Fault ?? DemoCall.Summary(call.Bob)?.Fault;
        if (fault is not null) return ExitCodes.Of(summary.Status, fault);
        if (summary.Status >= 300) return ExitCodes.Of(summary.Status);
        return heard ? ExitCode.Ok : ExitCode.IceFailed;
    }

    /// <summary>Sleeps to each event, so that a second of the world takes a second.</summary>
    private static async Task InRealTime(DemoCall call, CancellationToken stop)
    {
        var world = call.World.World;
        var clock = System.Diagnostics.Stopwatch.StartNew();
        while (!call.IsOver && world.NextEventAt is { } next && next < Instant.Zero + Patience)
        {
            var ahead = (next - Instant.Zero) - clock.Elapsed;
            if (ahead > TimeSpan.FromMilliseconds(1)) await Task.Delay(ahead, stop);
            world.RunUntil(Instant.Zero + clock.Elapsed);
        }
    }

    private static void Save(string who, PcmSink heard)
    {
        using var file = new WavSink(Path.Combine(Folder(), $"{who}-heard.wav"));
        file.Write(heard.Samples);
    }

    /// <summary>Where the recordings go.</summary>
    internal static string Folder()
    {
        var folder = Path.Combine(Path.GetTempPath(), "softphone-demo");
        PrivateFile.CreateFolder(folder);
        return folder;
    }
}
