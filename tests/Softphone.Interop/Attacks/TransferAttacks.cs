using System.Net;

namespace Softphone.Interop;

/// <summary>A stranger who is in a call with us wants us to call somebody: nobody does that unasked.</summary>
internal static class TransferAttacks
{
    private const string Target = "sip:+900123456@pbx.example.test";

    private static readonly IPEndPoint Server = new(IPAddress.Parse("127.0.0.91"), 7060), Listener = new(IPAddress.Parse("127.0.0.92"), 5060);

    public static void Run(AttackField field)
    {
        Declined(field);
        Asked(field);
    }

    private static void Declined(AttackField field)
    {
        using var phone = field.Listening(Listener);
        if (phone is null) return;
        using var stranger = new Stranger("127.0.0.66");
        var call = stranger.Invite(Listener, $"sip:me@{Listener}");
        if (call.Wait(AttackField.Patience) != 200) field.Check(false, "`answer` takes the call", $"{call.Status}");
        call.Request("REFER", Refer(stranger));
        var said = Outcome(stranger, TimeSpan.FromSeconds(5));
        field.Check(said.Contains("603", StringComparison.Ordinal), "`answer` declines a REFER", said);
        field.Check(phone.All("call.state").All(e => e.Text("direction") != "outgoing"), "`answer` calls nobody");
        call.Request("BYE");
    }

    private static void Asked(AttackField field)
    {
        var profiles = Directory.CreateDirectory(Path.Combine(field.Folder, "softphone", "profiles")).FullName;
        File.Move(field.Profile(Server, "anyone"), Path.Combine(profiles, "work.yaml"));
        using var server = new FakeRegistrar($"{Server.Address}", Server.Port);
        using var terminal = new Terminal(field.Folder, 110, 32, new Dictionary<string, string>(field.Variables()) { ["LANG"] = "C.UTF-8" });
        terminal.Type(string.Join(' ', [Binary.Program, .. Binary.FirstArguments]));
        if (server.Phone(AttackField.Patience) is not { } there)
        {
            field.Check(false, "the full screen registers", terminal.Screen);
            return;
        }

        using var stranger = new Stranger("127.0.0.66");
        var call = stranger.Invite(there, $"sip:bob@{there}");
        Thread.Sleep(TimeSpan.FromSeconds(1));
        terminal.Press("a");
        field.Check(call.Wait(AttackField.Patience) == 200, "the person takes the call", terminal.Screen);
        call.Request("REFER", Refer(stranger));
        field.Check(terminal.Wait(s => s.Contains("+900123456", StringComparison.Ordinal)), "the full screen asks, with the number", terminal.Screen);
        Thread.Sleep(TimeSpan.FromSeconds(2));
        field.Check(server.Requests.All(r => r.Method != "INVITE"), "nobody is called meanwhile", string.Join(' ', server.Requests.Select(r => r.FirstLine)));
        terminal.Press("n");
        var said = Outcome(stranger, TimeSpan.FromSeconds(5));
        field.Check(said.Contains("603", StringComparison.Ordinal), "no is told as 603", said);
        field.Check(server.Requests.All(r => r.Method != "INVITE"), "and nobody is called after it");
        call.Request("BYE");
    }

    private static string Refer(Stranger stranger) => $"Refer-To: <{Target}>\r\nReferred-By: <sip:boss@pbx.example.test>\r\nContact: <sip:mallory@{stranger.Here}>\r\n";

    /// <summary>What the REFER itself got, and the NOTIFYs after it.</summary>
    private static string Outcome(Stranger stranger, TimeSpan length)
    {
        var said = new List<string>();
        stranger.Wait(length, m =>
        {
            if (m.Status > 0 && m.Method == "REFER") said.Add($"{m.Status}");
            if (m.Status != 0 || m.Method != "NOTIFY") return said.Contains("603");
            said.Add(m.Body.Trim());
            stranger.Send(m.Response("200 OK"), m.From);
            return m.Body.Contains("603", StringComparison.Ordinal);
        });
        return string.Join(", ", said);
    }
}
