using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Softphone.Media;

/// <summary>AES in counter mode with HMAC-SHA1 (RFC 3711 §4.1.1, §4.2.1, RFC 6188). The MKI stands before the tag.</summary>
internal sealed class CounterCipher : PacketCipher
{
    private const int HashLength = 20;

    private readonly CounterMode _mode;
    private readonly byte[] _salt;
    private readonly HMACSHA1 _hmac;

    public CounterCipher(SrtpKey key, bool isRtcp)
        : base(key, isRtcp)
    {
        var session = KeyDerivation.Derive(key.Key, key.Salt, isRtcp ? KeyDerivation.Label.RtcpEncryption : KeyDerivation.Label.RtpEncryption, key.Suite.KeyLength);
        var authentication = KeyDerivation.Derive(
            key.Key, key.Salt, isRtcp ? KeyDerivation.Label.RtcpAuthentication : KeyDerivation.Label.RtpAuthentication, KeyDerivation.AuthenticationKey);
        _salt = KeyDerivation.Derive(key.Key, key.Salt, isRtcp ? KeyDerivation.Label.RtcpSalt : KeyDerivation.Label.RtpSalt, key.Suite.SaltLength);
        _mode = new CounterMode(session);
        // SHA-1 is the suite's (RFC 3711 §4.2.1); as the core of an HMAC it is not broken.
#pragma warning disable CA5350
        _hmac = new HMACSHA1(authentication);
#pragma warning restore CA5350
        CryptographicOperations.ZeroMemory(session);
        CryptographicOperations.ZeroMemory(authentication);
    }

    public override int WordAt(int length) => MkiAt(length) - WordLength;

    public override int MkiAt(int length) => length - TagLength - Key.Mki.Length;

    public override void Seal(Span<byte> buffer, int header, int length, uint ssrc, ulong index, uint word)
    {
        Crypt(buffer[header..length], ssrc, index);
        Span<byte> tag = stackalloc byte[HashLength];
        Hash(buffer[..(length + WordLength)], word, tag);
        var end = IsRtcp ? length + WordLength : length;
        Key.Mki.CopyTo(buffer[end..]);
        tag[..TagLength].CopyTo(buffer[(end + Key.Mki.Length)..]);
    }

    public override bool TryOpen(Span<byte> packet, int header, uint ssrc, ulong index, uint word)
    {
        var body = packet.Length - Overhead;
        Span<byte> came = stackalloc byte[TagLength];
        packet[^TagLength..].CopyTo(came);
        // The word is hashed where it would stand, over what stands there: the octets of RTP's tag or MKI are put back.
        var place = packet.Slice(body, WordLength);
        var kept = BinaryPrimitives.ReadUInt32BigEndian(place);
        Span<byte> tag = stackalloc byte[HashLength];
        Hash(packet[..(body + WordLength)], word, tag);
        BinaryPrimitives.WriteUInt32BigEndian(place, kept);
        if (!CryptographicOperations.FixedTimeEquals(tag[..TagLength], came)) return false;
        Crypt(packet[header..body], ssrc, index);
        return true;
    }

    public override void Dispose()
    {
        CryptographicOperations.ZeroMemory(_salt);
        _mode.Dispose();
        _hmac.Dispose();
    }

    private void Hash(Span<byte> authenticated, uint word, Span<byte> tag)
    {
        BinaryPrimitives.WriteUInt32BigEndian(authenticated[^WordLength..], word);
        _hmac.TryComputeHash(authenticated, tag, out _);
    }

    // salt · 2^16 ⊕ SSRC · 2^64 ⊕ index · 2^16 (RFC 3711 §4.1.1).
    private void Crypt(Span<byte> data, uint ssrc, ulong index)
    {
        Span<byte> start = stackalloc byte[16];
        start[14] = start[15] = 0;
        _salt.CopyTo(start);
        BinaryPrimitives.WriteUInt32BigEndian(start[4..], BinaryPrimitives.ReadUInt32BigEndian(start[4..]) ^ ssrc);
        BinaryPrimitives.WriteUInt64BigEndian(start[8..], BinaryPrimitives.ReadUInt64BigEndian(start[8..]) ^ (index << 16));
        _mode.Apply(start, 0, data);
    }
}
