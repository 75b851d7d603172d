using Softphone.Core;
using Softphone.Nat;
using Softphone.Phone;
using Softphone.Sockets;

namespace Softphone.Cli;

/// <summary>softphone turn test: each server by each transport, one after the other so that none disturbs another's figures.</summary>
internal sealed class TurnTestVerb : IVerb<TurnTestOptions>
{
    public async Task<ExitCode> RunAsync(TurnTestOptions options, VerbContext context, CancellationToken stop)
    {
        context.GoLive();
        var trust = TrustReader.Read(options.Profile, context);
        if (!PumpWatch.TryOpen(options.Watch, context, out var opened)) return ExitCode.Usage;
        using var watch = opened;
        IReadOnlyList<(ServerUri Uri, RelayServer Server)> servers;
        IReadOnlyList<Fault> faults;
        using (var pump = new Pump())
        {
            pump.Start(new LateMachine());
            var found = await NatServers.FindAsync(options.Profile, context, pump, stop);
            (servers, faults) = (found.Turn, found.Faults);
        }

        foreach (var fault in faults) watch.Report(fault);
        var output = watch.Over(context.Events(options.Json));
        var plan = new RelayEchoPlan(options.For, options.Rate, options.Size, options.Profile.Nat.SkipInterfaces);
        var code = faults.Count == 0 ? ExitCode.Ok : ExitCodes.Of(faults[0]);
        foreach (var (uri, server) in servers)
        {
            var result = await TestAsync(server, trust, plan, watch, stop);
            output.Write(Event(uri, result));
            if (result.Fault is not { } fault) continue;
            if (fault.Remedy.Length > 0) context.Error.WriteLine($"  {fault.Remedy}");
            if (code == ExitCode.Ok) code = ExitCodes.Of(fault);
        }

        return watch.Judge("TURN servers", code);
    }

    private static async Task<RelayEchoResult> TestAsync(RelayServer server, TlsTrust trust, RelayEchoPlan plan, PumpWatch watch, CancellationToken stop)
    {
        var done = new TaskCompletionSource<RelayEchoResult>(TaskCreationOptions.RunContinuationsAsynchronously);
        var seat = new LateMachine();
        RelayEcho? echo = null;
        using var pump = new Pump(PumpOptions.Default with { Crashed = e => done.TrySetException(e), Tls = new TlsOptions { Trust = _ => trust } });
        pump.Start(seat, _ =>
        {
            if (echo?.IsOver == true) done.TrySetResult(echo.Result);
        });
        pump.Post(() =>
        {
            echo = new RelayEcho(server, plan, watch.Over(pump), new SystemEntropy());
            seat.Machine = watch.Over(echo, pump);
            echo.Begin(pump.Now);
        });
        return await done.Task.WaitAsync(stop);
    }

    private static OutputEvent.TurnTest Event(ServerUri uri, RelayEchoResult result)
    {
        var trips = result.RoundTrips;
        return new OutputEvent.TurnTest
        {
            T = DateTimeOffset.UtcNow,
            Server = uri.ToString(),
            Transport = uri.Transport.ToString().ToLowerInvariant(),
            Ok = result.Fault is null,
            Reason = result.Fault?.What,
            Relay = result.Relayed.IsValid ? result.Relayed.ToString() : null,
            AllocateMs = Ms(result.Allocated?.TotalMilliseconds),
            PathMs = Ms(result.Path?.TotalMilliseconds),
            Sent = result.Sent > 0 ? result.Sent : null,
            Received = result.Sent > 0 ? trips.Count : null,
            LossPct = result.Sent > 0 ? Math.Round(100.0 * (result.Sent - trips.Count) / result.Sent, 2) : null,
            RttMs = trips.Count > 0 ? Ms(trips[trips.Count / 2]) : null,
            RttMinMs = trips.Count > 0 ? Ms(trips[0]) : null,
            RttMaxMs = trips.Count > 0 ? Ms(trips[^1]) : null,
        };
    }

    private static double? Ms(double? milliseconds) => milliseconds is { } ms ? Math.Round(ms, 1) : null;
}
