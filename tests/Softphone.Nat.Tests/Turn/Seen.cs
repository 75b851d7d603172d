using System.Text;
using Softphone.Core;

namespace Softphone.Nat.Tests;

/// <summary>A request as the scripted server saw it.</summary>
internal sealed record Seen(
    double At, StunMethod Method, TransactionId Id, bool HasIntegrity, string? Nonce, string? Username, uint? Lifetime, IReadOnlyList<Address> Peers,
    ushort? Channel, IReadOnlyList<ushort> Types, byte[] Bytes)
{
    public static Seen Of(Instant at, in StunReader reader)
    {
        var peers = new List<Address>();
        var types = new List<ushort>();
        foreach (var attribute in reader.Attributes)
        {
            types.Add(attribute.Type);
            if (attribute.Type == StunAttributeType.XorPeerAddress && reader.TryReadAddress(attribute.Type, attribute.Value, out var peer)) peers.Add(peer);
        }

        return new Seen(
            (at - Instant.Zero).TotalSeconds,
            reader.Method,
            reader.TransactionId,
            reader.HasIntegrity || reader.HasIntegritySha256,
            reader.TryGetNonce(out var nonce) ? Encoding.UTF8.GetString(nonce) : null,
            reader.TryGetUsername(out var username) ? Encoding.UTF8.GetString(username) : null,
            reader.TryGetUInt32(StunAttributeType.Lifetime, out var lifetime) ? lifetime : null,
            peers,
            reader.TryGetUInt16(StunAttributeType.ChannelNumber, out var channel) ? channel : null,
            types,
            reader.Message.ToArray());
    }

    public bool Has(ushort type) => Types.Contains(type);
}
