using System.Buffers.Binary;
using Softphone.Core;
using Softphone.Nat;

namespace Softphone.Servers;

/// <summary>
/// Clients that change their address and keep their relay (RFC 8016 §3): a ticket of the Allocate response, shown by a Refresh from
/// another 5-tuple, moves the allocation there. Until the client sends data from there, the old 5-tuple is fed.
/// </summary>
public sealed partial class TurnServer
{
    private readonly Dictionary<(ulong, ulong), TurnAllocation> _tickets = [];

    /// <summary>What an Allocate asks: nothing, a ticket (empty), or nonsense.</summary>
    private int JudgeMobility(in StunReader request, out bool wantsTicket)
    {
        wantsTicket = request.TryGet(StunAttributeType.MobilityTicket, out var ticket);
        return !wantsTicket ? 0 : !_options.AllowsMobility ? StunErrorCode.MobilityForbidden : ticket.IsEmpty ? 0 : StunErrorCode.BadRequest;
    }

    private void IssueTicket(ref StunWriter writer, TurnAllocation allocation)
    {
        if (allocation.Ticket is { } old) _tickets.Remove(old);
        var ticket = (_entropy.NextUInt64(), _entropy.NextUInt64());
        allocation.Ticket = ticket;
        _tickets[ticket] = allocation;
        Span<byte> octets = stackalloc byte[16];
        BinaryPrimitives.WriteUInt64BigEndian(octets, ticket.Item1);
        BinaryPrimitives.WriteUInt64BigEndian(octets[8..], ticket.Item2);
        writer.Add(StunAttributeType.MobilityTicket, octets);
    }

    /// <summary>A Refresh from a 5-tuple that has no allocation: by its ticket it may have one elsewhere.</summary>
    private void OnMove(in StunReader request, in Asker asker, ReadOnlySpan<byte> ticket)
    {
        var key = ticket.Length == 16 ? (BinaryPrimitives.ReadUInt64BigEndian(ticket), BinaryPrimitives.ReadUInt64BigEndian(ticket[8..])) : default;
        if (!_options.AllowsMobility)
        {
            Refuse(request, asker, StunErrorCode.MobilityForbidden);
        }
        else if (!_tickets.TryGetValue(key, out var allocation))
        {
            Refuse(request, asker, StunErrorCode.AllocationMismatch);
        }
        else if (allocation.User != asker.User)
        {
            Refuse(request, asker, StunErrorCode.WrongCredentials);
        }
        else
        {
            if (allocation.Next is { } abandoned) _allocations.Remove(abandoned);
            allocation.Next = (asker.Path, asker.Client);
            allocation.MoveRequest = request.TransactionId;
            _allocations[(asker.Path, asker.Client)] = allocation;
            var lifetime = Grant(request);
            Extend(allocation, lifetime);
            var writer = StunWriter.Reply(_buffer, request, StunClass.Success);
            writer.AddUInt32(StunAttributeType.Lifetime, (uint)lifetime.TotalSeconds);
            IssueTicket(ref writer, allocation);
            Reply(ref writer, request, asker);
            allocation.MoveResponse = writer.Written.ToArray();
        }
    }

    /// <summary>The client sends from where it moved to.</summary>
    private void Settle(TurnAllocation allocation, PathId path, Address client)
    {
        if (allocation.Next != (path, client)) return;
        _allocations.Remove((allocation.Path, allocation.Client));
        allocation.Move();
    }
}
