using Softphone.Core;

namespace Softphone.Internet;

/// <summary>What the lines do to packets.</summary>
public sealed partial class World
{
    /// <summary>The time a stream loses with each lost segment: the least retransmission timeout of common stacks.</summary>
    private const long StreamPenalty = 200_000_000;

    private void EnterFirstLine(Packet packet, Plug from)
    {
        if (!TryTraverse(packet, from, from.Up, isFirst: true, Now.Nanoseconds, out var midway)) return;
        if (packet.At!.Link.HasMemory)
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
        packet.IsMidway = false;
        var to = packet.At!;
        if (TryTraverse(packet, to, to.Down, isFirst: false, at, out var arrival)) _events.Push(arrival, packet);
    }

    /// <param name="packet">What enters the line; when it does not come through, it has been dropped.</param>
    /// <param name="plug">Whose line it is.</param>
    /// <param name="state">The direction.</param>
    /// <param name="isFirst">A second line follows.</param>
    /// <param name="enters">When, in nanoseconds.</param>
    /// <param name="arrival">When it comes out.</param>
    private bool TryTraverse(Packet packet, Plug plug, LineState state, bool isFirst, long enters, out long arrival)
    {
        var link = plug.Link;
        arrival = enters;
        if (!Fits(packet, link, state, ref arrival))
        {
            Drop(packet, DropReason.TooBig, plug.Name);
            return false;
        }

        if (link.Rate > 0 && !TryQueue(packet, plug, state, ref arrival)) return false;
        arrival += link.Delay.Ticks * 100;
        if (link.Loss > 0)
        {
            while (Loses(link, state))
            {
                if (!packet.IsStream)
                {
                    Drop(packet, DropReason.Loss, plug.Name);
                    return false;
                }

                arrival += StreamPenalty;
            }
        }

        if (link.Duplicate > 0 && !packet.IsStream && _chance.NextDouble() < link.Duplicate) Duplicate(packet, arrival, isFirst);
        if (link.Jitter > TimeSpan.Zero)
        {
            arrival += (long)(_chance.NextDouble() * link.Jitter.Ticks * 100);
            var overtakes = link.Overtake > 0 && _chance.NextDouble() < link.Overtake;
            if (!overtakes && !packet.IsStream) arrival = Math.Max(arrival, state.LastArrival);
        }

        if (!packet.IsStream) state.LastArrival = Math.Max(state.LastArrival, arrival);
        return true;
    }

    /// <summary>Whether a line carries packets so long. Who is told of its length has lost one datagram, or the time in which a stream sends again.</summary>
    private static bool Fits(Packet packet, Link link, LineState state, ref long arrival)
    {
        if (link.DropsFragments && packet.IsInFragments) return false;
        if (link.Mtu == 0 || packet.LongestPiece <= link.Mtu) return true;
        if (!link.TellsTooBig) return false;
        var isKnown = !(state.Told ??= []).Add((packet.Source.Ip, packet.Destination.Ip));
        if (packet.IsStream)
        {
            if (!isKnown) arrival += StreamPenalty;
            return true;
        }

        packet.Piece = link.Mtu;
        return isKnown && !link.DropsFragments;
    }

    /// <summary>A slow line takes one packet after the other. A stream waits for its turn, as its sender would slow down; datagrams only as long as there is room.</summary>
    private bool TryQueue(Packet packet, Plug plug, LineState state, ref long arrival)
    {
        var link = plug.Link;
        var waits = Math.Max(0, state.BusyUntil - arrival);
        if (!packet.IsStream && (waits / 1e9 * link.Rate / 8) + packet.WireLength > link.Queue)
        {
            Drop(packet, DropReason.Queue, plug.Name);
            return false;
        }

        arrival += waits + (packet.WireLength * 8_000_000_000L / link.Rate);
        state.BusyUntil = arrival;
        return true;
    }

    private bool Loses(Link link, LineState state)
    {
        if (link.Burst <= 1) return _chance.NextDouble() < link.Loss;
        // Gilbert: bursts end with probability 1/Burst, and start as often as makes Loss the share of lost packets.
        var ends = 1 / link.Burst;
        state.IsLosing = state.IsLosing ? _chance.NextDouble() >= ends : _chance.NextDouble() < ends * link.Loss / Math.Max(1e-9, 1 - link.Loss);
        return state.IsLosing;
    }

    /// <summary>A second copy, which takes the rest of the way on its own.</summary>
    private void Duplicate(Packet packet, long arrival, bool isFirst)
    {
        var copy = RentPacket();
        copy.SetPayload(packet.Payload);
        copy.Source = packet.Source;
        copy.Destination = packet.Destination;
        copy.Transport = packet.Transport;
        copy.Kind = packet.Kind;
        copy.Hops = packet.Hops;
        copy.Piece = packet.Piece;
        copy.At = packet.At;
        copy.IsMidway = isFirst;
        _events.Push(arrival, copy);
    }
}
