using System.Globalization;
using Softphone.Core;
using Softphone.Nat;
using Softphone.Sip;
using Softphone.Sockets;

namespace Softphone.Cli;

/// <summary>softphone nat: how the NAT in front of this machine behaves, with the evidence, and what calls to expect.</summary>
internal sealed class NatVerb : IVerb<NatOptions>
{
    /// <summary>The least that account.keepalive takes.</summary>
    private const int ShortestPause = 5;

    private const string Title = "The NAT before this machine";

    public async Task<ExitCode> RunAsync(NatOptions options, VerbContext context, CancellationToken stop)
    {
        context.GoLive();
        var asked = options.Profile.Nat.Stun.Where(s => s.Transport == Transport.Udp).ToList();
        if (asked.Count == 0) throw new UsageException("there is no STUN server to ask: --stun stun:stun.example.net, or nat.stun in the profile");

        if (!PumpWatch.TryOpen(options.Watch, context, out var opened)) return ExitCode.Usage;
        using var watch = opened;
        var done = new TaskCompletionSource<Fault?>(TaskCreationOptions.RunContinuationsAsynchronously);
        using var pump = new Pump(PumpOptions.Default with { Crashed = e => done.TrySetException(e) });
        var asking = new NatAsking(pump, options.Lifetime, watch.Over(pump))
        {
            Ended = fault => done.TrySetResult(fault),
            Silent = watch.Report,
            Tells = progress => context.Error.WriteLine($"softphone: {Describe(progress)}"),
        };
        pump.Start(watch.Over(asking, pump), asking.Drain);
        var servers = new List<NatServer>();
        var unknown = new List<Fault>();
        var output = watch.Over(context.Events(options.Json));
        // A TURN server answers the same question.
        foreach (var uri in asked.Concat(options.Profile.Nat.Turn.SelectMany(t => t.Urls).Where(u => u.Transport == Transport.Udp)))
        {
            var places = await NatServers.FindAsync(options.Profile with { Nat = options.Profile.Nat with { Stun = [uri], Turn = [] } }, context, pump, stop);
            servers.AddRange(places.Stun.OrderBy(place => place.Ip.IsV6).Select(place => new NatServer(uri.Host, place)));
            unknown.AddRange(places.Faults);
        }

        if (servers.Count == 0) return Fail(unknown[0]);
        foreach (var fault in unknown) watch.Report(fault);
        pump.Post(() =>
        {
            asking.Begin(servers);
            asking.Drain(pump.Now);
        });
        if (await done.Task.WaitAsync(stop) is { } problem) return Fail(problem);
        var found = asking.Found!;
        var alg = found.Classic == "UDP blocked" ? null : await AlgAsking.AskAsync(options.Profile, stop);
        output.Write(Event(found, asking.Lifetime, alg));
        output.Write(new OutputEvent.Explain { T = DateTimeOffset.UtcNow, Text = Outlook(found, asking.Lifetime, options.Profile.Account.Keepalive ?? new SipAgentOptions().UdpKeepalive, alg) });
        return watch.Judge(Title, ExitCode.Ok);

        ExitCode Fail(Fault fault)
        {
            watch.Report(fault);
            if (options.Json) output.Write(new OutputEvent.Explain { T = DateTimeOffset.UtcNow, Text = $"{fault.What}. What helps: {fault.Remedy}." });
            return watch.Judge(Title, ExitCodes.Of(fault));
        }
    }

    internal static OutputEvent.Nat Event(NatFinding found, NatLifetime.Event.Completed? lifetime, AlgVerdict? alg = null) => new()
    {
        T = DateTimeOffset.UtcNow,
        Mapping = found.Mapping == Dependence.Unknown ? null : NatFinding.Name(found.Mapping),
        Filtering = found.Filtering == Dependence.Unknown ? null : NatFinding.Name(found.Filtering),
        Hairpin = found.Hairpin,
        Classic = found.Classic,
        Mapped = found.Mapped.IsValid ? found.Mapped.ToString() : null,
        LifetimeS = lifetime?.Lifetime is { } time ? (int)time.TotalSeconds : null,
        Fragments = found.Fragments,
        Alg = found.RewritesPayloads,
        SipAlg = alg?.Rewrites,
        // Four nines are as sure as a few packets can make it.
        Confidence = Math.Min(0.9999, Math.Floor(found.Confidence * 10_000) / 10_000),
        Evidence = [.. found.Evidence, .. (lifetime?.Evidence ?? []).Select(e => $"lifetime: {e}"), .. alg is null ? [] : (string[])[$"SIP ALG: {alg.Evidence}"]],
    };

    /// <param name="found">How the NAT behaves.</param>
    /// <param name="lifetime">How long it keeps an idle binding; null when that was not asked.</param>
    /// <param name="pause">The longest between two keepalives of a registration; zero for none.</param>
    /// <param name="alg">Whether SIP is rewritten on the way; null when that was not asked.</param>
    internal static string Outlook(NatFinding found, NatLifetime.Event.Completed? lifetime, TimeSpan pause, AlgVerdict? alg = null)
    {
        var text = NatOutlook.Describe(found);
        if (alg is { Rewrites: true }) text += $" A SIP ALG rewrites SIP over UDP on the way to the server ({alg.Evidence}): register over TLS, which it cannot read, or switch the SIP ALG off in the router.";
        return lifetime?.Lifetime is not { } time ? text
            : string.Create(CultureInfo.InvariantCulture, $"{text} An idle UDP binding lives {time.TotalSeconds:0} s: {Verdict(time, pause)}.");
    }

    private static string Verdict(TimeSpan lifetime, TimeSpan pause)
    {
        if (pause == TimeSpan.Zero) return "so long after each REGISTER calls get through, since account.keepalive is off; set it to auto, or register over TCP or TLS";
        if (pause < lifetime) return string.Create(CultureInfo.InvariantCulture, $"the keepalives of a registration, {pause.TotalSeconds:0} s apart at most, hold it open");
        // Room for one that is lost on the way and sent again.
        var enough = (int)(0.8 * lifetime.TotalSeconds);
        var way = enough >= ShortestPause ? $"set account.keepalive to {enough.ToString(CultureInfo.InvariantCulture)}, or register over TCP or TLS" : "register over TCP or TLS";
        return string.Create(CultureInfo.InvariantCulture, $"the keepalives of a registration are up to {pause.TotalSeconds:0} s apart, which is too long, so {way}");
    }

    private static string Describe(NatLifetime.Event.Progress progress)
    {
        var range = progress.Gone is { } gone ? $"between {progress.Alive.TotalSeconds:0.#} and {gone.TotalSeconds:0.#} s"
            : progress.Alive > TimeSpan.Zero ? $"longer than {progress.Alive.TotalSeconds:0.#} s" : "not known yet";
        return string.Create(CultureInfo.InvariantCulture, $"lifetime of an idle binding: {range}; the next answer takes up to {progress.UpTo.TotalSeconds:0} s");
    }
}
