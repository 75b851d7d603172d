using System.Buffers.Binary;
using System.Text;
using Softphone.Core;

namespace Softphone.Nat;

/// <summary>
/// Writes a STUN message into the caller's buffer, attribute by attribute in the order of the calls (RFC 8489 §5, §14). The header
/// counts what has been written at every moment, so <see cref="Written"/> is a whole message after each call. A buffer that is too
/// small, or a text that is too long, is the caller's fault and throws <see cref="ArgumentException"/>.
/// </summary>
public ref struct StunWriter
{
    private readonly Span<byte> _buffer;
    private int _length;

    public StunWriter(Span<byte> buffer, StunClass @class, StunMethod method, TransactionId id)
        : this(buffer, @class, method, id, StunHeader.Cookie)
    {
    }

    private StunWriter(Span<byte> buffer, StunClass @class, StunMethod method, TransactionId id, uint cookie)
    {
        if (buffer.Length < StunHeader.Length) throw new ArgumentException("no room for a STUN header", nameof(buffer));
        _buffer = buffer;
        _length = StunHeader.Length;
        BinaryPrimitives.WriteUInt16BigEndian(buffer, StunHeader.Type(@class, method));
        BinaryPrimitives.WriteUInt16BigEndian(buffer[2..], 0);
        BinaryPrimitives.WriteUInt32BigEndian(buffer[4..], cookie);
        id.WriteTo(buffer[8..]);
    }

    /// <summary>Octets written so far.</summary>
    public readonly int Length => _length;

    /// <summary>The message as it stands.</summary>
    public readonly ReadOnlySpan<byte> Written => _buffer[.._length];

    /// <summary>A response in the dialect of the request: its method, its transaction id, and its cookie or the lack of one.</summary>
    public static StunWriter Reply(Span<byte> buffer, in StunReader request, StunClass @class) =>
        new(buffer, @class, request.Method, request.TransactionId, request.Cookie);

    /// <summary>A message of RFC 3489, whose transaction id is 128 bits: the cookie's place and the usual 96.</summary>
    public static StunWriter Classic(Span<byte> buffer, StunClass @class, StunMethod method, TransactionId id, uint cookie) =>
        new(buffer, @class, method, id, cookie);

    /// <summary>An attribute of any type; padded with zeros to a multiple of four.</summary>
    public void Add(ushort type, scoped ReadOnlySpan<byte> value) => value.CopyTo(Reserve(type, value.Length));

    /// <summary>A flag: an attribute without a value.</summary>
    public void AddFlag(ushort type) => Reserve(type, 0);

    /// <summary>Text in UTF-8.</summary>
    public void AddString(ushort type, scoped ReadOnlySpan<char> text) => Encoding.UTF8.GetBytes(text, Reserve(type, Encoding.UTF8.GetByteCount(text)));

    public void AddUInt32(ushort type, uint value) => BinaryPrimitives.WriteUInt32BigEndian(Reserve(type, 4), value);

    public void AddUInt64(ushort type, ulong value) => BinaryPrimitives.WriteUInt64BigEndian(Reserve(type, 8), value);

    /// <summary>16 bits followed by 16 reserved ones: CHANNEL-NUMBER, RESPONSE-PORT.</summary>
    public void AddUInt16(ushort type, ushort value) => AddUInt32(type, (uint)value << 16);

    /// <summary>8 bits followed by 24 reserved ones: REQUESTED-TRANSPORT, REQUESTED-ADDRESS-FAMILY.</summary>
    public void AddUInt8(ushort type, byte value) => AddUInt32(type, (uint)value << 24);

    /// <summary>An address, XORed or plain as its type says (RFC 8489 §14.1, §14.2). A zone is never written.</summary>
    public void AddAddress(ushort type, Address address)
    {
        var value = Reserve(type, address.Ip.IsV4 ? 8 : 20);
        value[0] = 0;
        value[1] = address.Ip.IsV4 ? (byte)1 : (byte)2;
        BinaryPrimitives.WriteUInt16BigEndian(value[2..], address.Port);
        address.Ip.WriteTo(value[4..]);
        if (!StunAttributeType.IsXored(type)) return;
        value[2] ^= 0x21;
        value[3] ^= 0x12;
        Span<byte> mask = stackalloc byte[16];
        BinaryPrimitives.WriteUInt32BigEndian(mask, StunHeader.Cookie);
        _buffer.Slice(8, TransactionId.Length).CopyTo(mask[4..]);
        for (var i = 4; i < value.Length; i++) value[i] ^= mask[i - 4];
    }

    /// <summary>ERROR-CODE with a reason of at most 763 octets, which may be empty (RFC 8489 §14.8).</summary>
    public void AddErrorCode(int code, scoped ReadOnlySpan<char> reason = default)
    {
        if (code is < 300 or > 699) throw new ArgumentOutOfRangeException(nameof(code), code, "an error code is 300 to 699");
        var length = Encoding.UTF8.GetByteCount(reason);
        if (length > StunText.LongestText) throw new ArgumentException("the reason is too long", nameof(reason));
        var value = Reserve(StunAttributeType.ErrorCode, 4 + length);
        value[0] = value[1] = 0;
        value[2] = (byte)(code / 100);
        value[3] = (byte)(code % 100);
        Encoding.UTF8.GetBytes(reason, value[4..]);
    }

    /// <summary>TRANSACTION_TRANSMIT_COUNTER of a request's first sending (RFC 7982 §3.1).</summary>
    /// <returns>Where in the message the counter stands, for <see cref="StunTransactions.TryStart"/>.</returns>
    public int AddTransmitCounter()
    {
        AddUInt32(StunAttributeType.TransactionTransmitCounter, 0x0100);
        return _length - 2;
    }

    /// <summary>UNKNOWN-ATTRIBUTES of a 420 (RFC 8489 §14.13).</summary>
    public void AddUnknownAttributes(scoped ReadOnlySpan<ushort> types)
    {
        var value = Reserve(StunAttributeType.UnknownAttributes, types.Length * 2);
        for (var i = 0; i < types.Length; i++) BinaryPrimitives.WriteUInt16BigEndian(value[(2 * i)..], types[i]);
    }

    /// <summary>MESSAGE-INTEGRITY over all that has been written (RFC 8489 §14.5).</summary>
    public void AddIntegrity(IntegrityKey key) => Sign(key, StunAttributeType.MessageIntegrity, StunHeader.Sha1Length);

    /// <summary>MESSAGE-INTEGRITY-SHA256, always whole, over all that has been written (RFC 8489 §14.6).</summary>
    public void AddIntegritySha256(IntegrityKey key) => Sign(key, StunAttributeType.MessageIntegritySha256, StunHeader.Sha256Length);

    /// <summary>FINGERPRINT, which must be the last attribute (RFC 8489 §14.7).</summary>
    public void AddFingerprint()
    {
        var end = _length;
        var value = Reserve(StunAttributeType.Fingerprint, 4);
        BinaryPrimitives.WriteUInt32BigEndian(value, Crc32.Of(_buffer[..end]) ^ StunHeader.FingerprintMask);
    }

    private void Sign(IntegrityKey key, ushort type, int length)
    {
        var end = _length;
        var value = Reserve(type, length);
        key.Sign(_buffer[..end], value);
    }

    private Span<byte> Reserve(ushort type, int length)
    {
        if (length > StunText.LongestOf(type)) throw new ArgumentException($"attribute {type:x4} is too long: {length}");
        var next = _length + 4 + StunHeader.Padded(length);
        if (next > _buffer.Length || next - StunHeader.Length > ushort.MaxValue) throw new ArgumentException("the message does not fit the buffer");
        BinaryPrimitives.WriteUInt16BigEndian(_buffer[_length..], type);
        BinaryPrimitives.WriteUInt16BigEndian(_buffer[(_length + 2)..], (ushort)length);
        var value = _buffer.Slice(_length + 4, length);
        _buffer[(_length + 4 + length)..next].Clear();
        _length = next;
        BinaryPrimitives.WriteUInt16BigEndian(_buffer[2..], (ushort)(next - StunHeader.Length));
        return value;
    }
}
