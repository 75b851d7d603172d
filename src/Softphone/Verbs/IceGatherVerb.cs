using Softphone.Core;
using Softphone.Nat;
using Softphone.Sockets;

namespace Softphone.Cli;

/// <summary>softphone ice gather: the candidates of a call, as they come, and what was waited for.</summary>
internal sealed class IceGatherVerb : IVerb<IceGatherOptions>
{
    public async Task<ExitCode> RunAsync(IceGatherOptions options, VerbContext context, CancellationToken stop)
    {
        context.GoLive();
        var trust = TrustReader.Read(options.Profile, context);
        if (!PumpWatch.TryOpen(options.Watch, context, out var opened)) return ExitCode.Usage;
        using var watch = opened;
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var seat = new LateMachine();
        var run = new Run(watch.Report, watch.Over(context.Events(options.Json)), () => ended.TrySetResult());
        using var pump = new Pump(PumpOptions.Default with { Crashed = e => ended.TrySetException(e), Tls = new TlsOptions { Trust = _ => trust } });
        pump.Start(seat, run.Drain);
        var servers = await NatServers.FindAsync(options.Profile, context, pump, stop);
        foreach (var fault in servers.Faults) watch.Report(fault);
        pump.Post(() =>
        {
            var trace = new Trace { Emitted = run.Note };
            run.Transport = new MediaTransport(
                new MediaTransportOptions
                {
                    Mode = options.Profile.Nat.Mode == Softphone.Phone.NatMode.Relay ? IceMode.RelayOnly : IceMode.IceOnly,
                    StunServers = servers.Stun,
                    TurnServers = [.. servers.Turn.Select(t => t.Server)],
                    SkipInterfaces = options.Profile.Nat.SkipInterfaces,
                    GatherBudget = options.Profile.Nat.GatherBudget,
                    Tcp = options.Profile.Nat.Tcp,
                    UseLoopback = servers.UsesLoopback,
                    SeparateRtcp = options.Components == 2,
                },
                watch.Over(pump),
                new SystemEntropy(),
                trace,
                "gather");
            seat.Machine = watch.Over(run.Transport, pump);
            run.Begin(pump.Now);
        });
        await ended.Task.WaitAsync(stop);
        return watch.Judge("The candidates of this machine", run.HasCandidates && !run.HasFaults && servers.Faults.Count == 0 ? ExitCode.Ok : ExitCode.IceFailed);
    }

    /// <summary>What the pump thread knows of the gathering.</summary>
    private sealed class Run(Action<Fault> report, IEventWriter output, Action ended)
    {
        private readonly DateTimeOffset _startedAt = DateTimeOffset.UtcNow;
        private Instant _start;
        private OutputEvent? _ready;

        public MediaTransport? Transport { get; set; }

        public bool HasCandidates { get; private set; }

        public bool HasFaults { get; private set; }

        public void Begin(Instant now)
        {
            _start = now;
            Transport!.Gather(now, isOfferer: true);
        }

        public void Note(TraceEntry entry)
        {
            if (entry is IceTrace.CandidateAdded { IsLocal: true } added) output.Write(Event(added.Candidate, added.At));
            else if (entry is GatherTrace.Ready ready) _ready = Explain(ready.At, $"A call could start after {Since(ready.At):0.#} ms with {ready.Candidates} candidate{(ready.Candidates == 1 ? "" : "s")}: {ready.Reason}.");
        }

        public void Drain(Instant now)
        {
            while (Transport?.TryEvent(out var happened) == true)
            {
                switch (happened)
                {
                    case MediaTransportEvent.Gathered:
                        HasCandidates = true;
                        if (_ready is not null) output.Write(_ready);
                        Transport.Close(now);
                        break;
                    case MediaTransportEvent.ServerFailed failed:
                        HasFaults = true;
                        report(failed.Fault);
                        break;
                    case MediaTransportEvent.Failed failed:
                        HasFaults = true;
                        report(failed.Fault);
                        Transport.Close(now);
                        break;
                    case MediaTransportEvent.Closed:
                        ended();
                        break;
                }
            }
        }

        private OutputEvent.Explain Explain(Instant at, FormattableString text) => new() { T = WallClock(at), Text = FormattableString.Invariant(text) };

        private OutputEvent.IceCandidate Event(Candidate candidate, Instant at) => new()
        {
            T = WallClock(at),
            Side = "local",
            Component = candidate.Component,
            Type = Candidate.Name(candidate.Type),
            Addr = candidate.Address.ToString(),
            Transport = candidate.Transport.ToString().ToLowerInvariant(),
            Priority = candidate.Priority,
            Foundation = candidate.Foundation,
            Server = candidate.Server.IsValid ? candidate.Server.ToString() : null,
            AfterMs = Math.Round(Since(at), 1),
        };

        private double Since(Instant at) => (at - _start).TotalMilliseconds;

        private DateTimeOffset WallClock(Instant at) => _startedAt + (at - _start);
    }
}
