using System.Diagnostics;
using System.Net;

namespace Softphone.Interop;

/// <summary>Whoever is no server of the account gets no proof of its password, and makes nothing ring.</summary>
internal static class CredentialAttacks
{
    private static readonly IPEndPoint Server = new(IPAddress.Parse("127.0.0.90"), 7060);

    /// <summary>Where the stranger would have our requests go; {0} is his address with port.</summary>
    private static readonly IReadOnlyList<(string Name, string Contact, string? Route)> Places =
    [
        ("his own address as Contact", "sip:x@{0}", null),
        ("maddr in Contact", "sip:x@pbx.example.test:7066;maddr=127.0.0.66", null),
        ("maddr in Record-Route", "sip:x@{0}", "sip:pbx.example.test:7066;lr;maddr=127.0.0.66"),
        ("the server's address with maddr", "sip:x@127.0.0.90:7060;maddr=127.0.0.66", null),
        ("a host below the domain with maddr", "sip:x@a.pbx.example.test:7066;transport=udp;maddr=127.0.0.66", null),
        ("himself behind a Record-Route of the domain's name in the user part", "sip:pbx.example.test@{0}", "sip:pbx.example.test@127.0.0.66:7066;lr"),
        ("the server as Record-Route, whose 401 may be his", "sip:x@{0}", "sip:127.0.0.90:7060;lr"),
        ("another port of the server's host", "sip:x@127.0.0.90:7066", null),
    ];

    /// <summary>The phone takes calls of anyone, and says BYE after a second; whatever comes to the stranger is asked for the password.</summary>
    public static void Run(AttackField field)
    {
        using var server = new FakeRegistrar($"{Server.Address}", Server.Port);
        using var phone = PhoneProcess.Here(field.Variables(), "answer", "--profile", field.Profile(Server, "anyone"), "--for", "1s");
        if (server.Phone(AttackField.Patience) is not { } there)
        {
            field.Check(false, "the phone registers", phone.Errors);
            return;
        }

        using var stranger = new Stranger("127.0.0.66", 7066);
        using var neighbour = new Stranger($"{Server.Address}", 7066);
        foreach (var (name, contact, route) in Places)
        {
            var before = server.Requests.Count;
            var where = contact.Replace("{0}", $"{stranger.Here}", StringComparison.Ordinal);
            var call = stranger.Invite(there, $"sip:bob@{there}", $"<{where}>", route is null ? "" : $"Record-Route: <{route}>\r\n");
            field.Check(call.Wait(AttackField.Patience) == 200, $"{name}: the call is taken", $"{call.Status}");
            var came = Challenged(TimeSpan.FromSeconds(3), stranger, neighbour);
            IReadOnlyList<WireMessage> all = [.. came, .. server.Requests.Skip(before)];
            field.Check(all.All(m => !m.HasCredentials), $"{name}: no digest is given away", $"{all.FirstOrDefault(m => m.HasCredentials)?.Text}");
            field.Report.Tell($"    {name}: {came.Count} requests came to him, {all.Count - came.Count} to the server");
        }
    }

    /// <summary>What comes to them meanwhile; each is told to show the password.</summary>
    private static List<WireMessage> Challenged(TimeSpan length, params ReadOnlySpan<Stranger> thieves)
    {
        var came = new List<WireMessage>();
        for (var clock = Stopwatch.StartNew(); clock.Elapsed < length;)
        {
            foreach (var thief in thieves)
            {
                if (thief.Wait(TimeSpan.FromMilliseconds(100), m => m.Status == 0) is not { } request) continue;
                came.Add(request);
                thief.Send(request.Response("401 Unauthorized", "WWW-Authenticate: Digest realm=\"pbx.example.test\", nonce=\"chosen\", algorithm=MD5, qop=\"auth\"\r\n"), request.From);
            }
        }

        return came;
    }

    /// <summary>A registered phone, a scanner, and the server that may ring it.</summary>
    public static void Rings(AttackField field)
    {
        using var server = new FakeRegistrar($"{Server.Address}", Server.Port);
        using var phone = PhoneProcess.Here(field.Variables(), "answer", "--profile", field.Profile(Server));
        if (server.Phone(AttackField.Patience) is not { } there)
        {
            field.Check(false, "the phone registers", phone.Errors);
            return;
        }

        foreach (var uri in (string[])[$"sip:100@{there}", $"sip:bob@{there}", "sip:bob@pbx.example.test", $"sip:{there}", $"sip:BOB@{there};transport=udp"])
        {
            using var stranger = new Stranger($"127.14.0.{1 + uri.Length}");
            var call = stranger.Invite(there, uri, headers: "User-Agent: friendly-scanner\r\n");
            field.Check(call.Wait(TimeSpan.FromSeconds(5)) == 404, $"an INVITE of a stranger to {uri} is 404", $"{call.Status}");
        }

        field.Check(phone.All("call.state").Count == 0, "nothing rings", string.Join(' ', phone.Lines.TakeLast(3)));
        phone.Wait("call.refused", TimeSpan.FromSeconds(5));
        Thread.Sleep(TimeSpan.FromMilliseconds(500));
        field.Check(phone.All("call.refused").Count == 1, "it is told once", $"{phone.All("call.refused").Count} times");
        using var own = new Stranger("127.0.0.90");
        var honest = own.Invite(there, "sip:bob@pbx.example.test");
        field.Check(honest.Wait(AttackField.Patience) == 200, "a call of the server's address from another port rings", $"{honest.Status}");
        honest.Request("BYE");
    }
}
