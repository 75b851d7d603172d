using System.Net;

namespace Softphone.Interop;

/// <summary>Descriptions with something wrong that does not matter: the call goes on with what can be read.</summary>
internal static class OddDescriptions
{
    private static readonly IPEndPoint Listener = new(IPAddress.Loopback, 5600);

    /// <summary>What is odd, the description with PORT for the port of audio, and what the answer must have in it.</summary>
    private static readonly IReadOnlyList<(string Name, string Description, string[] Answer)> OfOffers =
    [
        ("a refused line without formats", Plain("m=audio 0 RTP/AVP\r\nm=audio PORT RTP/AVP 0\r\n"), ["m=audio 0 "]),
        ("a video line without formats", Plain("m=audio PORT RTP/AVP 0\r\nm=video 0 RTP/AVP\r\n"), ["m=video 0 "]),
        ("a line of another kind in a form of its own", Plain("m=audio PORT RTP/AVP 8\r\nm=application 0 UDP/BFCP\r\n"), ["m=application 0 "]),
        ("an empty user in o=", Plain("m=audio PORT RTP/AVP 0\r\n").Replace("o=- 1 1", "o= 1467 1467", StringComparison.Ordinal), []),
        ("a space in the user of o=", Plain("m=audio PORT RTP/AVP 0\r\n").Replace("o=- 1 1", "o=my phone 7 7", StringComparison.Ordinal), []),
        ("a version of o= that is no number", Plain("m=audio PORT RTP/AVP 0\r\n").Replace("o=- 1 1", "o=- 1 1a", StringComparison.Ordinal), []),
        ("o= of five fields", Plain("m=audio PORT RTP/AVP 0\r\n").Replace("o=- 1 1 IN IP4 127.0.0.1", "o=- 1 1 IN IP4", StringComparison.Ordinal), []),
        ("c= with a field too many", Plain("m=audio PORT RTP/AVP 0\r\n").Replace("c=IN IP4 127.0.0.1", "c=IN IP4 127.0.0.1 x", StringComparison.Ordinal), []),
        ("a bandwidth that is no number", Plain("b=AS:many\r\nm=audio PORT RTP/AVP 0\r\n"), []),
        ("a line of a letter that SDP has not", Plain("y=0100000001\r\nm=audio PORT RTP/AVP 0\r\nf=v/////a/1/8/1\r\n"), []),
        ("a name in c=", Plain("m=audio PORT RTP/AVP 0\r\n").Replace("c=IN IP4 127.0.0.1", "c=IN IP4 localhost", StringComparison.Ordinal), []),
        ("opus without its channels", Plain("m=audio PORT RTP/AVP 102\r\na=rtpmap:102 opus/48000\r\n"), ["a=rtpmap:102 opus/48000/2"]),
        ("OPUS in capitals", Plain("m=audio PORT RTP/AVP 111\r\na=rtpmap:111 OPUS/48000/2\r\n"), ["a=rtpmap:111 "]),
        ("opus of one channel", Plain("m=audio PORT RTP/AVP 111\r\na=rtpmap:111 opus/48000/1\r\n"), ["a=rtpmap:111 "]),
        ("a payload type twice and one without a name", Plain("m=audio PORT RTP/AVP 120 0 0\r\n"), []),
    ];

    public static string Plain(string media) => $"v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\n{media}";

    public static void Offers(AttackField field)
    {
        using var phone = field.Listening(Listener);
        if (phone is null) return;
        foreach (var (name, description, needed) in OfOffers)
        {
            using var peer = new Stranger("127.0.0.1");
            using var audio = new Stranger("127.0.0.1");
            var call = new StrangeCall(peer, Listener, $"sip:me@{Listener}", "<sip:odd@127.0.0.1>", $"<sip:odd@{peer.Here}>");
            call.Invite("", description.Replace("PORT", $"{audio.Here.Port}", StringComparison.Ordinal));
            var status = call.Wait(AttackField.Patience);
            var body = call.Answer?.Body ?? "";
            if (!field.Check(status == 200 && needed.All(n => body.Contains(n, StringComparison.Ordinal)), $"offer with {name} is taken", $"{call.Answer?.FirstLine} {call.Answer?.Header("Warning")} {body}")) continue;
            // What is echoed shows that the address was understood.
            for (var i = 0; i < 25; i++)
            {
                audio.SendAudio(i, 0x1111, call.Answer!.Body.Split("\r\n").Where(l => l.StartsWith("m=audio ", StringComparison.Ordinal) && !l.StartsWith("m=audio 0 ", StringComparison.Ordinal))
                    .Select(l => new IPEndPoint(IPAddress.Loopback, int.Parse(l.Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture))).First());
                Thread.Sleep(20);
            }

            field.Check(audio.CountPackets() >= 10, $"offer with {name}: audio comes", "none came");
            call.Request("BYE");
        }

        // RFC 4475 §3.1.2.1: what can still be answered is.
        using var stranger = new Stranger("127.0.0.1");
        stranger.Send(
            $"INVITE sip:me@{Listener} SIP/2.0\r\nTo: sip:j.user@example.com\r\nFrom: sip:caller@example.net;tag=134161461246\r\nMax-Forwards: 7\r\nCall-ID: {Stranger.Unique("b")}\r\nCSeq: 8 INVITE\r\n" +
            "Via: SIP/2.0/UDP 192.0.2.15;;,;,,\r\nContact: \"Joe\" <sip:joe@example.org>;;;;\r\nContent-Length: 0\r\n\r\n",
            Listener);
        field.Check(stranger.Wait(TimeSpan.FromSeconds(5), m => m.Status == 400) is not null, "an INVITE whose Via cannot be read gets 400 where it came from");
    }

    public static void Answers(AttackField field)
    {
        (string Name, string Description)[] all =
        [
            ("opus without its channels", Plain("m=audio PORT RTP/AVP OPUS\r\na=rtpmap:OPUS opus/48000\r\n")),
            ("a second, refused line that nobody offered", Plain("m=audio PORT RTP/AVP 0\r\nm=video 0 RTP/AVP\r\n")),
            ("an empty user in o=", Plain("m=audio PORT RTP/AVP 0\r\n").Replace("o=- 1 1", "o= 1467 1467", StringComparison.Ordinal)),
            ("a name in c=", Plain("m=audio PORT RTP/AVP 8\r\n").Replace("c=IN IP4 127.0.0.1", "c=IN IP4 localhost", StringComparison.Ordinal)),
        ];
        foreach (var (name, description) in all)
        {
            using var peer = new OddAnswerer(field, "--nat", "none", "--for", "2s");
            var opus = peer.Invite?.Body.Split("\r\n").FirstOrDefault(l => l.StartsWith("a=rtpmap:", StringComparison.Ordinal) && l.Contains("opus/48000/2", StringComparison.Ordinal))?.Split(':', ' ')[1] ?? "107";
            peer.Answer(description.Replace("PORT", $"{peer.Audio.Here.Port}", StringComparison.Ordinal).Replace("OPUS", opus, StringComparison.Ordinal));
            Thread.Sleep(TimeSpan.FromSeconds(1));
            field.Check(peer.Audio.CountPackets() >= 20, $"answer with {name} is taken", peer.Phone.Errors);
            field.Check(peer.Next(TimeSpan.FromSeconds(5)) is { Method: "BYE" }, $"answer with {name}: ends with its own time");
            field.Check(peer.Phone.WaitForExit(TimeSpan.FromSeconds(10)) == 0, $"answer with {name}: exit code", peer.Phone.Errors);
        }

        Moved(field);
        BareRoutes(field);
    }

    /// <summary>183 and 200 of one dialog with two descriptions: the second one holds.</summary>
    private static void Moved(AttackField field)
    {
        using var peer = new OddAnswerer(field, "--nat", "none", "--for", "3s");
        using var early = new Stranger("127.0.0.1");
        peer.Answer(Plain($"m=audio {early.Here.Port} RTP/AVP 0\r\n"), status: "183 Session Progress");
        for (var i = 0; i < 20 && peer.Invite is not null; i++)
        {
            early.SendAudio(i, 1, peer.Invite.Audio);
            Thread.Sleep(20);
        }

        peer.Answer(Plain($"m=audio {peer.Audio.Here.Port} RTP/AVP 0\r\n"));
        early.CountPackets();
        for (var i = 0; i < 50 && peer.Invite is not null; i++)
        {
            peer.Audio.SendAudio(500 + i, 99, peer.Invite.Audio);
            Thread.Sleep(20);
        }

        var (there, before) = (peer.Audio.CountPackets(), early.CountPackets());
        field.Check(there >= 40 && before <= 5, "200 with another port than the 183: audio goes to the new one", $"{there} there, {before} to the old one");
    }

    /// <summary>RFC 3261 §20.30 has no form without angle brackets, so that parameters belong to the URI: both are loose routers.</summary>
    private static void BareRoutes(AttackField field)
    {
        using var peer = new OddAnswerer(field, "--nat", "none", "--for", "1s");
        var acknowledged = peer.Answer(
            Plain($"m=audio {peer.Audio.Here.Port} RTP/AVP 0\r\n"),
            $"Record-Route: sip:{peer.Here};transport=UDP;lr\r\nRecord-Route: sip:icscf@{peer.Here};lr;service=scscf\r\n");
        field.Check(
            acknowledged is { } ack && ack.FirstLine.StartsWith($"ACK sip:bob@{peer.Here}", StringComparison.Ordinal) && ack.Headers("Route").SelectMany(r => r.Split(',')).All(r => r.Contains(";lr", StringComparison.Ordinal) && r.TrimEnd().EndsWith('>')),
            "routes without brackets are loose",
            acknowledged?.Text ?? "no ACK");
    }
}
