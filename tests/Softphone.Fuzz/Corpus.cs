using System.Text;

namespace Softphone.Fuzz;

/// <summary>Sound inputs to begin from: what is written here, what the repository ships, and the suites beside it where they are.</summary>
internal static class Corpus
{
    private const string Sdp = """
        v=0
        o=alice 2890844526 2890844526 IN IP4 198.51.100.1
        s=-
        c=IN IP4 198.51.100.1
        t=0 0
        a=ice-ufrag:8hhY
        a=ice-pwd:asd88fgpdd777uzjYhagZg
        a=ice-options:ice2,trickle
        m=audio 49170 RTP/AVP 96 9 0 8 101
        a=rtpmap:96 opus/48000/2
        a=fmtp:96 useinbandfec=1;minptime=10;maxaveragebitrate=32000
        a=rtpmap:101 telephone-event/8000
        a=fmtp:101 0-15
        a=ptime:20
        a=rtcp:49171
        a=rtcp-mux
        a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:d0RmdmcmVCspeEc3QGZiNWpVLFJhQX1cfHAwJSoj|2^20|1:32
        a=fingerprint:sha-256 19:E2:1C:3B:4B:9F:81:E6:B8:5C:F4:A5:A8:D8:73:04:BB:05:2F:70:9F:04:A9:0E:05:E9:26:33:E8:70:88:A2
        a=candidate:1 1 UDP 2130706431 198.51.100.1 49170 typ host
        a=candidate:1 2 UDP 2130706430 198.51.100.1 49171 typ host
        a=candidate:2 1 UDP 1694498815 203.0.113.101 40000 typ srflx raddr 10.0.1.2 rport 49170
        a=candidate:3 1 TCP 1015021823 2001:db8::1 9 typ host tcptype active
        a=end-of-candidates
        a=sendrecv

        """;

    public static IReadOnlyList<byte[]> Sdps { get; } = [Crlf(Sdp), Crlf("v=0\no=- 1 1 IN IP6 ::1\ns= \nc=IN IP6 ::1\nt=0 0\nm=audio 5000 RTP/SAVP 0 8\na=inactive\nm=video 0 RTP/AVP 31\n")];

    public static IReadOnlyList<byte[]> SipMessages { get; } =
    [
        Crlf("INVITE sip:bob@198.51.100.2;transport=tcp SIP/2.0\nVia: SIP/2.0/UDP 198.51.100.1:5060;branch=z9hG4bKabc;rport\nRecord-Route: <sip:203.0.113.5;lr>, <sip:[2001:db8::5]:5061;transport=tls;lr>\nMax-Forwards: 70\n"
            + "From: \"Alice\" <sip:alice@lab.test>;tag=1\nTo: <sip:bob@lab.test>\nCall-ID: c1@198.51.100.1\nCSeq: 1 INVITE\nContact: <sip:alice@198.51.100.1:5060>;expires=300;+sip.instance=\"<urn:uuid:0>\"\n"
            + "Supported: replaces, timer, path\nSession-Expires: 1800;refresher=uac\nMin-SE: 90\nAllow: INVITE, ACK, BYE\nExpires: 120\nReplaces: x@y;to-tag=a;from-tag=b\nReferred-By: <sip:c@d>\nP-Asserted-Identity: <tel:+1>\n"
            + $"Content-Type: application/sdp\nContent-Length: {Sdps[0].Length}\n\n{Encoding.Latin1.GetString(Sdps[0]).ReplaceLineEndings("\n")}"),
        Crlf("SIP/2.0 401 Unauthorized\nv: SIP/2.0/TCP [2001:db8::1]:5060;branch=z9hG4bKabc;received=192.0.2.1;rport=5\nf: <sip:a@b>;tag=1\nt: <sip:a@b>;tag=2\ni: c2\nCSeq: 2 REGISTER\n"
            + "WWW-Authenticate: Digest realm=\"lab.test\", nonce=\"abc\", opaque=\"x\", algorithm=SHA-256, qop=\"auth,auth-int\", stale=true\nWarning: 399 host \"text\"\nRetry-After: 5 (busy);duration=3\nl: 0\n\n"),
        Crlf("REFER sip:bob@198.51.100.2 SIP/2.0\nVia: SIP/2.0/TLS a.b.c;branch=z9hG4bK1;maddr=224.0.1.75;ttl=1\n ,SIP/2.0/UDP d;branch=z9hG4bK2\nFrom: sip:a@b;tag=1\nTo: sip:b@c;tag=9\nCall-ID: 1\nCSeq: 4294967295 REFER\n"
            + "Refer-To: <sip:c@d?Replaces=x%3Bto-tag%3Dy%3Bfrom-tag%3Dz>\nAuthorization: Digest username=\"a\", realm=\"r\", nonce=\"n\", uri=\"sip:a\", response=\"00\", nc=00000001, cnonce=\"c\", qop=auth\nContent-Length: 0\n\n"),
        Crlf("SIP/2.0 183 Session Progress\nVia: SIP/2.0/UDP 198.51.100.1:5060;branch=z9hG4bKabc;rport=5060\nFrom: <sip:a@b>;tag=1\nTo: <sip:b@c>;tag=2\nCall-ID: c3\nCSeq: 1 INVITE\nContact: <sip:b@198.51.100.2>\n"
            + "Require: 100rel\nRSeq: 776656\nReason: SIP;cause=486;text=\"Busy Here\"\nContent-Length: 0\n\n"),
        Crlf("PRACK sip:b@198.51.100.2 SIP/2.0\nVia: SIP/2.0/UDP 198.51.100.1:5060;branch=z9hG4bKdef;rport\nMax-Forwards: 70\nFrom: <sip:a@b>;tag=1\nTo: <sip:b@c>;tag=2\nCall-ID: c3\nCSeq: 2 PRACK\nRAck: 776656 1 INVITE\nContent-Length: 0\n\n"),
        .. Suite("rfc4475", "*.dat"),
    ];

    public static IReadOnlyList<byte[]> Texts { get; } =
    [
        .. new[]
        {
            "sip:alice:pw@[2001:db8::1]:5061;transport=tls;lr?Subject=x&Replaces=y", "\"A \\\"q\\\" B\" <sips:b@c;x=%41>;tag=1;q=0.5", "SIP/2.0/UDP host:5060;branch=z9hG4bK;received=1.2.3.4;rport", "314159 INVITE",
            "Digest realm=\"a\\\"b\", nonce=\"n\", qop=\"auth\", algorithm=MD5-sess", "c@h;to-tag=1;from-tag=2;early-only", "1 1 UDP 2130706431 198.51.100.1 49170 typ host generation 0", "1 AES_CM_128_HMAC_SHA1_80 inline:AAAA|2^31|1:4 KDR=1",
            "sha-256 00:11:22", "[2001:db8::1%2]:5060", "turns:t.example.net:443?transport=tcp", "1h30m", "answered<5s", "10.0.0.0/8", "+49 (30) 123-45#67", "Messages-Waiting: yes\r\nVoice-Message: 2/8 (0/2)\r\n",
            "SIP/2.0 180 Ringing\r\n", "Signal=5\r\nDuration=160\r\n", "a=ice-ufrag:x\r\na=ice-pwd:y\r\nm=audio 9 RTP/AVP 0\r\na=mid:0\r\na=candidate:1 1 UDP 1 1.2.3.4 5 typ host\r\n", "425/1000,0/4000", "776656 1 INVITE",
        }.Select(Encoding.UTF8.GetBytes),
    ];

    /// <summary>Keys, escape sequences, mouse, paste.</summary>
    public static IReadOnlyList<byte[]> Keys { get; } =
        [.. new[] { "abc\u001b[A\u001b[1;5C\u001bOP", "\u001b[200~pasted\u001b[201~", "\u001b[<0;10;20M\u001b[<0;10;20m", "\u001b[97;5u\u001b[I\u001b[O\u001b]11;rgb:0/0/0\u001b\\", "äöü漢字🙂\u007f\u0003\r" }.Select(Encoding.UTF8.GetBytes)];

    public static IReadOnlyList<byte[]> DnsMessages { get; } =
    [
        Convert.FromHexString("1234818000010002000000000473697070036C616204746573740000210001C00C002100010000003C000E000A000A13C40373697003617062C01AC00C000100010000003C0004CB007105"),
        Convert.FromHexString("000084000000000100000000046E616D65056C6F63616C00001C0001000000780010FE800000000000000000000000000001"),
        Convert.FromHexString("4321858300010000000100000473697070036C616204746573740000230001C011000600010000003C0020036E7331C0110461646D696EC01100000001000003E8000003E8000003E80000003C"),
    ];

    public static IReadOnlyList<byte[]> Stun { get; } =
    [
        // RFC 5769 §2.1 to §2.3: a check, its answers over IPv4 and IPv6.
        Convert.FromHexString("000100582112A442B7E7A701BC34D686FA87DFAE802200105354554E207465737420636C69656E74002400046E0001FF80290008932FF9B151263B36000600096576746A3A68367659202020000800149AEAA70CBFD8CB56781EF2B5B2D3F249C1B571A280280004E57A3BCF"),
        Convert.FromHexString("0101003C2112A442B7E7A701BC34D686FA87DFAE8022000B7465737420766563746F7220002000080001A147E112A643000800142B91F599FD9E90C38C7489F92AF9BA53F06BE7D780280004C07D4C96"),
        Convert.FromHexString("010100482112A442B7E7A701BC34D686FA87DFAE8022000B7465737420766563746F7220002000140002A1470113A9FAA5D3F179BC25F4B5BED2B9D900080014A382954E4BE67BF11784C97C8292C275BFE3ED4180280004C8FB0B4C"),
        // An Allocate with what TURN adds, unsigned.
        Convert.FromHexString("000300142112A442000102030405060708090A0B00190004110000000017000401000000000D000400000258"),
        // ChannelData.
        Convert.FromHexString("40010004DEADBEEF"),
    ];

    public static IReadOnlyList<byte[]> Rtp { get; } =
    [
        [0x80, 0x60, 0, 1, 0, 0, 3, 0xC0, 1, 2, 3, 4, .. new byte[60]],
        [0x80, 0x00, 0, 2, 0, 0, 7, 0x80, 1, 2, 3, 4, .. new byte[160]],
        [0x80, 0x65, 0, 3, 0, 0, 3, 0xC0, 1, 2, 3, 4, 5, 0x8A, 3, 0x20],
        [0xB2, 0x60, 0, 4, 0, 0, 3, 0xC0, 1, 2, 3, 4, 0, 0, 0, 1, 0, 0, 0, 2, 0xBE, 0xDE, 0, 1, 0x10, 1, 0, 0, 0xFC, 1, 2, 3, 0, 0, 0, 4],
        // SR with a report block and SDES, RR, BYE with a reason.
        Convert.FromHexString("81C8000C01020304E00000008000000000001000000000100000100005060708000000010000000200000003000000040000000581CA0003010203040103616263000000"),
        Convert.FromHexString("81C90007010203040A0B0C0D00000005000000010000000A0000000B0000000C"),
        Convert.FromHexString("81CB00020102030403627965"),
    ];

    public static IReadOnlyList<byte[]> Wavs { get; } = [Wav(1, 16, 1), Wav(3, 32, 2), Wav(6, 8, 1), .. Shipped("sounds", "*.wav").Select(w => w.AsSpan(0, Math.Min(w.Length, 4000)).ToArray())];

    public static IReadOnlyList<byte[]> Profiles { get; } = [.. Shipped("profiles", "*.yaml"), Encoding.UTF8.GetBytes("account:\n  uri: sip:a@b\nnat:\n  mode: ice\n")];

    public static IReadOnlyList<byte[]> Scenarios { get; } = [.. Shipped("tests/Softphone.Scenarios/Yaml", "*.yaml"), Encoding.UTF8.GetBytes("name: x\nphones: [alice, bob]\nsteps:\n  - at: 1s\n    call: alice bob\n")];

    private static byte[] Crlf(string text) => Encoding.UTF8.GetBytes(text.ReplaceLineEndings("\r\n"));

    private static byte[] Wav(short tag, short bits, short channels)
    {
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        writer.Write("RIFF"u8);
        writer.Write(36 + 400);
        writer.Write("WAVEfmt "u8);
        writer.Write(16);
        writer.Write(tag);
        writer.Write(channels);
        writer.Write(48_000);
        writer.Write(48_000 * channels * bits / 8);
        writer.Write((short)(channels * bits / 8));
        writer.Write(bits);
        writer.Write("data"u8);
        writer.Write(400);
        writer.Write(new byte[400]);
        return stream.ToArray();
    }

    private static IEnumerable<byte[]> Shipped(string folder, string pattern) => Files(folder, pattern);

    private static IEnumerable<byte[]> Suite(string name, string pattern) => Files(Path.Combine("..", "shared", "suites", name), pattern);

    /// <summary>Files under a folder of the repository, wherever the program was started from; none where there is no such folder.</summary>
    private static IEnumerable<byte[]> Files(string folder, string pattern)
    {
        for (var at = new DirectoryInfo(AppContext.BaseDirectory); at is not null; at = at.Parent)
        {
            if (!File.Exists(Path.Combine(at.FullName, "Softphone.sln"))) continue;
            var path = Path.Combine(at.FullName, folder);
            return Directory.Exists(path) ? [.. Directory.EnumerateFiles(path, pattern, SearchOption.AllDirectories).Order(StringComparer.Ordinal).Select(File.ReadAllBytes).Where(f => f.Length is > 0 and < 20_000)] : [];
        }

        return [];
    }
}
