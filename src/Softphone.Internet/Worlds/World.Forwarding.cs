using Softphone.Core;

namespace Softphone.Internet;

/// <summary>How packets cross segments and gateways.</summary>
public sealed partial class World
{
    internal Packet RentPacket() => _memory.Rent();

    internal void Return(Packet packet) => _memory.Return(packet);

    internal void Drop(Packet packet, DropReason reason, string where)
    {
        Counters.Drop(where, reason);
        if (Trace.IsOn)
        {
            Trace.Emit(new WorldTrace.PacketDropped(
                Now, where, packet.Transport, packet.Source, packet.Destination, packet.Length, reason, packet.Describe()));
        }

        if (packet.Sender is not { } sender || !sender.Host.TryRepeat(sender, packet, reason)) Return(packet);
    }

    /// <summary>Brings a packet from one plug to the next one of the same segment.</summary>
    internal void Cross(Packet packet, Plug from)
    {
        var segment = from.Segment;
        if (!from.IsUp)
        {
            Drop(packet, DropReason.LinkDown, from.Name);
            return;
        }

        if (segment.NextHop(packet.Destination.Ip) is not { } to || to == from)
        {
            Drop(packet, DropReason.NoRoute, segment.Name);
            return;
        }

        if (segment.IsIsolated && !from.IsInside && !to.IsInside)
        {
            Drop(packet, DropReason.Isolated, segment.Name);
            return;
        }

        if (++packet.Hops > MaxHops)
        {
            Drop(packet, DropReason.TooManyHops, segment.Name);
            return;
        }

        packet.At = to;
        if (ReferenceEquals(from.Link, Link.Perfect) && ReferenceEquals(to.Link, Link.Perfect))
        {
            // A gateway only looks at it; a host must not be entered while another machine is being drained.
            if (to.Gateway is not null) Arrive(packet);
            else _events.Push(Now.Nanoseconds, packet);
            return;
        }

        EnterFirstLine(packet, from);
    }

    private void Arrive(Packet packet)
    {
        var at = packet.At!;
        if (packet.IsMidway) EnterSecondLine(packet, Now.Nanoseconds);
        else if (!at.IsUp) Drop(packet, DropReason.LinkDown, at.Name);
        else if (at.Host is { } host) host.Deliver(packet);
        else if (packet.Kind == WireKind.PortUnreachable && at.Gateway!.Failure == GatewayFailure.None) ForwardError(packet, at);
        else if (at.IsInside) ForwardOut(packet, at.Gateway!);
        else ForwardIn(packet, at.Gateway!);
    }

    private void ForwardOut(Packet packet, Gateway gateway)
    {
        if (gateway.Failure != GatewayFailure.None)
        {
            Fail(packet, gateway);
            return;
        }

        var inside = packet.Source;
        if (gateway.Nat64Prefix.IsValid) packet.Destination = new Address(packet.Destination.Ip.Embedded(), packet.Destination.Port);
        var verdict = CanCarry(packet, gateway)
            ? gateway.Nat.Outbound(packet.Source, packet.Destination, Now, packet.Transport)
            : NatVerdict.Drop(DropReason.TooBig);
        if (verdict.IsDropped)
        {
            Drop(packet, verdict.Reason, gateway.Name);
            return;
        }

        packet.Source = verdict.Source;
        packet.Destination = verdict.Destination;
        if (SipAlg.Meddles(gateway, packet)) SipAlg.Outbound(gateway.Nat, packet, inside, Now);
        Cross(packet, verdict.Route == NatRoute.Hairpin ? gateway.InsidePlug : gateway.OutsidePlug);
    }

    /// <summary>A gateway that rejects answers as a firewall with such a rule does: ICMP to a datagram, a reset to a stream.</summary>
    private void Fail(Packet packet, Gateway gateway)
    {
        if (gateway.Failure == GatewayFailure.BlackHole)
        {
            Drop(packet, DropReason.BlackHole, gateway.Name);
            return;
        }

        if (packet.Kind != WireKind.Reset)
        {
            var answer = RentPacket();
            answer.Kind = packet.IsStream ? WireKind.Reset : WireKind.PortUnreachable;
            answer.Transport = packet.Transport;
            answer.Source = packet.Destination;
            answer.Destination = packet.Source;
            Cross(answer, gateway.InsidePlug);
        }

        Drop(packet, DropReason.Rejected, gateway.Name);
    }

    private void ForwardIn(Packet packet, Gateway gateway)
    {
        if (gateway.Failure != GatewayFailure.None)
        {
            Drop(packet, DropReason.BlackHole, gateway.Name);
            return;
        }

        var outside = packet.Destination;
        var verdict = CanCarry(packet, gateway)
            ? gateway.Nat.Inbound(packet.Source, packet.Destination, Now, packet.Transport)
            : NatVerdict.Drop(DropReason.TooBig);
        if (verdict.IsDropped)
        {
            Drop(packet, verdict.Reason, gateway.Name);
            return;
        }

        packet.Destination = verdict.Destination;
        if (SipAlg.Meddles(gateway, packet)) SipAlg.Inbound(gateway.Nat, packet, outside);
        if (gateway.Nat64Prefix.IsValid) packet.Source = new Address(packet.Source.Ip.Embed(gateway.Nat64Prefix), packet.Source.Port);
        Cross(packet, gateway.InsidePlug);
    }

    private static bool CanCarry(Packet packet, Gateway gateway) =>
        !gateway.Nat.Behavior.DropsFragments || !packet.IsInFragments;

    /// <summary>An ICMP error goes back the way of the packet it is about: in by the mapping, out unchanged.</summary>
    private void ForwardError(Packet packet, Plug at)
    {
        var gateway = at.Gateway!;
        if (at.IsInside)
        {
            if (gateway.Nat64Prefix.IsValid) Drop(packet, DropReason.NoRoute, gateway.Name);
            else Cross(packet, gateway.OutsidePlug);
        }
        else if (gateway.Nat.TryInboundError(packet.Destination, Now, packet.Transport, out var inside))
        {
            packet.Destination = inside;
            if (gateway.Nat64Prefix.IsValid) packet.Source = new Address(packet.Source.Ip.Embed(gateway.Nat64Prefix), packet.Source.Port);
            Cross(packet, gateway.InsidePlug);
        }
        else
        {
            Drop(packet, DropReason.NoMapping, gateway.Name);
        }
    }
}
