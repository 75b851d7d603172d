using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Softphone.Interop;

/// <summary>
/// The full screen of somebody who has used it for long: 200 calls whose records are in memory, 5,000 contacts, and 10,000 messages that came from its
/// server. Counted are the processor of the whole process, its memory, and the time from key to screen.
/// </summary>
internal static class KeptBench
{
    private const int Calls = 200;
    private const int Contacts = 5_000;
    private const int Messages = 10_000;
    private const int MostMegabytes = 150;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Measured = TimeSpan.FromSeconds(10);

    /// <summary>Screens by the key that opens them, and what stands on them alone.</summary>
    private static readonly (string Name, string Key, string Sign)[] Screens = [("contacts", "C", "last call"), ("history", "H", "result"), ("all SIP dialogs", "L", "SIP dialogs by")];

    public static void Run(Report report)
    {
        using var registrar = new BenchRegistrar();
        var folder = Directory.CreateTempSubdirectory("softphone-kept").FullName;
        var record = RecordOfACall(folder);
        Fill(folder, registrar.Port, record);
        using var terminal = new BenchTerminal(folder);
        terminal.WaitFor("registered at");
        OpenAllRecords(terminal);
        registrar.SendMessages(Messages);
        // What came to be with all that is garbage by now, or stays.
        Thread.Sleep(TimeSpan.FromSeconds(10));
        var what = string.Create(CultureInfo.InvariantCulture, $"{Calls} records, {Contacts} contacts, {Messages} messages");
        Idle(report, terminal, $"{what}, main screen", "");
        foreach (var (name, key, _) in Screens) Idle(report, terminal, name, key);
        foreach (var (name, key, sign) in Screens) KeyToScreen(report, terminal, name, key, sign);
        terminal.Type("Q");
        terminal.WaitForExit();
    }

    /// <summary>Calls this machine once, with what a profile with records on disk keeps of it.</summary>
    private static string RecordOfACall(string folder)
    {
        Write(folder, "softphone/profiles/caller.yaml", "account:\n  uri: sip:bench@lab.test\nrecords:\n  on-disk: true\n");
        var port = FreePort();
        // Another folder: what it keeps, or finds there, is not the caller's.
        var elsewhere = Directory.CreateTempSubdirectory("softphone-answers").FullName;
        using var answers = Start(elsewhere, "answer", "--listen", $"127.0.0.1:{port}", "--once", "--echo");
        using var listening = new ManualResetEventSlim();
        answers.OutputDataReceived += (_, line) =>
        {
            if (line.Data?.StartsWith("listening", StringComparison.Ordinal) == true) listening.Set();
        };
        answers.BeginOutputReadLine();
        if (!listening.Wait(Patience)) throw new InvalidOperationException($"nobody listens at 127.0.0.1:{port}");
        using var calls = Start(folder, "call", $"sip:bob@127.0.0.1:{port}", "--profile", "caller", "--audio", "null", "--for", "2s");
        var told = calls.StandardOutput.ReadToEnd();
        calls.WaitForExit();
        answers.WaitForExit();
        Directory.Delete(elsewhere, recursive: true);
        File.Delete(Path.Combine(folder, "softphone/profiles/caller.yaml"));
        File.Delete(Path.Combine(folder, "softphone/history.jsonl"));
        var records = Path.Combine(folder, "softphone/records/caller");
        var record = calls.ExitCode == 0 && Directory.Exists(records) ? Directory.GetFiles(records).SingleOrDefault() : null;
        var text = record is null ? throw new InvalidOperationException($"the call left no record, exit code {calls.ExitCode}:\n{told}") : File.ReadAllText(record);
        Directory.Delete(records, recursive: true);
        return text;
    }

    private static void Fill(string folder, int port, string record)
    {
        Write(folder, "softphone/profiles/bench.yaml", string.Create(CultureInfo.InvariantCulture, $"account:\n  uri: sip:bench@127.0.0.1\n  registrar: sip:127.0.0.1:{port};transport=udp\nrecords:\n  on-disk: true\naudio:\n  input: \"null\"\n  output: \"null\"\n  ring: \"null\"\n"));
        var contacts = new StringBuilder();
        for (var i = 0; i < Contacts; i++) contacts.Append(CultureInfo.InvariantCulture, $"{{\"name\":\"Person {i * 7919 % Contacts:0000}\",\"uri\":\"sip:{i}@lab.test\"}}\n");
        Write(folder, "softphone/contacts.jsonl", contacts.ToString());
        var history = new StringBuilder();
        for (var i = 0; i < Calls; i++)
        {
            var at = DateTimeOffset.Now.AddMinutes(i - Calls);
            history.Append(CultureInfo.InvariantCulture, $"{{\"at\":\"{at:O}\",\"direction\":\"out\",\"peer\":\"sip:{i}@lab.test\",\"account\":\"bench\",\"status\":200,\"reason\":\"OK\",\"talked_s\":2,\"codec\":\"opus\",\"record\":\"bench-{i}\"}}\n");
            Write(folder, $"softphone/records/bench/bench-{i}.jsonl", record);
        }

        Write(folder, "softphone/history.jsonl", history.ToString());
    }

    /// <summary>Looks at the ladder of each call: from then on its record is in memory.</summary>
    private static void OpenAllRecords(BenchTerminal terminal)
    {
        terminal.Type("H");
        terminal.WaitFor("result");
        for (var i = 0; i < Calls; i++)
        {
            terminal.Type("s");
            terminal.WaitFor("BYE");
            terminal.Type("q");
            terminal.WaitFor("result");
            terminal.Type("j");
        }

        terminal.Type("q");
    }

    private static void Idle(Report report, BenchTerminal terminal, string name, string key)
    {
        if (key.Length > 0) terminal.Type(key);
        Thread.Sleep(TimeSpan.FromSeconds(2));
        var (busy, clock) = (ProcessTime(terminal.Pid), Stopwatch.StartNew());
        Thread.Sleep(Measured);
        var share = (ProcessTime(terminal.Pid) - busy).TotalSeconds / clock.Elapsed.TotalSeconds;
        var megabytes = Megabytes(terminal.Pid);
        report.Check(share < 0.03 && megabytes < MostMegabytes, $"{name}: under 3 % of a core and {MostMegabytes} MB", string.Create(CultureInfo.InvariantCulture, $"{share * 100:0.00} % of a core, {megabytes:0} MB"));
        if (key.Length > 0) terminal.Type("q");
    }

    private static void KeyToScreen(Report report, BenchTerminal terminal, string name, string key, string sign)
    {
        var times = new List<double>();
        for (var i = 0; i < 20; i++)
        {
            Thread.Sleep(230 + 17 * i);
            var clock = Stopwatch.StartNew();
            terminal.Type(key);
            terminal.WaitFor(sign);
            times.Add(clock.Elapsed.TotalMilliseconds);
            Thread.Sleep(200);
            terminal.Type("q");
        }

        times.Sort();
        report.Check(times[^2] < 50, $"from key to {name} under 50 ms", string.Create(CultureInfo.InvariantCulture, $"median {times[times.Count / 2]:0.0} ms, 19 of 20 within {times[^2]:0.0} ms, worst {times[^1]:0.0} ms"));
    }

    /// <summary>User and system time of all its threads.</summary>
    private static TimeSpan ProcessTime(int pid)
    {
        using var process = Process.GetProcessById(pid);
        return process.TotalProcessorTime;
    }

    private static double Megabytes(int pid) =>
        double.Parse(File.ReadLines($"/proc/{pid}/status").First(l => l.StartsWith("VmRSS", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2], CultureInfo.InvariantCulture) / 1024;

    private static Process Start(string folder, params string[] arguments)
    {
        var start = new ProcessStartInfo(Binary.Program) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in Binary.FirstArguments.Concat(arguments)) start.ArgumentList.Add(argument);
        (start.Environment["XDG_CONFIG_HOME"], start.Environment["XDG_STATE_HOME"]) = (folder, folder);
        var process = Process.Start(start)!;
        process.ErrorDataReceived += (_, _) => { };
        process.BeginErrorReadLine();
        return process;
    }

    private static void Write(string folder, string name, string text)
    {
        var path = Path.Combine(folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    private static int FreePort()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }
}
