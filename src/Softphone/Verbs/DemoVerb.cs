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
    /// <summary>For registering, ringing and hanging up in bad networks, beside the talk itself.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    /// <summary>As much of what is heard as is looked through for the speech, which is played once at the start.</summary>
    private static readonly TimeSpan LookedThrough = TimeSpan.FromMinutes(2);

    private const int SamplesPerSecond = 48_000;

    public async Task<ExitCode> RunAsync(DemoOptions options, VerbContext context, CancellationToken stop)
    {
        if (options.Scenario is { } scenario) return await ScenarioShow.RunAsync(scenario, options, context, stop);
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
        var folder = new DemoFolder(options.Out);
        if (options.Tui) return await DemoTui.RunAsync(network, folder, context);
        var world = new DemoWorld(network);
        var aliceSays = Audible(Speech.Load("alice"), options);
        var bobSays = Audible(Speech.Load("bob"), options);
        if (!DemoRecording.TryOpen(folder, "alice", LookedThrough, out var aliceHears, out var unwritten)) return Refuse(unwritten);
        using var aliceCloses = aliceHears;
        if (!DemoRecording.TryOpen(folder, "bob", LookedThrough, out var bobHears, out unwritten)) return Refuse(unwritten);
        using var bobCloses = bobHears;
        if (options.Json) await context.Error.WriteLineAsync($"softphone: what each side hears is recorded in {folder.Path}");
        var call = new DemoCall(
            world,
            CodecFactory.Instance,
            new CallOptions { Source = new PcmSource(aliceSays), Sink = aliceHears, Duration = options.For },
            new CallOptions { Source = new PcmSource(bobSays), Sink = bobHears });

        var output = context.Events(options.Json);
        var translate = new EventTranslator(at => startedAt + (at - Instant.Zero));
        var story = new DemoStory(context, options, folder, translate, output);
        if (options.Verbose) story.Follow(world.World);
        call.Alice.Happened += e => story.Tell("alice", e);
        call.Bob.Happened += e => story.Tell("bob", e);
        story.Begin();
        call.Begin();
        var limit = Instant.Zero + options.For + Patience;
        if (options.RealTime) await InRealTime(call, limit, stop);
        else await Task.Run(() => call.World.World.RunUntil(() => call.IsOver || stop.IsCancellationRequested, limit), stop);

        var heardByAlice = SpeechMatch.Find(bobSays, aliceHears.Samples);
        var heardByBob = SpeechMatch.Find(aliceSays, bobHears.Samples);
        story.End(call, heardByAlice, heardByBob);
        if (!call.IsOver) await context.Error.WriteLineAsync($"softphone: the call did not end within {DurationText.Write(options.For + Patience)} of the virtual internet's time, and was left");
        var code = Code(call, heardByAlice.IsHeard && heardByBob.IsHeard);
        foreach (var recording in (DemoRecording[])[aliceHears, bobHears])
        {
            if (recording.Close() is not { } fault) continue;
            context.Report(fault);
            if (code == ExitCode.Ok) code = ExitCodes.Of(fault);
        }

        return code;

        ExitCode Refuse(Fault fault)
        {
            context.Report(fault);
            return ExitCode.Usage;
        }
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
    private static async Task InRealTime(DemoCall call, Instant limit, CancellationToken stop)
    {
        var world = call.World.World;
        var clock = System.Diagnostics.Stopwatch.StartNew();
        while (!call.IsOver && world.NextEventAt is { } next && next < limit)
        {
            var ahead = (next - Instant.Zero) - clock.Elapsed;
            if (ahead > TimeSpan.FromMilliseconds(1)) await Task.Delay(ahead, stop);
            world.RunUntil(Instant.Zero + clock.Elapsed);
        }
    }
}
