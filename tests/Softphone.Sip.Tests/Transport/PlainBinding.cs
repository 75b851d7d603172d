using System.Buffers.Binary;
using Softphone.Core;

namespace Softphone.Sip.Tests;

/// <summary>What stands for STUN here: an octet that says which, the id, and in the answer an IPv4 address.</summary>
internal sealed class PlainBinding : IBindingCodec
{
    private const int Request = 1 + IBindingCodec.IdLength;

    public int Write(Span<byte> buffer, ReadOnlySpan<byte> id)
    {
        buffer[0] = 0;
        id.CopyTo(buffer[1..]);
        return Request;
    }

    public bool TryRead(ReadOnlySpan<byte> datagram, Span<byte> id, out Address mapped)
    {
        mapped = default;
        if (datagram.Length != Request + 6 || datagram[0] != 1) return false;
        datagram[1..Request].CopyTo(id);
        mapped = new Address(IpAddress.FromBytes(datagram.Slice(Request, 4)), BinaryPrimitives.ReadUInt16BigEndian(datagram[(Request + 4)..]));
        return true;
    }

    public static bool IsRequest(byte[] octets) => octets.Length == Request && octets[0] == 0;

    public static byte[] Answer(byte[] request, Address mapped)
    {
        var answer = new byte[Request + 6];
        request.CopyTo(answer, 0);
        answer[0] = 1;
        mapped.Ip.WriteTo(answer.AsSpan(Request));
        BinaryPrimitives.WriteUInt16BigEndian(answer.AsSpan(Request + 4), mapped.Port);
        return answer;
    }
}
