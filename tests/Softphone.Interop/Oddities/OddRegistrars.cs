using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Softphone.Interop;

/// <summary>Answers to REGISTER: what was granted to us counts, whatever else stands there, and what cannot be read is told as such.</summary>
internal static class OddRegistrars
{
    public static void Run(AttackField field)
    {
        (string Name, Func<WireMessage, string> Headers, int Granted)[] granted =
        [
            ("an unreadable element beside ours", r => $"m: <{Own(r)}>;expires=60,<sip:alice@192.0.2.9:65080;transport=tcp>;expires=2353204,<sip:PBX#1000#905550100@192.0.2.9>;expires=2519533,Date:Thu, 24 May 2018 05:52:55 GMT\r\n", 60),
            ("ours rewritten, another phone beside it", _ => "Contact: <sip:alice@198.51.100.7:41000>;expires=60\r\nContact: <sip:alice@198.51.100.8:54229>;expires=3600\r\n", 60),
            ("ours known by its instance alone", r => $"Contact: <sip:x@198.51.100.8:54229>;expires=45\r\nContact: <sip:y@198.51.100.7:41000>;+sip.instance={Instance(r)};expires=75\r\n", 75),
            ("ours last of three, the others shorter", r => $"Contact: <sip:carol@192.0.2.1>;expires=20, <sip:dave@192.0.2.2>;expires=30\r\nContact: <{Own(r)}>;expires=90\r\n", 90),
        ];
        foreach (var (name, headers, seconds) in granted)
        {
            using var registrar = new Stranger("127.0.0.1");
            using var phone = PhoneProcess.Here(field.Variables(), ["register", "--profile", field.Profile(registrar.Here)]);
            if (registrar.Wait(AttackField.Patience, m => m.Method == "REGISTER") is { } request) registrar.Send(request.Response("200 OK", headers(request)), request.From);
            var state = phone.Wait("registration", TimeSpan.FromSeconds(5), e => e.GetProperty("state").GetString() == "registered");
            field.Check(state?.Number("expires_s") is { } told && Math.Abs(told - seconds) < 1.5, $"{name}: what is granted to us counts", state?.Data.GetRawText() ?? phone.Errors);
        }

        using (var nobody = new Stranger("127.0.0.1"))
        using (var phone = PhoneProcess.Here(field.Variables(), ["register", "--for", "3s", "--profile", field.Profile(nobody.Here)]))
        {
            var code = phone.WaitForExit(TimeSpan.FromSeconds(30));
            field.Check(code == 5 && phone.Errors.Contains("not registered after 3 s", StringComparison.Ordinal), "a server that says nothing is no success of `register --for`", $"{code}: {phone.Errors}");
        }

        Refused(field, "ours with expires=0", r => $"Contact: <{Own(r)}>;expires=0\r\n");
        Refused(field, "everything with Expires: 0", r => $"Contact: <{Own(r)}>\r\nExpires: 0\r\n");
        Unreadable(field);
        WithoutLength(field, "401 Unauthorized", "WWW-Authenticate: Digest realm=\"x\", nonce=\"n\"\r\n");
        WithoutLength(field, "200 OK", "");
    }

    private static string Own(WireMessage request) => request.Header("Contact").Split('<', '>')[1];

    private static string Instance(WireMessage request) => request.Header("Contact").Split("+sip.instance=") is [_, var value] ? value.Split(';')[0] : "none";

    private static void Refused(AttackField field, string name, Func<WireMessage, string> headers)
    {
        using var registrar = new Stranger("127.0.0.1");
        using var phone = PhoneProcess.Here(field.Variables(), ["register", "--profile", field.Profile(registrar.Here)]);
        var count = 0;
        var clock = new Stopwatch();
        while (!clock.IsRunning || clock.Elapsed < TimeSpan.FromSeconds(6))
        {
            if (registrar.Wait(clock.IsRunning ? TimeSpan.FromSeconds(6) - clock.Elapsed : AttackField.Patience, m => m.Method == "REGISTER") is not { } request) break;
            clock.Start();
            count++;
            registrar.Send(request.Response("200 OK", headers(request)), request.From);
        }

        field.Check(count is 1 or 2, $"{name} is asked again after a while only", $"{count} requests in six seconds");
        field.Check(phone.All("registration").All(e => e.Text("state") != "registered"), $"{name} is not told as registered", string.Join('\n', phone.Lines));
    }

    private static void Unreadable(AttackField field)
    {
        using var registrar = new Stranger("127.0.0.1");
        using var phone = PhoneProcess.Here(field.Variables(), ["register", "--once", "--profile", field.Profile(registrar.Here)]);
        for (var clock = Stopwatch.StartNew(); clock.Elapsed < TimeSpan.FromSeconds(50) && phone.Wait("registration", TimeSpan.Zero, e => e.GetProperty("state").GetString() == "failed") is null;)
            if (registrar.Wait(TimeSpan.FromSeconds(1), m => m.Method == "REGISTER") is { } request) registrar.Send(request.Response("200 OK").Replace("\r\n", "\n", StringComparison.Ordinal), request.From);
        phone.WaitForExit(TimeSpan.FromSeconds(10));
        var told = phone.All("registration").LastOrDefault()?.Data.GetRawText() + phone.Errors;
        field.Check(told.Contains("no answer to REGISTER could be taken", StringComparison.Ordinal) && !told.Contains("firewall", StringComparison.Ordinal), "answers with LF alone are told to have come", told);
    }

    private static void WithoutLength(AttackField field, string status, string headers)
    {
        using var server = new TcpListener(IPAddress.Loopback, 0);
        server.Start();
        var profile = field.Profile((IPEndPoint)server.LocalEndpoint);
        File.WriteAllText(profile, File.ReadAllText(profile).Replace($"sip:{server.LocalEndpoint}", $"sip:{server.LocalEndpoint};transport=tcp", StringComparison.Ordinal));
        using var phone = PhoneProcess.Here(field.Variables(), ["register", "--once", "--profile", profile]);
        var accepted = server.AcceptTcpClientAsync();
        if (!accepted.Wait(AttackField.Patience))
        {
            field.Check(false, "the phone connects", phone.Errors);
            return;
        }

        using var client = accepted.Result;
        var stream = client.GetStream();
        var buffer = new byte[4096];
        var text = "";
        while (!text.Contains("\r\n\r\n", StringComparison.Ordinal) && stream.Read(buffer) is > 0 and var length) text += Encoding.UTF8.GetString(buffer, 0, length);
        var request = new WireMessage(text, (IPEndPoint)client.Client.RemoteEndPoint!);
        stream.Write(Encoding.UTF8.GetBytes(request.Response(status, headers).Replace("Content-Length: 0\r\n", "", StringComparison.Ordinal)));
        var state = phone.Wait("registration", TimeSpan.FromSeconds(8), e => e.GetProperty("state").GetString() == "failed");
        phone.WaitForExit(TimeSpan.FromSeconds(10));
        var told = (state?.Data.GetRawText() ?? "not told as failed within 8 s") + phone.Errors;
        field.Check(told.Contains("Content-Length", StringComparison.Ordinal), $"{status} over TCP without Content-Length fails at once, and is told", told);
    }
}
