using System.Buffers.Binary;
using Softphone.Core;

namespace Softphone.Nat;

/// <summary>The attributes of a message, typed (RFC 8489 §14).</summary>
public readonly ref partial struct StunReader
{
    /// <summary>The value of the first visible attribute of the type, without its padding.</summary>
    public bool TryGet(ushort type, out ReadOnlySpan<byte> value)
    {
        switch (type)
        {
            case StunAttributeType.MessageIntegrity:
                return TryAt(_integrity, out value);
            case StunAttributeType.MessageIntegritySha256:
                return TryAt(_integritySha256, out value);
            case StunAttributeType.Fingerprint:
                return TryAt(_fingerprint, out value);
        }

        var end = BodyEnd;
        for (var at = StunHeader.Length; at < end;)
        {
            var head = BinaryPrimitives.ReadUInt32BigEndian(_message[at..]);
            var length = (int)(head & 0xFFFF);
            if (head >> 16 == type)
            {
                value = _message.Slice(at + 4, length);
                return true;
            }

            at += 4 + StunHeader.Padded(length);
        }

        value = default;
        return false;
    }

    public bool Has(ushort type) => TryGet(type, out _);

    /// <summary>
    /// An address attribute, XORed or plain as its type says. Its port may be 0. False when the attribute is absent, its family is
    /// unknown or its length is not that of the family.
    /// </summary>
    public bool TryGetAddress(ushort type, out Address address)
    {
        address = default;
        return TryGet(type, out var value) && TryReadAddress(type, value, out address);
    }

    /// <summary>Reads the value of one attribute of <see cref="Attributes"/>, such as the second XOR-PEER-ADDRESS, as an address.</summary>
    public bool TryReadAddress(ushort type, ReadOnlySpan<byte> value, out Address address)
    {
        address = default;
        var length = value.Length < 4 ? 0 : value[1] switch { 1 => 4, 2 => 16, _ => 0 };
        if (length == 0 || value.Length != 4 + length) return false;
        Span<byte> ip = stackalloc byte[16];
        ip = ip[..length];
        value[4..].CopyTo(ip);
        var port = BinaryPrimitives.ReadUInt16BigEndian(value[2..]);
        if (StunAttributeType.IsXored(type))
        {
            Span<byte> mask = stackalloc byte[16];
            BinaryPrimitives.WriteUInt32BigEndian(mask, StunHeader.Cookie);
            _message.Slice(8, TransactionId.Length).CopyTo(mask[4..]);
            for (var i = 0; i < length; i++) ip[i] ^= mask[i];
            port ^= (ushort)(StunHeader.Cookie >> 16);
        }

        address = new Address(IpAddress.FromBytes(ip), port);
        return true;
    }

    public bool TryGetUInt16(ushort type, out ushort value)
    {
        // CHANNEL-NUMBER and RESPONSE-PORT are 16 bits followed by 16 reserved ones (RFC 8656 §18.1, RFC 5780 §7.5).
        var found = TryGet(type, out var octets) && octets.Length is 2 or 4;
        value = found ? BinaryPrimitives.ReadUInt16BigEndian(octets) : (ushort)0;
        return found;
    }

    public bool TryGetUInt32(ushort type, out uint value)
    {
        var found = TryGet(type, out var octets) && octets.Length == 4;
        value = found ? BinaryPrimitives.ReadUInt32BigEndian(octets) : 0;
        return found;
    }

    public bool TryGetUInt64(ushort type, out ulong value)
    {
        var found = TryGet(type, out var octets) && octets.Length == 8;
        value = found ? BinaryPrimitives.ReadUInt64BigEndian(octets) : 0;
        return found;
    }

    /// <summary>ERROR-CODE: 300 to 699, with the reason in UTF-8 (RFC 8489 §14.8). False when absent or out of range.</summary>
    public bool TryGetErrorCode(out int code, out ReadOnlySpan<byte> reason)
    {
        code = 0;
        reason = default;
        if (!TryGet(StunAttributeType.ErrorCode, out var value) || value.Length is < 4 or > 4 + StunText.LongestText) return false;
        var hundreds = value[2] & 7;
        if (hundreds is < 3 or > 6 || value[3] > 99) return false;
        code = hundreds * 100 + value[3];
        reason = value[4..];
        return true;
    }

    /// <summary>USERNAME of at most 508 octets, in UTF-8 (RFC 8489 §14.3).</summary>
    public bool TryGetUsername(out ReadOnlySpan<byte> username) => TryGetText(StunAttributeType.Username, StunText.LongestUsername, out username);

    /// <summary>REALM of at most 763 octets (RFC 8489 §14.9).</summary>
    public bool TryGetRealm(out ReadOnlySpan<byte> realm) => TryGetText(StunAttributeType.Realm, StunText.LongestText, out realm);

    /// <summary>NONCE of at most 763 octets (RFC 8489 §14.10).</summary>
    public bool TryGetNonce(out ReadOnlySpan<byte> nonce) => TryGetText(StunAttributeType.Nonce, StunText.LongestText, out nonce);

    /// <summary>SOFTWARE of at most 763 octets (RFC 8489 §14.14).</summary>
    public bool TryGetSoftware(out ReadOnlySpan<byte> software) => TryGetText(StunAttributeType.Software, StunText.LongestText, out software);

    /// <summary>The USE-CANDIDATE flag of RFC 8445 §7.1.2.</summary>
    public bool UseCandidate => Has(StunAttributeType.UseCandidate);

    /// <summary>
    /// Collects, each once, the comprehension-required types that the usage does not understand (RFC 8489 §6.3.1): for
    /// UNKNOWN-ATTRIBUTES of a 420.
    /// </summary>
    /// <param name="understood">A list of <see cref="StunUnderstood"/>.</param>
    /// <param name="unknown">Room for the types; those that do not fit are left out.</param>
    /// <returns>How many were written; 0 when the message is understood.</returns>
    public int UnknownRequired(ReadOnlySpan<ushort> understood, Span<ushort> unknown)
    {
        var count = 0;
        foreach (var attribute in Attributes)
        {
            if (count == unknown.Length) break;
            if (StunAttributeType.IsRequired(attribute.Type) && !understood.Contains(attribute.Type) && !unknown[..count].Contains(attribute.Type))
                unknown[count++] = attribute.Type;
        }

        return count;
    }

    /// <summary>True when a comprehension-required attribute is there that the usage does not understand.</summary>
    public bool HasUnknownRequired(ReadOnlySpan<ushort> understood)
    {
        Span<ushort> one = stackalloc ushort[1];
        return UnknownRequired(understood, one) != 0;
    }

    private bool TryGetText(ushort type, int longest, out ReadOnlySpan<byte> value)
    {
        if (TryGet(type, out value) && value.Length <= longest) return true;
        value = default;
        return false;
    }

    private bool TryAt(int at, out ReadOnlySpan<byte> value)
    {
        value = at == 0 ? default : _message.Slice(at + 4, BinaryPrimitives.ReadUInt16BigEndian(_message[(at + 2)..]));
        return at != 0;
    }

    /// <summary>Walks the visible attributes; repeated types are all shown, in order.</summary>
    public ref struct AttributeEnumerator
    {
        private readonly StunReader _reader;
        private int _at;
        private int _next;

        internal AttributeEnumerator(StunReader reader)
        {
            _reader = reader;
            _next = StunHeader.Length;
        }

        public readonly StunAttribute Current
        {
            get
            {
                var head = BinaryPrimitives.ReadUInt32BigEndian(_reader._message[_at..]);
                return new StunAttribute((ushort)(head >> 16), _reader._message.Slice(_at + 4, (int)(head & 0xFFFF)));
            }
        }

        public readonly AttributeEnumerator GetEnumerator() => this;

        public bool MoveNext()
        {
            while (_next < _reader._message.Length)
            {
                _at = _next;
                _next += 4 + StunHeader.Padded(BinaryPrimitives.ReadUInt16BigEndian(_reader._message[(_at + 2)..]));
                if (_at < _reader.BodyEnd || _at == _reader._integrity || _at == _reader._integritySha256 || _at == _reader._fingerprint) return true;
            }

            return false;
        }
    }
}
