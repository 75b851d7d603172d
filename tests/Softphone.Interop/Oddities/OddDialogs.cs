using System.Net;

namespace Softphone.Interop;

/// <summary>Requests within a call as other programs send them.</summary>
internal static class OddDialogs
{
    private static readonly IPEndPoint Listener = new(IPAddress.Loopback, 5600);

    public static void Run(AttackField field)
    {
        using var phone = field.Listening(Listener);
        if (phone is null) return;
        using (var peer = new Stranger("127.0.0.1"))
        {
            var call = peer.Invite(Listener, $"sip:me@{Listener}");
            call.Wait(AttackField.Patience);
            call.Again("Content-Type: application/sdp\r\n", Stranger.Description(peer.Here));
            field.Check(call.Wait(TimeSpan.FromSeconds(5)) == 200, "a re-INVITE without Contact", call.Answer?.FirstLine ?? "no answer");
            call.Again($"Contact: <sip:odd@{peer.Here}>\r\n", "");
            field.Check(call.Wait(TimeSpan.FromSeconds(5)) == 200 && call.Answer!.Body.Contains("m=audio", StringComparison.Ordinal), "a re-INVITE without an offer", call.Answer?.FirstLine ?? "no answer");
            field.Check(peer.Wait(TimeSpan.FromSeconds(3), m => m.Status == 0 && m.Method == "BYE") is null, "an ACK that answers no offer leaves the call as it was", "BYE");
            call.Request("BYE");
            field.Check(peer.Wait(TimeSpan.FromSeconds(5), m => m.Method == "BYE") is { Status: 200 }, "and it can be hung up");
        }

        Expires(field);
        Silent(field);
        Retransmission(field);
    }

    /// <summary>RFC 3261 §13.3.1: an INVITE that lasts two seconds, at a phone that rings for four.</summary>
    private static void Expires(AttackField field)
    {
        var address = new IPEndPoint(IPAddress.Loopback, 5601);
        using var phone = field.Listening(address, "--ring", "4s");
        if (phone is null) return;
        using var peer = new Stranger("127.0.0.1");
        field.Check(peer.Invite(address, $"sip:me@{address}", headers: "Expires: 2\r\n").Wait(TimeSpan.FromSeconds(6)) == 487, "Expires of an INVITE is obeyed");
    }

    /// <summary>A peer without ICE that says nothing, which no RFC forbids, while a session timer watches.</summary>
    private static void Silent(AttackField field)
    {
        using var peer = new OddAnswerer(field, "--nat", "none");
        peer.Answer(OddDescriptions.Plain($"m=audio {peer.Audio.Here.Port} RTP/AVP 0\r\n"), "Session-Expires: 90;refresher=uac\r\nRequire: timer\r\n");
        var next = peer.Next(TimeSpan.FromSeconds(50));
        field.Check(next is { Method: "UPDATE" } || next is null, "a silent peer stays up until the session is refreshed", next?.FirstLine ?? "");
    }

    /// <summary>RFC 3261 §17.1.1.2: half a second after it was sent, not after it was thought of.</summary>
    private static void Retransmission(AttackField field)
    {
        foreach (var verb in (string[])["call", "options"])
        {
            using var nobody = new Stranger("127.0.0.1");
            using var phone = PhoneProcess.Here(field.Variables(), verb == "call" ? ["call", $"sip:u@{nobody.Here}", "--audio", "null", "--nat", "none"] : ["options", $"sip:u@{nobody.Here}"]);
            if (nobody.Wait(AttackField.Patience, m => m.Status == 0) is not { } first) continue;
            var clock = System.Diagnostics.Stopwatch.StartNew();
            nobody.Wait(TimeSpan.FromSeconds(5), m => m.FirstLine == first.FirstLine);
            field.Check(clock.ElapsedMilliseconds is >= 480 and < 1500, $"`{verb}` sends again after 500 ms", $"{clock.ElapsedMilliseconds} ms");
        }
    }
}
