using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Softphone.Media;

/// <summary>AES in Galois/counter mode (RFC 7714). The tag stands before the index word and the MKI.</summary>
internal sealed class GcmCipher : PacketCipher
{
    private const int NonceLength = 12;
    private const int RtcpHeader = 8;

    private readonly AesGcm _gcm;
    private readonly CounterMode _mode;
    private readonly byte[] _salt;
    private byte[] _sealed = new byte[2048];

    public GcmCipher(SrtpKey key, bool isRtcp)
        : this(
            key,
            isRtcp,
            KeyDerivation.Derive(key.Key, key.Salt, isRtcp ? KeyDerivation.Label.RtcpEncryption : KeyDerivation.Label.RtpEncryption, key.Suite.KeyLength),
            KeyDerivation.Derive(key.Key, key.Salt, isRtcp ? KeyDerivation.Label.RtcpSalt : KeyDerivation.Label.RtpSalt, key.Suite.SaltLength))
    {
    }

    /// <summary>With session keys that are given, as the examples of RFC 7714 §16 and §17 have them.</summary>
    internal GcmCipher(SrtpKey key, bool isRtcp, byte[] session, byte[] salt)
        : base(key, isRtcp)
    {
        _gcm = new AesGcm(session, key.Suite.TagLength);
        _mode = new CounterMode(session);
        _salt = salt;
        CryptographicOperations.ZeroMemory(session);
    }

    public override int WordAt(int length) => MkiAt(length) - WordLength;

    public override int MkiAt(int length) => length - Key.Mki.Length;

    public override void Seal(Span<byte> buffer, int header, int length, uint ssrc, ulong index, uint word)
    {
        Span<byte> nonce = stackalloc byte[16];
        Nonce(nonce, ssrc, index);
        Span<byte> associated = stackalloc byte[RtcpHeader + WordLength];
        var body = buffer[header..length];
        var tag = buffer.Slice(length, TagLength);
        _gcm.Encrypt(nonce[..NonceLength], body, body, tag, Associated(buffer[..header], word, associated));
        var end = length + TagLength;
        if (IsRtcp)
        {
            BinaryPrimitives.WriteUInt32BigEndian(buffer[end..], word);
            end += WordLength;
        }

        Key.Mki.CopyTo(buffer[end..]);
    }

    // AesGcm.Decrypt throws where the tag is wrong, which costs twenty times the packet and is for any stranger to ask for. So the octets
    // are decrypted by the counter mode that GCM is made of, and encrypted again for the tag that they should have had.
    public override bool TryOpen(Span<byte> packet, int header, uint ssrc, ulong index, uint word)
    {
        Span<byte> nonce = stackalloc byte[16];
        Nonce(nonce, ssrc, index);
        Span<byte> associated = stackalloc byte[RtcpHeader + WordLength];
        var body = packet[header..^Overhead];
        Span<byte> tag = stackalloc byte[16];
        if (_sealed.Length < body.Length) _sealed = new byte[body.Length];
        // The block that counts 1 is the tag's own (NIST SP 800-38D §7.1).
        _mode.Apply(nonce, 2, body);
        _gcm.Encrypt(nonce[..NonceLength], body, _sealed.AsSpan(0, body.Length), tag, Associated(packet[..header], word, associated));
        if (CryptographicOperations.FixedTimeEquals(tag, packet.Slice(packet.Length - Overhead, TagLength))) return true;
        _sealed.AsSpan(0, body.Length).CopyTo(body);
        return false;
    }

    public override void Dispose()
    {
        CryptographicOperations.ZeroMemory(_salt);
        _gcm.Dispose();
        _mode.Dispose();
    }

    // Of RTCP the index word is authenticated too, behind the header and not where it stands (RFC 7714 §9.2).
    private ReadOnlySpan<byte> Associated(ReadOnlySpan<byte> header, uint word, Span<byte> room)
    {
        if (!IsRtcp) return header;
        header.CopyTo(room);
        BinaryPrimitives.WriteUInt32BigEndian(room[header.Length..], word);
        return room[..(header.Length + WordLength)];
    }

    // (00 00 ‖ SSRC ‖ ROC ‖ SEQ) ⊕ salt, of RTCP (00 00 ‖ SSRC ‖ 00 00 ‖ index) ⊕ salt (RFC 7714 §8.1, §9.1).
    private void Nonce(Span<byte> nonce, uint ssrc, ulong index)
    {
        nonce.Clear();
        _salt.CopyTo(nonce);
        BinaryPrimitives.WriteUInt32BigEndian(nonce[2..], BinaryPrimitives.ReadUInt32BigEndian(nonce[2..]) ^ ssrc);
        BinaryPrimitives.WriteUInt16BigEndian(nonce[6..], (ushort)(BinaryPrimitives.ReadUInt16BigEndian(nonce[6..]) ^ (index >> 32)));
        BinaryPrimitives.WriteUInt32BigEndian(nonce[8..], BinaryPrimitives.ReadUInt32BigEndian(nonce[8..]) ^ (uint)index);
    }
}
