using System.Diagnostics;
using System.Net;
using System.Text;

namespace Softphone.Interop;

/// <summary>What a peer writes commands no terminal: neither on standard output or standard error, nor when a report is read later.</summary>
internal static class TextAttacks
{
    /// <summary>Title, clear screen, clipboard (OSC 52); C1 CSI; right-to-left override; backspaces.</summary>
    private const string Evil = "\x1b]0;PWNED\x07\x1b[2J\x1b]52;c;cm0gLXJmIH4=\x07\u009b2J\u202e\b\b";

    private static readonly IPEndPoint Server = new(IPAddress.Parse("127.0.0.95"), 7080), Listener = new(IPAddress.Parse("127.0.0.95"), 5060);

    public static void Run(AttackField field)
    {
        Called(field, "reason phrase", m => m.Response($"486 Busy{Evil}"));
        Called(field, "Warning", m => m.Response("488 Not Acceptable Here", $"Warning: 399 x \"a{Evil}b\"\r\n"));
        Called(field, "Reason and Server", m => m.Response("404 Not Found", $"Server: x{Evil}y\r\nReason: Q.850;cause=1;text=\"{Evil}\"\r\n"));
        Called(field, "realm", m => m.Response("401 Unauthorized", $"WWW-Authenticate: Digest realm=\"r{Evil}\", nonce=\"n\", algorithm=MD5\r\n"));
        Called(field, "address in SDP", m => m.Response("200 OK", Sdp, $"v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 1{Evil}\r\nt=0 0\r\nm=audio 9 RTP/AVP 0\r\n"));
        Called(field, "codec in SDP", m => m.Response("200 OK", Sdp, $"v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns={Evil}\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio 9 RTP/AVP 97\r\na=rtpmap:97 x{Evil}/8000\r\n"));
        Called(field, "redirect", m => m.Response("302 Moved", $"Contact: \"{Evil}\" <sip:x{Evil}@127.0.0.95>\r\n"));
        Calling(field);
    }

    private static string Sdp => $"Contact: <sip:x@{Server}>\r\nContent-Type: application/sdp\r\n";

    /// <summary>`call` to somebody who answers so.</summary>
    private static void Called(AttackField field, string name, Func<WireMessage, string> answer)
    {
        using var peer = new Stranger($"{Server.Address}", Server.Port);
        var report = Path.Combine(field.Folder, $"{name}.md");
        using var phone = Start(field, name, "call", $"sip:x@{Server}", "--nat", "none", "--audio", "null", "--ring-for", "5s", "--for", "1s", "--report", report);
        for (var clock = Stopwatch.StartNew(); !phone.HasExited && clock.Elapsed < AttackField.Patience;)
        {
            if (peer.Wait(TimeSpan.FromMilliseconds(100), m => m.Status == 0) is not { } request) continue;
            if (request.Method == "INVITE") peer.Send(answer(request), request.From);
            else if (request.Method == "BYE") peer.Send(request.Response("200 OK"), request.From);
        }

        Judge(field, name, phone, report);
    }

    /// <summary>Somebody who calls `answer`, by his name and by the reason of his BYE.</summary>
    private static void Calling(AttackField field)
    {
        const string name = "name and BYE of a caller";
        using var stranger = new Stranger("127.0.0.66");
        var report = Path.Combine(field.Folder, "answer.md");
        using var phone = Start(field, name, "answer", "--listen", $"{Listener}", "--nat", "none", "--audio", "null", "--once", "--report", report);
        StrangeCall call;
        var clock = Stopwatch.StartNew();
        do call = stranger.Invite(Listener, $"sip:me@{Listener}", from: $"\"D{Evil}N\" <sip:mallory@evil.example>", headers: $"Subject: {Evil}\r\nUser-Agent: {Evil}\r\n");
        while (call.Wait(TimeSpan.FromSeconds(1)) == 0 && clock.Elapsed < AttackField.Patience);
        field.Check(call.Status == 200, $"{name}: the call is taken", $"{call.Status}");
        call.Request("BYE", $"Reason: SIP;cause=200;text=\"R{Evil}S\"\r\n");
        Judge(field, name, phone, report);
    }

    private static Process Start(AttackField field, string name, params string[] arguments)
    {
        var words = string.Join(' ', new[] { Binary.Program }.Concat(Binary.FirstArguments).Concat(arguments).Select(a => $"'{a}'"));
        var start = new ProcessStartInfo("bash", ["-c", $"exec {words} > '{Output(field, name)}' 2>&1"]);
        foreach (var (key, value) in field.Variables()) start.Environment[key] = value;
        return Process.Start(start)!;
    }

    private static string Output(AttackField field, string name) => Path.Combine(field.Folder, $"{name}.out");

    private static void Judge(AttackField field, string name, Process phone, string report)
    {
        if (!phone.WaitForExit(AttackField.Patience))
        {
            phone.Kill();
            field.Check(false, $"{name}: the phone ends");
        }

        var shown = File.ReadAllText(Output(field, name), Encoding.UTF8);
        field.Check(shown.Length > 0 && Commands(shown) == "", $"{name}: nothing on the terminal commands it", $"{Commands(shown)} in {shown}");
        var kept = File.Exists(report) ? File.ReadAllText(report, Encoding.UTF8) : "";
        field.Check(kept.Length > 0 && Commands(kept) == "", $"{name}: nothing in the report does", Commands(kept));
        field.Check(kept.Contains("PWNED", StringComparison.Ordinal), $"{name}: the report shows what was sent, in words");
    }

    /// <summary>The characters that are more than text.</summary>
    private static string Commands(string text) =>
        string.Join(' ', text.Where(c => (char.IsControl(c) && c is not ('\n' or '\t')) || c is >= '\u202a' and <= '\u202e' or >= '\u2066' and <= '\u2069' or '\ufffd').Distinct().Select(c => $"U+{(int)c:X4}"));
}
