using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace Softphone.Sockets;

/// <summary>
/// Turns a native socket address into an <see cref="Address"/> and back without allocating. The port, the IP address and the zone
/// stand at the same offsets on Linux, macOS and Windows; only the family word differs, and the constructor wrote that one.
/// </summary>
internal static class SocketAddresses
{
    public const int V4Size = 16;
    public const int V6Size = 28;

    public static SocketAddress For(AddressFamily family) => new(family, SocketAddress.GetMaximumAddressSize(family));

    public static void Write(this SocketAddress native, in Address address)
    {
        var bytes = native.Buffer.Span;
        BinaryPrimitives.WriteUInt16BigEndian(bytes[2..], address.Port);
        if (address.Ip.IsV4)
        {
            address.Ip.WriteTo(bytes[4..]);
            return;
        }

        bytes[4..8].Clear();
        address.Ip.WriteTo(bytes[8..]);
        WriteNative(bytes[24..], address.Ip.Scope);
    }

    public static Address Read(this SocketAddress native) => Read(native.Buffer.Span, native.Family == AddressFamily.InterNetworkV6);

    public static Address Read(ReadOnlySpan<byte> bytes, bool isV6)
    {
        var port = BinaryPrimitives.ReadUInt16BigEndian(bytes[2..]);
        return isV6
            ? new Address(IpAddress.FromBytes(bytes[8..24], BitConverter.ToUInt32(bytes[24..28])), port)
            : new Address(IpAddress.FromBytes(bytes[4..8]), port);
    }

    public static AddressFamily FamilyOf(IpAddress address) =>
        address.IsV6 ? AddressFamily.InterNetworkV6 : AddressFamily.InterNetwork;

    public static IPEndPoint ToEndPoint(this Address address) => new(address.Ip.ToIPAddress(), address.Port);

    public static Address ToAddress(this EndPoint? endPoint) =>
        endPoint is IPEndPoint ip ? new Address(IpAddress.From(ip.Address), (ushort)ip.Port) : default;

    private static void WriteNative(Span<byte> bytes, uint value) => BitConverter.TryWriteBytes(bytes, value);
}
