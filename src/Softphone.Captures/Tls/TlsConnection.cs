using System.Buffers.Binary;

namespace Softphone.Captures;

/// <summary>
/// One TLS connection between two addresses (RFC 8446, RFC 5246): who said hello, what was agreed on, and what both sent since. Nothing is checked but whether a record fits its keys: it is somebody
/// else's connection, and what a capture has of it.
/// </summary>
internal sealed class TlsConnection(KeyLog keys)
{
    private const int HeadOctets = 5;
    private const int LongestRecord = (1 << 14) + 2048;
    private const int RandomOctets = 32;
    private const byte ChangeCipherSpec = 20, Handshake = 22, ApplicationData = 23;

    /// <summary>The random octets of a ServerHello that asks for another ClientHello (RFC 8446 §4.1.3).</summary>
    private static readonly byte[] Retry = Convert.FromHexString("CF21AD74E59A6111BE1D8C021E65B891C2A211167ABB8C5E079E09E2C8A8339C");

    private readonly Half _client = new();
    private readonly Half _server = new();
    private byte[]? _clientRandom;
    private byte[]? _serverRandom;
    private TlsSuite? _suite;
    private bool _isNew;

    /// <summary>Something that was sent through it was read.</summary>
    public bool IsRead { get; private set; }

    /// <summary>Why what is sent is not read; null while nothing is known against it.</summary>
    public TlsFlaw? Flaw { get; private set; }

    /// <summary>Takes the next octets of one direction, and gives what was sent in them.</summary>
    public void Push(bool isClient, ReadOnlySpan<byte> octets, bool isAfterGap, List<byte[]> sent)
    {
        var half = isClient ? _client : _server;
        if (half.IsLost) return;
        if (isAfterGap && half.HasBegun)
        {
            Lose(half, TlsFlaw.Damaged);
            return;
        }

        half.HasBegun = true;
        half.Octets.AddRange(octets);
        var at = 0;
        var all = System.Runtime.InteropServices.CollectionsMarshal.AsSpan(half.Octets);
        while (!half.IsLost && all.Length - at >= HeadOctets)
        {
            var length = BinaryPrimitives.ReadUInt16BigEndian(all[(at + 3)..]);
            if (all[at] is < ChangeCipherSpec or > 24 || all[at + 1] != 3 || length > LongestRecord)
            {
                Lose(half, TlsFlaw.Damaged);
                break;
            }

            if (all.Length - at < HeadOctets + length) break;
            Take(half, isClient, all.Slice(at, HeadOctets + length), sent);
            at += HeadOctets + length;
        }

        if (half.IsLost) half.Octets.Clear();
        else if (at > 0) half.Octets.RemoveRange(0, at);
    }

    private void Take(Half half, bool isClient, ReadOnlySpan<byte> record, List<byte[]> sent)
    {
        switch (record[0])
        {
            case ChangeCipherSpec:
                // Of TLS 1.3 it means nothing (RFC 8446 §5).
                half.IsSealed = true;
                break;
            case Handshake when !half.IsSealed:
                Greet(isClient, record[HeadOctets..]);
                break;
            default:
                if (record[0] == ApplicationData && _serverRandom is null) Flaw ??= TlsFlaw.NoBeginning;
                if (record[0] == ApplicationData && _suite is not null && _isNew) half.IsSealed = true;
                if (half.IsSealed) Open(half, isClient, record, sent);
                break;
        }
    }

    /// <summary>The hellos, the first of their records.</summary>
    private void Greet(bool isClient, ReadOnlySpan<byte> message)
    {
        // Type, three octets of length, version, random, a session.
        if (message.Length < 4 + 2 + RandomOctets + 1 || message[0] != (isClient ? 1 : 2)) return;
        var random = message.Slice(6, RandomOctets);
        if (isClient)
        {
            _clientRandom = random.ToArray();
            return;
        }

        if (_serverRandom is not null || random.SequenceEqual(Retry)) return;
        var rest = message[(6 + RandomOctets)..];
        var session = rest[0];
        if (rest.Length < 1 + session + 3) return;
        rest = rest[(1 + session)..];
        _serverRandom = random.ToArray();
        _suite = TlsSuite.Of(BinaryPrimitives.ReadUInt16BigEndian(rest));
        _isNew = ChosenVersion(rest[3..]) == 0x0304;
        var version = BinaryPrimitives.ReadUInt16BigEndian(message[4..]);
        if (_suite is null || version != 0x0303) Flaw = TlsFlaw.Cipher;
    }

    /// <summary>The extension supported_versions of a ServerHello (RFC 8446 §4.2.1); 0 without.</summary>
    private static int ChosenVersion(ReadOnlySpan<byte> extensions)
    {
        for (extensions = extensions.Length < 2 ? [] : extensions[2..]; extensions.Length >= 4;)
        {
            var (type, length) = (BinaryPrimitives.ReadUInt16BigEndian(extensions), BinaryPrimitives.ReadUInt16BigEndian(extensions[2..]));
            if (length > extensions.Length - 4) return 0;
            if (type == 43 && length == 2) return BinaryPrimitives.ReadUInt16BigEndian(extensions[4..]);
            extensions = extensions[(4 + length)..];
        }

        return 0;
    }

    private void Open(Half half, bool isClient, ReadOnlySpan<byte> record, List<byte[]> sent)
    {
        if (Flaw == TlsFlaw.Cipher) return;
        if (_clientRandom is null || _serverRandom is null || _suite is not { } suite)
        {
            Flaw = TlsFlaw.NoBeginning;
            return;
        }

        if (half.Cipher is null && !TryKeys(half, suite, isClient))
        {
            Flaw = TlsFlaw.NoKeys;
            half.IsLost = true;
            return;
        }

        if (TryOpen(half, suite, isClient, record, out var plain))
        {
            var type = record[0];
            var length = plain.Length;
            if (_isNew)
            {
                // The type stands behind what was sent, and zeros may behind it (RFC 8446 §5.2).
                length = plain.AsSpan().LastIndexOfAnyExcept((byte)0);
                if (length < 0) return;
                type = plain[length];
            }

            if (type != ApplicationData || length == 0) return;
            IsRead = true;
            sent.Add(plain[..length]);
            return;
        }

        Lose(half, TlsFlaw.Damaged);
    }

    /// <summary>
    /// Records of TLS 1.3 do not show when the handshake is over, nor when keys change: what does not fit the keys in use is tried with those that would follow.
    /// </summary>
    private bool TryOpen(Half half, TlsSuite suite, bool isClient, ReadOnlySpan<byte> record, out byte[] plain)
    {
        if (half.Cipher!.TryOpen(record, out plain)) return true;
        if (!_isNew) return false;
        var next = half.IsTalking ? half.Cipher.Next() : Secret(isClient ? "CLIENT_TRAFFIC_SECRET_0" : "SERVER_TRAFFIC_SECRET_0") is { } secret ? TlsCipher.Of(suite, secret) : null;
        if (next is null || !next.TryOpen(record, out plain)) return false;
        (half.Cipher, half.IsTalking) = (next, true);
        return true;
    }

    private bool TryKeys(Half half, TlsSuite suite, bool isClient)
    {
        if (!_isNew)
        {
            half.Cipher = Secret("CLIENT_RANDOM") is { } master ? TlsCipher.Of(suite, master, _clientRandom, _serverRandom, isClient) : null;
            return half.Cipher is not null;
        }

        var hand = Secret(isClient ? "CLIENT_HANDSHAKE_TRAFFIC_SECRET" : "SERVER_HANDSHAKE_TRAFFIC_SECRET");
        half.Cipher = hand is null ? null : TlsCipher.Of(suite, hand);
        return half.Cipher is not null;
    }

    private byte[]? Secret(string label) => keys.Find(label, _clientRandom);

    private void Lose(Half half, TlsFlaw why)
    {
        half.IsLost = true;
        Flaw ??= why;
    }

    private sealed class Half
    {
        public List<byte> Octets { get; } = [];

        /// <summary>Octets of it were seen.</summary>
        public bool HasBegun { get; set; }

        /// <summary>What comes now is encrypted.</summary>
        public bool IsSealed { get; set; }

        /// <summary>The keys of the handshake are left.</summary>
        public bool IsTalking { get; set; }

        /// <summary>The rest cannot be read.</summary>
        public bool IsLost { get; set; }

        public TlsCipher? Cipher { get; set; }
    }
}
