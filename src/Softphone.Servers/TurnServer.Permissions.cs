using Softphone.Core;
using Softphone.Nat;

namespace Softphone.Servers;

/// <summary>Permissions and channels (RFC 8656 §9, §10, §12).</summary>
public sealed partial class TurnServer
{
    private const int MaxPermissions = 512;
    private const ushort FirstChannel = 0x4000;
    private const ushort LastChannel = 0x4FFF;

    /// <summary>RFC 5766 §11.</summary>
    private const ushort LastOldChannel = 0x7FFE;
    private static readonly TimeSpan PermissionLifetime = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan ChannelLifetime = TimeSpan.FromMinutes(10);

    /// <summary>How long an expired channel's number and peer are kept apart from others (§12).</summary>
    private static readonly TimeSpan ChannelQuarantine = TimeSpan.FromMinutes(5);

    private void OnCreatePermission(in StunReader request, in Asker asker, TurnAllocation allocation)
    {
        // All or nothing (§10.2): first look at every peer, then install.
        var peers = 0;
        foreach (var attribute in request.Attributes)
        {
            if (attribute.Type != StunAttributeType.XorPeerAddress) continue;
            peers++;
            var code = request.TryReadAddress(attribute.Type, attribute.Value, out var peer) ? Judge(allocation, peer.Ip) : StunErrorCode.BadRequest;
            if (code == 0) continue;
            Refuse(request, asker, code);
            return;
        }

        if (peers == 0 || !HasRoomFor(allocation, peers))
        {
            Refuse(request, asker, peers == 0 ? StunErrorCode.BadRequest : StunErrorCode.InsufficientCapacity);
            return;
        }

        foreach (var attribute in request.Attributes)
        {
            if (attribute.Type == StunAttributeType.XorPeerAddress && request.TryReadAddress(attribute.Type, attribute.Value, out var peer))
                allocation.Permissions[peer.Ip] = _now + PermissionLifetime;
        }

        var writer = StunWriter.Reply(_buffer, request, StunClass.Success);
        Reply(ref writer, request, asker);
    }

    private void OnChannelBind(in StunReader request, in Asker asker, TurnAllocation allocation)
    {
        if (!request.TryGetUInt16(StunAttributeType.ChannelNumber, out var number) || number < FirstChannel || number > (_options.AcceptsOldChannels ? LastOldChannel : LastChannel)
            || !request.TryGetAddress(StunAttributeType.XorPeerAddress, out var peer))
        {
            Refuse(request, asker, StunErrorCode.BadRequest);
            return;
        }

        var code = _options.IsOwnService(peer) ? StunErrorCode.Forbidden : Judge(allocation, peer.Ip);
        if (code == 0 && !HasRoomFor(allocation, 1)) code = StunErrorCode.InsufficientCapacity;
        if (code == 0 && !TryBind(allocation, number, peer)) code = StunErrorCode.BadRequest;
        if (code != 0)
        {
            Refuse(request, asker, code);
            return;
        }

        allocation.Permissions[peer.Ip] = _now + PermissionLifetime;
        var writer = StunWriter.Reply(_buffer, request, StunClass.Success);
        Reply(ref writer, request, asker);
    }

    /// <summary>One number for one peer and back; neither is given anew until five minutes after the binding's end.</summary>
    private bool TryBind(TurnAllocation allocation, ushort number, Address peer)
    {
        if (allocation.Channels.TryGetValue(number, out var held) && held.Peer != peer && !TryForget(allocation, held)) return false;
        if (allocation.ChannelsByPeer.TryGetValue(peer, out held) && held.Number != number && !TryForget(allocation, held)) return false;
        if (!allocation.Channels.TryGetValue(number, out var channel))
        {
            channel = new TurnChannel(number, peer);
            allocation.Channels.Add(number, channel);
            allocation.ChannelsByPeer.Add(peer, channel);
        }

        channel.Expires = _now + ChannelLifetime;
        return true;
    }

    private bool TryForget(TurnAllocation allocation, TurnChannel channel)
    {
        if (_now < channel.Expires + ChannelQuarantine) return false;
        allocation.Channels.Remove(channel.Number);
        allocation.ChannelsByPeer.Remove(channel.Peer);
        return true;
    }

    /// <summary>0 when the peer may be spoken to, else the error code owed.</summary>
    private int Judge(TurnAllocation allocation, IpAddress peer)
    {
        if (!allocation.TryRelayFor(peer, out _)) return StunErrorCode.PeerAddressFamilyMismatch;
        return _options.Peers.Allows(peer) ? 0 : StunErrorCode.Forbidden;
    }

    private bool HasRoomFor(TurnAllocation allocation, int peers)
    {
        if (allocation.Permissions.Count + peers <= MaxPermissions) return true;
        foreach (var (ip, until) in allocation.Permissions)
            if (_now >= until) allocation.Permissions.Remove(ip);
        return allocation.Permissions.Count + peers <= MaxPermissions;
    }
}
