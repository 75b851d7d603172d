using System.Buffers.Binary;
using Softphone.Core;

namespace Softphone.Nat;

/// <summary>
/// A received STUN message, read in place (RFC 8489 §5, §14). <see cref="TryParse"/> checks the whole structure once; afterwards no
/// getter can read outside of the message. Only attributes that a receiver may look at are visible: the first of each type, and
/// behind the integrity attributes nothing but the other integrity attribute and FINGERPRINT.
/// </summary>
public readonly ref partial struct StunReader
{
    private readonly ReadOnlySpan<byte> _message;
    private readonly ushort _type;
    private readonly int _integrity;
    private readonly int _integritySha256;
    private readonly int _fingerprint;

    private StunReader(ReadOnlySpan<byte> message, int integrity, int integritySha256, int fingerprint)
    {
        _message = message;
        _type = BinaryPrimitives.ReadUInt16BigEndian(message);
        _integrity = integrity;
        _integritySha256 = integritySha256;
        _fingerprint = fingerprint;
    }

    public StunClass Class => StunHeader.ClassOf(_type);

    public StunMethod Method => StunHeader.MethodOf(_type);

    public TransactionId TransactionId => TransactionId.FromBytes(_message[8..]);

    /// <summary>0x2112A442; in the dialect of RFC 3489 the first four octets of its longer transaction id.</summary>
    public uint Cookie => BinaryPrimitives.ReadUInt32BigEndian(_message[4..]);

    /// <summary>True for a message of the dialect of RFC 3489, without the magic cookie.</summary>
    public bool IsClassic => Cookie != StunHeader.Cookie;

    /// <summary>The whole message.</summary>
    public ReadOnlySpan<byte> Message => _message;

    /// <summary>The visible attributes in their order.</summary>
    public AttributeEnumerator Attributes => new(this);

    private int BodyEnd => _integrity > 0 ? _integrity : _integritySha256 > 0 ? _integritySha256 : _fingerprint > 0 ? _fingerprint : _message.Length;

    /// <summary>Reads a message that carries the magic cookie; anything else is not STUN.</summary>
    public static bool TryParse(ReadOnlySpan<byte> message, out StunReader reader, out ParseError error)
    {
        if (TryHeader(message, out error) && BinaryPrimitives.ReadUInt32BigEndian(message[4..]) != StunHeader.Cookie)
            error = new ParseError("no magic cookie", 4);
        return Walk(message, error, out reader, out error);
    }

    /// <summary>Reads a message of either dialect: with the magic cookie, or of RFC 3489 with a 128-bit transaction id.</summary>
    public static bool TryParseClassic(ReadOnlySpan<byte> message, out StunReader reader, out ParseError error)
    {
        TryHeader(message, out error);
        return Walk(message, error, out reader, out error);
    }

    private static bool TryHeader(ReadOnlySpan<byte> message, out ParseError error)
    {
        error = default;
        if (message.Length < StunHeader.Length) error = new ParseError("shorter than a STUN header", message.Length);
        else if (message[0] > 0x3F) error = new ParseError("the top two bits are not zero", 0);
        else if (BinaryPrimitives.ReadUInt16BigEndian(message[2..]) is var length && (length & 3) != 0)
            error = new ParseError("the length is not a multiple of four", 2);
        else if (length != message.Length - StunHeader.Length) error = new ParseError("the length is not that of the message", 2);
        return error.What is null;
    }

    private static bool Walk(ReadOnlySpan<byte> message, ParseError found, out StunReader reader, out ParseError error)
    {
        reader = default;
        error = found;
        if (found.What is not null) return false;
        int at = StunHeader.Length, integrity = 0, integritySha256 = 0, fingerprint = 0;
        while (at < message.Length)
        {
            // The message ends on a multiple of four and so does every attribute: four octets are always left here.
            var head = BinaryPrimitives.ReadUInt32BigEndian(message[at..]);
            var next = at + 4 + StunHeader.Padded((int)(head & 0xFFFF));
            if (next > message.Length) return Refuse("an attribute runs past the end", at, out error);
            if (fingerprint != 0) return Refuse("an attribute follows FINGERPRINT", at, out error);
            switch (head >> 16)
            {
                case StunAttributeType.MessageIntegrity when integrity == 0 && integritySha256 == 0:
                    if ((head & 0xFFFF) != StunHeader.Sha1Length) return Refuse("MESSAGE-INTEGRITY is not 20 octets", at, out error);
                    integrity = at;
                    break;
                case StunAttributeType.MessageIntegritySha256 when integritySha256 == 0:
                    if ((head & 0xFFFF) is not (>= 16 and <= 32) || (head & 3) != 0)
                        return Refuse("MESSAGE-INTEGRITY-SHA256 is not 16 to 32 octets", at, out error);
                    integritySha256 = at;
                    break;
                case StunAttributeType.Fingerprint:
                    if ((head & 0xFFFF) != 4) return Refuse("FINGERPRINT is not 4 octets", at, out error);
                    fingerprint = at;
                    break;
            }

            at = next;
        }

        reader = new StunReader(message, integrity, integritySha256, fingerprint);
        return true;
    }

    private static bool Refuse(string what, int at, out ParseError error)
    {
        error = new ParseError(what, at);
        return false;
    }
}
