using System.Diagnostics;
using System.Globalization;
using System.Net;

namespace Softphone.Interop;

/// <summary>What other users of the machine laid, files that are made to break their readers, and a disk that is full.</summary>
internal static class FileAttacks
{
    private static readonly IPEndPoint Listener = new(IPAddress.Parse("127.0.0.96"), 5060);
    private static readonly string Program = string.Join(' ', new[] { Binary.Program }.Concat(Binary.FirstArguments));

    public static void Run(AttackField field)
    {
        Links(field);
        Modes(field);
        Nesting(field);
        FullDisk(field);
    }

    /// <summary>A folder among the temporary ones that belongs to another user, with links to what is ours.</summary>
    private static void Links(AttackField field)
    {
        var precious = Path.Combine(field.Folder, "precious");
        var temporary = Path.Combine(field.Folder, "tmp");
        Shell(field, $"mkdir -p {temporary}/softphone-demo && chmod 1777 {temporary} && echo keep > {precious} && for s in alice bob; do ln -s {precious} {temporary}/softphone-demo/$s-heard.wav; done && chown -hR 65534 {temporary}/softphone-demo");
        var (code, said) = Shell(field, $"TMPDIR={temporary} {Program} demo --for 4s");
        field.Check(code == 0 && File.ReadAllText(precious) == "keep\n", "demo follows no link of another user", $"exit {code} {said}");
        (code, said) = Shell(field, $"TMPDIR={temporary} {Program} demo --for 4s --out {temporary}/softphone-demo");
        field.Check(code == 2 && File.ReadAllText(precious) == "keep\n", "demo --out into his folder is refused", $"exit {code} {said}");
        (code, said) = Shell(field, $"{Program} call sip:x@127.0.0.1:9 --nat none --audio null --ring-for 1s --report {temporary}/softphone-demo/alice-heard.wav");
        field.Check(code != 0 && said.Contains("link that another user", StringComparison.Ordinal) && File.ReadAllText(precious) == "keep\n", "a report goes through no link of his, and it is told", $"exit {code} {said}");
    }

    private static void Modes(AttackField field)
    {
        using var phone = field.Listening(Listener);
        if (phone is null) return;
        var (report, pcap, recording) = (Path.Combine(field.Folder, "r.md"), Path.Combine(field.Folder, "r.pcap"), Path.Combine(field.Folder, "r.wav"));
        var (code, said) = Shell(field, $"umask 0; {Program} call sip:x@{Listener} --nat none --audio null --for 1s --report {report} --pcap {pcap} --record {recording}");
        field.Check(code == 0, "a call with report, capture and recording", $"exit {code} {said}");
        foreach (var path in (string[])[report, pcap, recording])
        {
            var mode = File.Exists(path) ? File.GetUnixFileMode(path) : 0;
            field.Check(mode == (UnixFileMode.UserRead | UnixFileMode.UserWrite), $"{Path.GetExtension(path)} is for its owner alone", $"{mode}");
        }
    }

    private static void Nesting(AttackField field)
    {
        foreach (var (verb, name, text) in (ReadOnlySpan<(string, string, string)>)
        [
            ("profile check", "brackets", new string('[', 100_000)),
            ("test", "braces", string.Concat(Enumerable.Repeat("{a: ", 100_000))),
            ("test", "dashes", string.Concat(Enumerable.Repeat("- ", 50_000))),
            ("profile check", "no UTF-8", "account: { uri: sip:a@b }\naudio: { r\ufffdng: \"null\", ? [a]: b }\n"),
        ])
        {
            var path = Path.Combine(field.Folder, "deep.yaml");
            File.WriteAllText(path, text);
            var (code, said) = Shell(field, $"{Program} {verb} {path}");
            field.Check(code == 2 && said.Contains("deep.yaml", StringComparison.Ordinal) && said.Length < 2000, $"{verb} of {name}: exit 2 with the file's name", $"exit {code} {said[..Math.Min(200, said.Length)]}");
        }
    }

    private static void FullDisk(AttackField field)
    {
        using var phone = field.Listening(Listener);
        if (phone is null) return;
        var disk = Directory.CreateDirectory(Path.Combine(field.Folder, "disk")).FullName;
        var (mounted, trouble) = Shell(field, $"mount -t tmpfs -o size=64k none {disk}");
        if (mounted != 0)
        {
            field.Report.Skip("files: full disk", trouble);
            return;
        }

        var (code, said) = Shell(field, $"{Program} call sip:x@{Listener} --nat none --audio null --for 4s --record {disk}/r.wav --pcap {disk}/r.pcap --report {disk}/r.md");
        field.Check(code == 11 && !said.Contains("internal error", StringComparison.Ordinal), "a full disk is told, the call goes on, and 11", $"exit {code} {said}");
        field.Check(phone.Wait("call.end", AttackField.Patience)?.Text("cause") == "remote", "a full disk: the peer gets BYE");
        Shell(field, $"umount {disk}");
    }

    private static (int Code, string Said) Shell(AttackField field, string command)
    {
        var start = new ProcessStartInfo("bash", ["-c", $"({command}) 2>&1"]) { RedirectStandardOutput = true };
        foreach (var (key, value) in field.Variables()) start.Environment[key] = value;
        using var process = Process.Start(start)!;
        var said = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, said.Trim());
    }
}
