using System.Diagnostics;
using System.Net;
using System.Text;

namespace Softphone.Interop;

/// <summary>ICE with something wrong in it: used where it can be, and told for what it is where it cannot.</summary>
internal static class OddIce
{
    private const string Password = "skgrbt8d6881dsdi6k498ooc";

    private static readonly IPEndPoint Listener = new(IPAddress.Loopback, 5602);

    public static void Run(AttackField field)
    {
        using (var phone = PhoneProcess.Here(field.Variables(), ["answer", "--listen", $"{Listener}", "--echo", "--audio", "null", "--nat", "auto"]))
        {
            if (!AttackField.Answers(Listener)) field.Check(false, "the phone comes up", phone.Errors);
            Credentials(field, phone, "a fragment of three characters", "7ia", Password, ["ice-ufrag", "3", "4"]);
            Credentials(field, phone, "no password", "abcd", null, ["ice-pwd"]);
            Credentials(field, phone, "a password with padding", "abcd", "MTIzNDU2Nzg5MDEyMzQ1Ng==", null);
            Credentials(field, phone, "a password of 21 characters", "abcd", "skgrbt8d6881dsdi6k498", null);
            Credentials(field, phone, "a password with dashes", "ab-d", "skgrbt8d-6881_dsdi6k498o", null);
            Trickle(field);
        }

        Integrity(field);
    }

    private static string Candidate(IPEndPoint address) => $"a=candidate:1 1 udp 2130706431 127.0.0.1 {address.Port} typ host\r\n";

    /// <summary>Words that the explanation must have where ICE cannot be used; null where it must be.</summary>
    private static void Credentials(AttackField field, PhoneProcess phone, string name, string fragment, string? password, string[]? told)
    {
        using var peer = new Stranger("127.0.0.1");
        using var audio = new Stranger("127.0.0.1");
        var call = new StrangeCall(peer, Listener, $"sip:me@{Listener}", "<sip:odd@127.0.0.1>", $"<sip:odd@{peer.Here}>");
        var before = phone.All("explain").Count;
        call.Invite("", OddDescriptions.Plain(
            $"m=audio {audio.Here.Port} RTP/AVP 0\r\na=ice-lite\r\na=ice-ufrag:{fragment}\r\n{(password is null ? "" : $"a=ice-pwd:{password}\r\n")}a=rtcp-mux\r\n{Candidate(audio.Here)}"));
        if (!field.Check(call.Wait(AttackField.Patience) == 200, $"{name}: the call is taken", call.Answer?.FirstLine ?? "no answer")) return;
        var isChecked = Checks(audio, TimeSpan.FromSeconds(told is null ? 5 : 1));
        field.Check(isChecked == told is null, told is null ? $"{name}: ICE goes on" : $"{name}: plain RTP", call.Answer!.Body);
        call.Request("BYE");
        if (told is null) return;
        for (var i = 0; i < 60 && phone.All("explain").Count == before; i++) Thread.Sleep(50);
        var words = string.Concat(phone.All("explain").Skip(before).Select(e => e.Text("text")));
        field.Check(told.All(t => words.Contains(t, StringComparison.OrdinalIgnoreCase)) && !words.Contains("offered no ICE", StringComparison.Ordinal), $"{name}: told", words);
    }

    /// <summary>A Binding request comes in this time.</summary>
    private static bool Checks(Stranger audio, TimeSpan limit)
    {
        for (var clock = Stopwatch.StartNew(); clock.Elapsed < limit;)
            if (audio.Take(limit - clock.Elapsed is var left && left > TimeSpan.Zero ? left : TimeSpan.Zero) is { } came && StunOctets.Is(came.Octets) && StunOctets.Type(came.Octets) == 1) return true;
        return false;
    }

    /// <summary>A peer that trickles and says so with a comma; or by nothing but its INFO.</summary>
    private static void Trickle(AttackField field)
    {
        foreach (var options in (string[])["a=ice-options:ice2,trickle\r\n", "a=ice-options:ice2, trickle\r\n", ""])
        {
            using var peer = new Stranger("127.0.0.1");
            using var audio = new Stranger("127.0.0.1");
            var call = new StrangeCall(peer, Listener, $"sip:me@{Listener}", "<sip:odd@127.0.0.1>", $"<sip:odd@{peer.Here}>");
            call.Invite(
                "Supported: trickle-ice\r\nRecv-Info: trickle-ice\r\n",
                OddDescriptions.Plain($"m=audio 9 RTP/AVP 0\r\na=ice-ufrag:abcd\r\na=ice-pwd:{Password}\r\na=mid:1\r\na=rtcp-mux\r\n{options}").Replace("c=IN IP4 127.0.0.1", "c=IN IP4 0.0.0.0", StringComparison.Ordinal));
            field.Check(call.Wait(AttackField.Patience) == 200, "an offer that trickles is taken", call.Answer?.FirstLine ?? "no answer");
            call.Request("INFO", "Info-Package: trickle-ice\r\nContent-Disposition: Info-Package\r\nContent-Type: application/trickle-ice-sdpfrag\r\n",
                $"a=ice-pwd:{Password}\r\na=ice-ufrag:abcd\r\nm=audio 9 RTP/AVP 0\r\na=mid:1\r\n{Candidate(audio.Here)}a=end-of-candidates\r\n");
            field.Check(Checks(audio, TimeSpan.FromSeconds(5)), $"a candidate by INFO is checked, with {(options.Length > 0 ? options.Trim() : "no ice-options")}");
            call.Request("BYE");
        }
    }

    /// <summary>Each answer is signed with another password than the description names.</summary>
    private static void Integrity(AttackField field)
    {
        using var peer = new OddAnswerer(field, "--nat", "auto", "--for", "60s");
        peer.Answer(OddDescriptions.Plain($"m=audio {peer.Audio.Here.Port} RTP/AVP 0\r\na=ice-ufrag:abcd\r\na=ice-pwd:{Password}\r\na=rtcp-mux\r\n{Candidate(peer.Audio.Here)}"));
        for (var clock = Stopwatch.StartNew(); clock.Elapsed < TimeSpan.FromSeconds(55) && peer.Phone.All("call.end").Count == 0;)
        {
            if (peer.Audio.Take(TimeSpan.FromMilliseconds(200)) is not { } came || !StunOctets.Is(came.Octets) || StunOctets.Type(came.Octets) != 1) continue;
            peer.Audio.Send(StunOctets.Answer(came.Octets, 0x0101, [(0x0020, StunOctets.Address(came.From))], Encoding.ASCII.GetBytes("some other password 1234"), hasFingerprint: true), came.From);
        }

        peer.Phone.WaitForExit(TimeSpan.FromSeconds(5));
        var words = string.Concat(peer.Phone.All("explain").Select(e => e.Text("text"))) + peer.Phone.Errors;
        field.Check(words.Contains("integrity", StringComparison.Ordinal) && !words.Contains("configure a TURN server", StringComparison.Ordinal), "answers whose integrity is wrong are told as such", words);
    }
}
