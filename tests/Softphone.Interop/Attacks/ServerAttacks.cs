using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace Softphone.Interop;

/// <summary>`lab serve --public` relays for its own users only, never into its own machine or network, and takes no credentials twice.</summary>
internal static partial class ServerAttacks
{
    private const string World = "198.51.100.7";
    private const string Domain = "lab.test";

    private static readonly IPEndPoint Server = new(IPAddress.Parse("203.0.113.5"), 5060);

    public static void Run(AttackField field)
    {
        var variables = new Dictionary<string, string>(field.Variables()) { ["SOFTPHONE_LAB_PASSWORD"] = AttackField.Password };
        using var server = PhoneProcess.Here(variables, "lab", "serve", "--listen", $"{Server.Address}", "--domain", Domain, "--public", "--user", "alice", "--user", "bob", "--sips-port", "0", "--turns-port", "0");
        if (server.Wait("serve.ready", AttackField.Patience) is null)
        {
            field.Check(false, "the server comes up", server.Errors);
            return;
        }

        foreach (var place in (string[])["198.51.100.8", "127.0.0.1", "10.9.9.9", "203.0.113.5"]) Relays(field, place);
        Replays(field);
    }

    /// <summary>Every way to have the server send something to this address.</summary>
    private static void Relays(AttackField field, string place)
    {
        using var target = new Stranger(place, 7666);
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Parse(place), 7667));
        listener.Listen();
        using var stranger = new Stranger(World);
        var tagged = $"<sip:x@{target.Here}>;tag=made-up";
        Invite($"sip:x@{target.Here}", "<sip:a@nowhere.example>");
        Invite($"sip:x@{target.Here}", $"<sip:alice@{Domain}>", tagged);
        Invite("sip:x@192.0.2.1", "<sip:a@nowhere.example>", headers: $"Route: <sip:{target.Here};lr>\r\n");
        Invite($"sip:x@192.0.2.1", $"<sip:alice@{Domain}>", tagged, $"Route: <sip:{Server};lr>, <sip:{target.Here};lr>\r\n");
        Invite($"sip:x@{place}:7667;transport=tcp", "<sip:a@nowhere.example>");
        Invite($"sip:alice@{Domain};maddr={place}", "<sip:a@nowhere.example>", headers: $"Route: <sip:{Domain};maddr={place};lr>\r\n");
        field.Check(target.Take(TimeSpan.FromSeconds(2)) is null, $"nothing is relayed to {place}");
        field.Check(!listener.Poll(0, SelectMode.SelectRead), $"no connection is opened to {place}");

        void Invite(string uri, string from, string? to = null, string headers = "") => stranger.Send(
            $"INVITE {uri} SIP/2.0\r\nVia: SIP/2.0/UDP {stranger.Here};branch=z9hG4bK{Stranger.Unique("b")};rport\r\nMax-Forwards: 70\r\nFrom: {from};tag={Stranger.Unique("t")}\r\nTo: {to ?? $"<{uri}>"}\r\n" +
            $"Call-ID: {Stranger.Unique("c")}\r\nCSeq: 1 INVITE\r\nContact: <sip:a@{stranger.Here}>\r\n{headers}Content-Length: 0\r\n\r\n",
            Server);
    }

    /// <summary>An honest registration, and the same words from somebody else with another Contact.</summary>
    private static void Replays(AttackField field)
    {
        using var alice = new Stranger(World);
        using var thief = new Stranger("198.51.100.8");
        var asked = Register(alice, 1, "");
        var challenge = asked?.Headers("WWW-Authenticate").FirstOrDefault(h => !h.Contains("SHA-256", StringComparison.Ordinal)) ?? "";
        var nonce = Nonce().Match(challenge).Groups[1].Value;
        field.Check(asked?.Status == 401 && nonce.Length > 0, "a registration is asked for its password", $"{asked?.FirstLine}");
        var response = Hash($"{Hash($"alice:{Domain}:{AttackField.Password}")}:{nonce}:00000001:cc:auth:{Hash($"REGISTER:sip:{Domain}")}");
        var credentials = $"Authorization: Digest username=\"alice\", realm=\"{Domain}\", nonce=\"{nonce}\", uri=\"sip:{Domain}\", response=\"{response}\", algorithm=MD5, qop=auth, nc=00000001, cnonce=\"cc\"\r\n";
        var honest = Register(alice, 2, credentials);
        field.Check(honest?.Status == 200, "the honest one is taken", $"{honest?.FirstLine}");
        foreach (var where in (Stranger[])[thief, alice])
        {
            var again = Register(where, 3, credentials);
            field.Check(again?.Status is 401 or 403, $"the same credentials again from {where.Here.Address} are refused", $"{again?.FirstLine}");
        }
    }

    private static WireMessage? Register(Stranger from, int number, string credentials)
    {
        var call = Stranger.Unique("r");
        from.Send(
            $"REGISTER sip:{Domain} SIP/2.0\r\nVia: SIP/2.0/UDP {from.Here};branch=z9hG4bK{Stranger.Unique("b")};rport\r\nMax-Forwards: 70\r\nFrom: <sip:alice@{Domain}>;tag=1\r\nTo: <sip:alice@{Domain}>\r\n" +
            $"Call-ID: {call}\r\nCSeq: {number} REGISTER\r\nContact: <sip:alice@{from.Here}>\r\nExpires: 300\r\n{credentials}Content-Length: 0\r\n\r\n",
            Server);
        return from.Wait(TimeSpan.FromSeconds(5), m => m.Status >= 200 && m.Header("Call-ID") == call);
    }

    // The digest of RFC 7616 with MD5, as the attacker of a server that still takes it would make it.
#pragma warning disable CA5351
    private static string Hash(string text) => Convert.ToHexStringLower(MD5.HashData(Encoding.UTF8.GetBytes(text)));
#pragma warning restore CA5351

    [GeneratedRegex("nonce=\"([^\"]*)\"")]
    private static partial Regex Nonce();
}
