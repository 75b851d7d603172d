using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;

namespace Softphone.Interop;

/// <summary>STUN written by hand (RFC 8489 §5, §14), so that it can be wrong.</summary>
internal static class StunOctets
{
    private const uint Cookie = 0x2112A442;

    public static bool Is(byte[] message) => message.Length >= 20 && message[0] < 2 + 2 && BinaryPrimitives.ReadUInt32BigEndian(message.AsSpan(4)) == Cookie;

    public static int Type(byte[] message) => BinaryPrimitives.ReadUInt16BigEndian(message);

    /// <summary>The value of the first attribute of this type; null without one.</summary>
    public static byte[]? Attribute(byte[] message, int type)
    {
        for (var at = 20; at + 4 <= message.Length;)
        {
            var length = BinaryPrimitives.ReadUInt16BigEndian(message.AsSpan(at + 2));
            if (at + 4 + length > message.Length) return null;
            if (BinaryPrimitives.ReadUInt16BigEndian(message.AsSpan(at)) == type) return message[(at + 4)..(at + 4 + length)];
            at += 4 + (length + 3) / 4 * 4;
        }

        return null;
    }

    /// <summary>An answer to this request, signed when there is a key, with FINGERPRINT when wanted.</summary>
    public static byte[] Answer(byte[] request, int type, IEnumerable<(int Type, byte[] Value)> attributes, byte[]? key = null, bool hasFingerprint = false)
    {
        var body = new List<byte>();
        foreach (var (name, value) in attributes) Add(body, name, value);
        if (key is not null) Add(body, 0x0008, HMACSHA1.HashData(key, Whole(request, type, body, 24)));
        if (hasFingerprint)
        {
            var checksum = new byte[4];
            BinaryPrimitives.WriteUInt32BigEndian(checksum, Crc(Whole(request, type, body, 8)) ^ 0x5354554E);
            Add(body, 0x8028, checksum);
        }

        return Whole(request, type, body, 0);
    }

    public static byte[] Error(int code, string reason) => [0, 0, (byte)(code / 100), (byte)(code % 100), .. Encoding.UTF8.GetBytes(reason)];

    /// <summary>XOR-MAPPED-ADDRESS and its like.</summary>
    public static byte[] Address(IPEndPoint address)
    {
        var value = new byte[8];
        value[1] = (byte)(address.AddressFamily == AddressFamily.InterNetwork ? 1 : 2);
        BinaryPrimitives.WriteUInt16BigEndian(value.AsSpan(2), (ushort)(address.Port ^ (int)(Cookie >> 16)));
        BinaryPrimitives.WriteUInt32BigEndian(value.AsSpan(4), BinaryPrimitives.ReadUInt32BigEndian(address.Address.GetAddressBytes()) ^ Cookie);
        return value;
    }

    private static void Add(List<byte> body, int type, byte[] value)
    {
        body.AddRange([(byte)(type >> 8), (byte)type, (byte)(value.Length >> 8), (byte)value.Length, .. value]);
        while (body.Count % 4 != 0) body.Add(0);
    }

    /// <param name="request">Whose transaction it is.</param>
    /// <param name="type">The type of the answer.</param>
    /// <param name="body">What it has so far.</param>
    /// <param name="more">Octets that the length counts already.</param>
    private static byte[] Whole(byte[] request, int type, List<byte> body, int more)
    {
        var length = body.Count + more;
        return [(byte)(type >> 8), (byte)type, (byte)(length >> 8), (byte)length, .. request.AsSpan(4, 16), .. body];
    }

    private static uint Crc(byte[] octets)
    {
        var crc = uint.MaxValue;
        foreach (var octet in octets)
        {
            crc ^= octet;
            for (var i = 0; i < 8; i++) crc = (crc & 1) != 0 ? (crc >> 1) ^ 0xEDB88320 : crc >> 1;
        }

        return ~crc;
    }
}
