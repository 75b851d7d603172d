using System.Diagnostics;
using System.Net;

namespace Softphone.Interop;

/// <summary>Where one kind of attack takes place: its folder, its report, and the phones that it is tried on.</summary>
internal sealed class AttackField(string root, Report report, string cell)
{
    public const string Password = "s3cret";

    /// <summary>Long enough for a machine that does other things besides.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(40);

    private int _phones;

    public Report Report => report;

    public string Folder { get; } = Directory.CreateDirectory(Path.Combine(root, cell.Replace(' ', '-'))).FullName;

    public bool Check(bool holds, string name, string detail = "") => report.Check(holds, $"{cell}: {name}", holds ? "" : detail, cell);

    public Dictionary<string, string> Variables() => new() { ["XDG_CONFIG_HOME"] = Folder, ["XDG_STATE_HOME"] = Folder, ["ATTACK_PASSWORD"] = Password };

    /// <summary>A phone of `answer`, that is there already; null, and told, when it is not.</summary>
    public PhoneProcess? Listening(IPEndPoint address, params IEnumerable<string> arguments) =>
        Up(PhoneProcess.Here(Variables(), ["answer", "--listen", $"{address}", "--echo", "--audio", "null", "--nat", "none", .. arguments]), address);

    /// <summary>The same with so few descriptors.</summary>
    public PhoneProcess? Narrow(IPEndPoint address, int descriptors, params IEnumerable<string> arguments) =>
        Up(PhoneProcess.Under(["prlimit", $"--nofile={descriptors}:{descriptors}"], Variables(), ["answer", "--listen", $"{address}", "--echo", "--audio", "null", "--nat", "none", .. arguments]), address);

    /// <summary>The profile of somebody with a registrar.</summary>
    public string Profile(IPEndPoint registrar, string callsFrom = "server")
    {
        var path = Path.Combine(Folder, $"victim{++_phones}.yaml");
        File.WriteAllText(path, $"""
            account:
              uri: sip:bob@pbx.example.test
              registrar: sip:{registrar}
              password-env: ATTACK_PASSWORD
              calls-from: {callsFrom}
            nat:
              mode: none
            audio:
              input: "null"
              output: "null"
              ring: "null"
            """);
        return path;
    }

    /// <summary>Runs the cells that are wanted, one after the other; the folder stays where one failed.</summary>
    public static void Run(string runRoot, string part, Report report, IReadOnlyList<(string Name, Action<AttackField> Run)> cells)
    {
        var folder = Directory.CreateDirectory(Path.Combine(runRoot, $"{part}{Environment.ProcessId}")).FullName;
        foreach (var (name, run) in cells.Where(c => report.Wants(c.Name)))
        {
            var clock = Stopwatch.StartNew();
            run(new AttackField(folder, report, name));
            report.Tell($"  {name}: {clock.Elapsed.TotalSeconds:F0} s");
        }

        if (report.IsGood) Directory.Delete(folder, recursive: true);
    }

    /// <summary>Somebody there answers OPTIONS.</summary>
    public static bool Answers(IPEndPoint address)
    {
        using var asker = new Stranger("127.0.70.1");
        for (var clock = Stopwatch.StartNew(); clock.Elapsed < Patience;)
        {
            var number = Stranger.Unique("o");
            asker.Send(
                $"OPTIONS sip:x@{address} SIP/2.0\r\nVia: SIP/2.0/UDP {asker.Here};branch=z9hG4bK{number};rport\r\nMax-Forwards: 70\r\nFrom: <sip:x@y>;tag=1\r\nTo: <sip:x@{address}>\r\n" +
                $"Call-ID: {number}\r\nCSeq: 1 OPTIONS\r\nContent-Length: 0\r\n\r\n",
                address);
            if (asker.Wait(TimeSpan.FromMilliseconds(300), m => m.Status == 200) is not null) return true;
        }

        return false;
    }

    private PhoneProcess? Up(PhoneProcess phone, IPEndPoint address)
    {
        if (Answers(address)) return phone;
        Check(false, "the phone comes up", phone.Errors);
        phone.Dispose();
        return null;
    }
}
