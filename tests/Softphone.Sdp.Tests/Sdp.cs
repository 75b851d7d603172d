using Softphone.Core;
using Softphone.Sdp;

namespace Softphone.Sdp.Tests;

/// <summary>Descriptions that the tests start from.</summary>
internal static class Sdp
{
    /// <summary>The shape of a browser's offer.</summary>
    public const string Chrome =
        "v=0\r\no=- 4611731400430051336 2 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\na=group:BUNDLE 0\r\na=msid-semantic: WMS\r\n" +
        "m=audio 54400 UDP/TLS/RTP/SAVPF 111 9 0 8 110\r\nc=IN IP4 203.0.113.141\r\na=rtcp:9 IN IP4 0.0.0.0\r\n" +
        "a=candidate:1467250027 1 udp 2122260223 192.168.0.196 46243 typ host generation 0 network-id 1\r\n" +
        "a=candidate:435653019 1 tcp 1845501695 192.168.0.196 9 typ host tcptype active generation 0\r\n" +
        "a=candidate:1853887674 1 udp 1518280447 203.0.113.141 54400 typ srflx raddr 192.168.0.196 rport 46243 generation 0\r\n" +
        "a=ice-ufrag:Oyef7uvBlwafI3hT\r\na=ice-pwd:T0teqPLNQQOf+5W+ls+P2p16\r\na=ice-options:trickle\r\n" +
        "a=fingerprint:sha-256 49:66:12:17:0D:1C:91:AE:57:4C:C6:36:DD:D5:97:D2:7D:62:C9:9A:7F:B9:A3:F4:70:03:E7:43:91:73:23:5E\r\n" +
        "a=setup:actpass\r\na=mid:0\r\na=sendrecv\r\na=rtcp-mux\r\na=rtpmap:111 opus/48000/2\r\na=fmtp:111 minptime=10;useinbandfec=1\r\n" +
        "a=rtpmap:9 G722/8000\r\na=rtpmap:0 PCMU/8000\r\na=rtpmap:8 PCMA/8000\r\na=rtpmap:110 telephone-event/48000\r\n";

    /// <summary>The shape of a PBX's offer with SDES inside RTP/AVP.</summary>
    public const string Asterisk =
        "v=0\r\no=- 1545997027 1545997027 IN IP4 198.51.100.4\r\ns=Asterisk\r\nc=IN IP4 198.51.100.4\r\nt=0 0\r\n" +
        "m=audio 12874 RTP/AVP 107 9 8 0 101\r\na=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:WVNfX19zZW1jdGwgKCkgewkyMjA7fQp9CnVubGVz|2^20|1:4\r\n" +
        "a=ice-ufrag:7f9a1b\r\na=ice-pwd:6a1f3c0e44f1c2aa0b7d5f1e\r\na=candidate:Hc0a80004 1 UDP 2130706431 198.51.100.4 12874 typ host\r\n" +
        "a=candidate:Hc0a80004 2 UDP 2130706430 198.51.100.4 12875 typ host\r\na=rtpmap:107 opus/48000/2\r\na=fmtp:107 useinbandfec=0\r\n" +
        "a=rtpmap:9 G722/8000\r\na=rtpmap:8 PCMA/8000\r\na=rtpmap:0 PCMU/8000\r\na=rtpmap:101 telephone-event/8000\r\na=fmtp:101 0-16\r\n" +
        "a=ptime:20\r\na=maxptime:150\r\na=sendrecv\r\n";

    /// <summary>A description with the usual head and these lines below it; c= is 192.0.2.1.</summary>
    public static SessionDescription Parse(string rest)
    {
        var text = rest.StartsWith("v=", StringComparison.Ordinal) ? rest : $"v=0\r\no=- 7 1 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\n{rest}";
        Assert.True(SessionDescription.TryParse(text, out var description, out var error), error.ToString());
        return description;
    }
}

/// <summary>What our side can do.</summary>
internal static class Local
{
    public const string Key = "inline:MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5";
    public const string PeerKey = "inline:OTg3NjU0MzIxMDk4NzY1NDMyMTA5ODc2NTQzMjEw";

    public static MediaCapabilities Basic() => new() { Codecs = SdpCodec.All, Rtp = Address.Parse("10.0.0.5:40000") };

    public static MediaCapabilities WithIce(int components = 2)
    {
        var candidates = new List<SdpCandidate>();
        for (var component = 1; component <= components; component++)
        {
            candidates.Add(new("h1", component, "UDP", 2130706432u - (uint)component, Address.Parse($"10.0.0.5:{39_999 + component}"), SdpCandidateType.Host));
            candidates.Add(new("s1", component, "UDP", 1694498816u - (uint)component, Address.Parse($"203.0.113.9:{49_999 + component}"), SdpCandidateType.Srflx)
            {
                Related = Address.Parse($"10.0.0.5:{39_999 + component}"),
            });
        }

        return Basic() with
        {
            Rtp = Address.Parse("203.0.113.9:50000"),
            Rtcp = Address.Parse("203.0.113.9:50001"),
            Ice = new SdpIce { Ufrag = "uFrG", Password = "0123456789abcdefghijkl", Candidates = candidates, Pacing = 20 },
        };
    }

    public static MediaCapabilities WithKeys(SrtpPolicy policy) => Basic() with
    {
        Srtp = policy,
        Crypto = [new(1, "AES_CM_128_HMAC_SHA1_80", Key), new(2, "AES_CM_128_HMAC_SHA1_32", Key)],
    };
}
