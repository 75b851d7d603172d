using System.Text;

namespace Softphone.Interop;

/// <summary>Messages of strangers as octets, made once; each time only a number in them is another.</summary>
/// <param name="method">INVITE or OPTIONS.</param>
/// <param name="padding">Octets of headers that mean nothing.</param>
internal sealed class SipText(string method, int padding)
{
    private const string Number = "00000000";

    public static SipText Invite => new("INVITE", 0);

    public static SipText Options => new("OPTIONS", 0);

    public static SipText LargeOptions => new("OPTIONS", 56_000);

    /// <summary>The message of one who sends from here, and where in it the number stands.</summary>
    public (byte[] Octets, int[] Numbers) From(string address, int port, string transport = "UDP")
    {
        var sdp = method == "INVITE" ? $"v=0\r\no=- 1 1 IN IP4 {address}\r\ns=-\r\nc=IN IP4 {address}\r\nt=0 0\r\nm=audio {port} RTP/AVP 0 8\r\n" : "";
        var text = new StringBuilder()
            .Append($"{method} sip:echo@{HonestCaller.Phone} SIP/2.0\r\nVia: SIP/2.0/{transport} {address}:{port};branch=z9hG4bK{port}{Number};rport\r\nMax-Forwards: 70\r\n")
            .Append($"From: <sip:caller@{address}>;tag=t{Number}\r\nTo: <sip:echo@{HonestCaller.Phone}>\r\nCall-ID: {address}{Number}\r\nCSeq: 1 {method}\r\n")
            .Append($"Contact: <sip:caller@{address}:{port}{(transport == "TCP" ? ";transport=tcp" : "")}>\r\n");
        for (var left = padding; left > 0; left -= 8000) text.Append($"X-{left}: {new string('a', Math.Min(left, 8000) - 12)}\r\n");
        text.Append(sdp.Length > 0 ? "Content-Type: application/sdp\r\n" : "").Append($"Content-Length: {sdp.Length}\r\n\r\n{sdp}");
        var whole = text.ToString();
        var numbers = new List<int>();
        for (var at = whole.IndexOf(Number, StringComparison.Ordinal); at >= 0; at = whole.IndexOf(Number, at + 1, StringComparison.Ordinal)) numbers.Add(at);
        return (Encoding.ASCII.GetBytes(whole), [.. numbers]);
    }

    public static void Stamp(byte[] octets, int[] numbers, int number)
    {
        foreach (var at in numbers)
        {
            var rest = number;
            for (var i = Number.Length - 1; i >= 0; i--, rest /= 10) octets[at + i] = (byte)('0' + rest % 10);
        }
    }
}
