using Softphone.Core;
using Softphone.Nat;
using Softphone.Sip;

namespace Softphone.Phone;

/// <summary>The STUN of SIP's keepalives (RFC 5626 §3.5.2), by the codec of the room that has one.</summary>
internal sealed class StunBinding : IBindingCodec
{
    public int Write(Span<byte> buffer, ReadOnlySpan<byte> id) =>
        new StunWriter(buffer, StunClass.Request, StunMethod.Binding, TransactionId.FromBytes(id)).Length;

    public bool TryRead(ReadOnlySpan<byte> datagram, Span<byte> id, out Address mapped)
    {
        mapped = default;
        if (!StunReader.TryParse(datagram, out var answer, out _) || answer.IsClassic || answer is not { Class: StunClass.Success, Method: StunMethod.Binding }) return false;
        answer.TransactionId.WriteTo(id);
        return answer.TryGetAddress(StunAttributeType.XorMappedAddress, out mapped) || answer.TryGetAddress(StunAttributeType.MappedAddress, out mapped);
    }
}
