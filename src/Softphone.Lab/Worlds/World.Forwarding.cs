using Softphone.Core;

namespace Softphone.Lab;

/// <summary>How packets cross segments and gateways.</summary>
public sealed partial class World
{
    /// <summary>The time a stream loses with each lost segment: the least retransmission timeout of common stacks.</summary>
    private const long StreamPenalty = 200_000_000;

    internal Packet RentPacket()
    {
        var packet = _freePackets;
        if (packet is null) return new Packet();
        _freePackets = packet.NextFree;
        packet.NextFree = null;
        return packet;
    }

    internal void Return(Packet packet)
    {
        packet.Sender = null;
        packet.At = null;
        packet.Hops = 0;
        packet.IsMidway = false;
        packet.Sequence = 0;
        packet.Length = 0;
        if (packet.Data.Length > 1 << 14) packet.Data = new byte[2048];
        packet.NextFree = _freePackets;
        _freePackets = packet;
    }

    internal void Drop(Packet packet, DropReason reason, string where)
    {
        Counters.Drop(reason);
        if (Trace.IsOn)
        {
            Trace.Emit(new WorldTrace.PacketDropped(
                Now, where, packet.Transport, packet.Source, packet.Destination, packet.Length, reason));
        }

        var sender = packet.Sender;
        var kind = packet.Kind;
        Return(packet);
        sender?.Host.OnSegmentLost(sender, kind, reason);
    }

    /// <summary>Brings a packet from one plug to the next one of the same segment.</summary>
    internal void Cross(Packet packet, Plug from)
    {
        var segment = from.Segment;
        if (!from.IsUp)
        {
            Drop(packet, DropReason.LinkDown, segment.Name);
            return;
        }

        if (segment.NextHop(packet.Destination.Ip) is not { } to || to == from)
        {
            Drop(packet, DropReason.NoRoute, segment.Name);
            return;
        }

        if (segment.IsIsolated && from.Host is not null && to.Host is not null)
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

        if (!TryTraverse(packet, from.Link, from.LastUp, segment.Name, out var midway)) return;
        if (!packet.IsStream) from.LastUp = Math.Max(from.LastUp, midway);
        if (to.Link.Jitter > TimeSpan.Zero)
        {
            // What the second line does depends on what else enters it until then.
            packet.IsMidway = true;
            _events.Push(midway, packet);
            return;
        }

        EnterSecondLine(packet, midway);
    }

    private void EnterSecondLine(Packet packet, long at)
    {
        var to = packet.At!;
        if (!TryTraverse(packet, to.Link, to.LastDown, to.Segment.Name, out var arrival, at)) return;
        if (!packet.IsStream) to.LastDown = Math.Max(to.LastDown, arrival);
        packet.IsMidway = false;
        _events.Push(arrival, packet);
    }

    private bool TryTraverse(Packet packet, Link link, long last, string where, out long arrival, long? enters = null)
    {
        var start = enters ?? Now.Nanoseconds;
        arrival = start + link.Delay.Ticks * 100;
        if (link.Loss > 0)
        {
            while (_chance.NextDouble() < link.Loss)
            {
                if (!packet.IsStream)
                {
                    Drop(packet, DropReason.Loss, where);
                    return false;
                }

                arrival += StreamPenalty;
            }
        }

        if (link.Duplicate > 0 && !packet.IsStream && _chance.NextDouble() < link.Duplicate) Duplicate(packet, arrival);
        if (link.Jitter > TimeSpan.Zero)
        {
            arrival += (long)(_chance.NextDouble() * link.Jitter.Ticks * 100);
            var overtakes = link.Overtake > 0 && _chance.NextDouble() < link.Overtake;
            if (!overtakes && !packet.IsStream) arrival = Math.Max(arrival, last);
        }

        return true;
    }

    /// <summary>A second copy, which takes the rest of the way on its own.</summary>
    private void Duplicate(Packet packet, long arrival)
    {
        var copy = RentPacket();
        copy.SetPayload(packet.Payload);
        copy.Source = packet.Source;
        copy.Destination = packet.Destination;
        copy.Transport = packet.Transport;
        copy.Kind = packet.Kind;
        copy.Hops = packet.Hops;
        copy.At = packet.At;
        _events.Push(arrival + packet.At!.Link.Delay.Ticks * 100, copy);
    }

    private void Arrive(Packet packet)
    {
        var at = packet.At!;
        if (packet.IsMidway) EnterSecondLine(packet, Now.Nanoseconds);
        else if (!at.IsUp) Drop(packet, DropReason.LinkDown, at.Segment.Name);
        else if (at.Host is { } host) host.Deliver(packet);
        else if (packet.Kind == WireKind.PortUnreachable) ForwardError(packet, at);
        else if (at.IsInside) ForwardOut(packet, at.Gateway!);
        else ForwardIn(packet, at.Gateway!);
    }

    private void ForwardOut(Packet packet, Gateway gateway)
    {
        var verdict = gateway.Nat.Outbound(packet.Source, packet.Destination, Now, packet.Transport);
        if (verdict.IsDropped)
        {
            Drop(packet, verdict.Reason, gateway.Name);
            return;
        }

        packet.Source = verdict.Source;
        packet.Destination = verdict.Destination;
        Cross(packet, verdict.Route == NatRoute.Hairpin ? gateway.InsidePlug : gateway.OutsidePlug);
    }

    private void ForwardIn(Packet packet, Gateway gateway)
    {
        var verdict = gateway.Nat.Inbound(packet.Source, packet.Destination, Now, packet.Transport);
        if (verdict.IsDropped)
        {
            Drop(packet, verdict.Reason, gateway.Name);
            return;
        }

        packet.Destination = verdict.Destination;
        Cross(packet, gateway.InsidePlug);
    }

    /// <summary>An ICMP error goes back the way of the packet it is about: in by the mapping, out unchanged.</summary>
    private void ForwardError(Packet packet, Plug at)
    {
        var gateway = at.Gateway!;
        if (at.IsInside)
        {
            Cross(packet, gateway.OutsidePlug);
        }
        else if (gateway.Nat.TryInboundError(packet.Destination, Now, packet.Transport, out var inside))
        {
            packet.Destination = inside;
            Cross(packet, gateway.InsidePlug);
        }
        else
        {
            Drop(packet, DropReason.NoMapping, gateway.Name);
        }
    }
}
