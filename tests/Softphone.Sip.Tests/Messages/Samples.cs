using System.Text;

namespace Softphone.Sip.Tests;

/// <summary>Messages for tests, written with \n and sent with CRLF.</summary>
internal static class Samples
{
    public const string Invite = """
        INVITE sip:bob@biloxi.example.com SIP/2.0
        Via: SIP/2.0/UDP pc33.atlanta.example.com:5066;branch=z9hG4bK776asdhds;rport
        Max-Forwards: 70
        To: "Bob \"B\" Müller" <sip:bob@biloxi.example.com>
        From: Alice <sip:alice@atlanta.example.com>;tag=1928301774
        Call-ID: a84b4c76e66710@pc33.atlanta.example.com
        CSeq: 314159 INVITE
        Record-Route: <sip:p2.example.com;lr>, <sip:p1.example.com;lr>
        Record-Route: <sip:p0.example.com>
        Contact: <sip:alice@pc33.atlanta.example.com;transport=udp>
        X-Custom:   kept  as it is
        Content-Type: application/sdp
        Content-Length: 7

        v=0
        s=
        """;

    public const string Ok = """
        SIP/2.0 200 OK
        v: SIP/2.0/UDP pc33.atlanta.example.com;branch=z9hG4bK776asdhds;received=192.0.2.1;rport=5066
        t: <sip:bob@biloxi.example.com>;tag=a6c85cf
        f: Alice <sip:alice@atlanta.example.com>;tag=1928301774
        i: a84b4c76e66710@pc33.atlanta.example.com
        CSeq: 314159
         INVITE
        m: <sip:bob@192.0.2.4>
        l: 0


        """;

    public static byte[] Octets(string text) => Encoding.UTF8.GetBytes(text.ReplaceLineEndings("\r\n"));

    public static SipMessage Parse(string text) => Parse(Octets(text));

    public static SipMessage Parse(byte[] octets)
    {
        Assert.True(SipParser.TryParse(octets, out var message, out var error), error.ToString());
        return message;
    }

    public static SipRequest Request(string text) => Assert.IsType<SipRequest>(Parse(text));

    /// <summary>A sound request with one line replaced or, when there is none of that name, added.</summary>
    public static SipRequest With(string header, string? value, string method = "INVITE")
    {
        var lines = Invite.ReplaceLineEndings("\n").Split('\n').ToList();
        lines[0] = lines[0].Replace("INVITE", method, StringComparison.Ordinal);
        for (var i = 0; i < lines.Count; i++)
            if (lines[i].StartsWith("CSeq", StringComparison.Ordinal)) lines[i] = $"CSeq: 314159 {method}";
        lines.RemoveAll(line => line.StartsWith(header + ":", StringComparison.OrdinalIgnoreCase));
        if (value is not null) lines.Insert(1, $"{header}: {value}");
        return Request(string.Join("\n", lines));
    }
}
