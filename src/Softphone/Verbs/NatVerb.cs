using Softphone.Core;
using Softphone.Nat;
using Softphone.Sockets;

namespace Softphone.Cli;

/// <summary>softphone nat: how the NAT in front of this machine behaves, with the evidence.</summary>
internal sealed class NatVerb : IVerb<NatOptions>
{
    public async Task<ExitCode> RunAsync(NatOptions options, VerbContext context, CancellationToken stop)
    {
        var servers = options.Profile.Nat.Stun.Where(s => s.Transport == Transport.Udp).ToList();
        if (servers.Count == 0) throw new UsageException("there is no STUN server to ask: --stun stun:stun.example.net, or nat.stun in the profile");

        var done = new TaskCompletionSource<(NatBehaviour? Found, Fault? Fault)>(TaskCreationOptions.RunContinuationsAsynchronously);
        using var pump = new Pump(PumpOptions.Default with { Crashed = e => done.TrySetException(e) });
        var machine = new Asking(pump);
        machine.Done = (found, fault) => done.TrySetResult((found, fault));
        pump.Start(machine, _ => machine.Drain());
        new SystemResolver(pump).Resolve(new NameQuery(1, servers[0].Host, NameRecord.Address), answer => machine.Begin(answer, servers[0].Port, servers[0].Host));
        var (behaviour, problem) = await done.Task.WaitAsync(stop);
        if (behaviour is null)
        {
            context.Report(problem!);
            return ExitCodes.Of(problem!);
        }

        context.Events(options.Json).Write(new OutputEvent.Nat
        {
            T = DateTimeOffset.UtcNow,
            Mapping = behaviour.Mapping == Dependence.Unknown ? null : NatBehaviour.Name(behaviour.Mapping),
            Filtering = behaviour.Filtering == Dependence.Unknown ? null : NatBehaviour.Name(behaviour.Filtering),
            Hairpin = behaviour.Hairpin,
            Classic = behaviour.Classic,
            Mapped = behaviour.Mapped.IsValid ? behaviour.Mapped.ToString() : null,
            Evidence = behaviour.Evidence,
        });
        context.Events(options.Json).Write(new OutputEvent.Explain { T = DateTimeOffset.UtcNow, Text = behaviour.Expect() });
        return ExitCode.Ok;
    }

    /// <summary>The discovery as the pump's machine, once the server's address is known.</summary>
    private sealed class Asking(Pump pump) : IMachine
    {
        private NatDiscovery? _discovery;

        public Action<NatBehaviour?, Fault?>? Done { get; set; }

        public Instant? NextTimeout => _discovery?.NextTimeout;

        public void Begin(NameAnswer answer, ushort port, string host)
        {
            var address = answer.Addresses.OrderBy(a => a.IsV6).FirstOrDefault();
            if (!address.IsValid)
            {
                Done?.Invoke(null, new Fault(Layer.Dns, $"{host} has no address", "check the name of the STUN server"));
                return;
            }

            var discovery = new NatDiscovery(pump, new SystemEntropy(), new Address(address, port));
            if (discovery.TryStart(pump.Now, out var fault)) _discovery = discovery;
            else Done?.Invoke(null, fault);
        }

        public void Drain()
        {
            if (_discovery?.TryEvent(out var completed) == true) Done?.Invoke(completed.Behaviour, null);
        }

        public void Receive(in Datagram datagram) => _discovery?.Receive(datagram);

        public void Fail(in PathFailure failure) => _discovery?.Fail(failure);

        public void Advance(Instant now) => _discovery?.Advance(now);

        public bool TryTransmit(Span<byte> buffer, out Transmit transmit)
        {
            transmit = default;
            return _discovery?.TryTransmit(buffer, out transmit) == true;
        }
    }
}
