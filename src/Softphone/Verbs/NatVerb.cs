using System.Globalization;
using Softphone.Core;
using Softphone.Nat;
using Softphone.Sockets;

namespace Softphone.Cli;

/// <summary>softphone nat: how the NAT in front of this machine behaves, with the evidence, and what calls to expect.</summary>
internal sealed class NatVerb : IVerb<NatOptions>
{
    public async Task<ExitCode> RunAsync(NatOptions options, VerbContext context, CancellationToken stop)
    {
        context.GoLive();
        var servers = options.Profile.Nat.Stun.Where(s => s.Transport == Transport.Udp).ToList();
        if (servers.Count == 0) throw new UsageException("there is no STUN server to ask: --stun stun:stun.example.net, or nat.stun in the profile");

        var done = new TaskCompletionSource<Fault?>(TaskCreationOptions.RunContinuationsAsynchronously);
        using var pump = new Pump(PumpOptions.Default with { Crashed = e => done.TrySetException(e) });
        var asking = new NatAsking(pump, servers[0].Host, servers[0].Port, options.Lifetime)
        {
            Ended = fault => done.TrySetResult(fault),
            Tells = progress => context.Error.WriteLine($"softphone: {Describe(progress)}"),
        };
        pump.Start(asking, asking.Drain);
        new SystemResolver(pump).Resolve(new NameQuery(1, servers[0].Host, NameRecord.Address), answer => asking.Begin(answer));
        if (await done.Task.WaitAsync(stop) is { } problem)
        {
            context.Report(problem);
            return ExitCodes.Of(problem);
        }

        var found = asking.Found!;
        var output = context.Events(options.Json);
        output.Write(Event(found, asking.Lifetime));
        output.Write(new OutputEvent.Explain { T = DateTimeOffset.UtcNow, Text = Outlook(found, asking.Lifetime) });
        return ExitCode.Ok;
    }

    internal static OutputEvent.Nat Event(NatBehaviour found, NatLifetime.Event.Completed? lifetime) => new()
    {
        T = DateTimeOffset.UtcNow,
        Mapping = found.Mapping == Dependence.Unknown ? null : NatBehaviour.Name(found.Mapping),
        Filtering = found.Filtering == Dependence.Unknown ? null : NatBehaviour.Name(found.Filtering),
        Hairpin = found.Hairpin,
        Classic = found.Classic,
        Mapped = found.Mapped.IsValid ? found.Mapped.ToString() : null,
        LifetimeS = lifetime?.Lifetime is { } time ? (int)time.TotalSeconds : null,
        Fragments = found.Fragments,
        Alg = found.RewritesPayloads,
        // Four nines are as sure as a few packets can make it.
        Confidence = Math.Min(0.9999, Math.Floor(found.Confidence * 10_000) / 10_000),
        Evidence = lifetime is null ? found.Evidence : [.. found.Evidence, .. lifetime.Evidence.Select(e => $"lifetime: {e}")],
    };

    internal static string Outlook(NatBehaviour found, NatLifetime.Event.Completed? lifetime)
    {
        var text = NatOutlook.Describe(found);
        if (lifetime?.Lifetime is not { } time) return text;
        return string.Create(CultureInfo.InvariantCulture, $"{text} An idle UDP binding lives {time.TotalSeconds:0} s: {(time < TimeSpan.FromSeconds(30)
            ? "less than most keepalives, so register over TCP or TLS"
            : "keepalives of 15 s, as this phone sends them, hold it open")}.");
    }

    private static string Describe(NatLifetime.Event.Progress progress)
    {
        var range = progress.Gone is { } gone ? $"between {progress.Alive.TotalSeconds:0.#} and {gone.TotalSeconds:0.#} s"
            : progress.Alive > TimeSpan.Zero ? $"longer than {progress.Alive.TotalSeconds:0.#} s" : "not known yet";
        return string.Create(CultureInfo.InvariantCulture, $"lifetime of an idle binding: {range}; the next answer takes up to {progress.UpTo.TotalSeconds:0} s");
    }
}
