using System.Diagnostics;

namespace Softphone.Interop;

/// <summary>
/// The edge of the system: outputs that are full, closed or never read, a capture into a pipe that nobody empties, a recording on a disk that
/// is frozen. The call keeps its media, ends with BYE, and a signal ends the process within three seconds. On loopback; the frozen
/// disk needs root and loop devices.
/// </summary>
internal static class EdgeTrial
{
    private const string Callee = "127.0.0.1";
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan EndLimit = TimeSpan.FromSeconds(3.5);

    public static void Run(string root, Report report)
    {
        var folder = Path.Combine(root, "edge");
        if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
        Directory.CreateDirectory(folder);
        var cases = new Cases(folder, report);
        cases.Fails("full", "> /dev/full", "cannot be written");
        cases.Fails("closed pipe", "| true; exit ${PIPESTATUS[0]}", "is closed");
        cases.Stalls("SIGTERM", "TERM");
        cases.Stalls("SIGINT", "INT");
        cases.Stalls("SIGHUP", "HUP");
        cases.StalledCapture();
        cases.FrozenDisk();
    }

    private sealed class Cases(string folder, Report report)
    {
        private static readonly string Program = string.Join(' ', new[] { Binary.Program }.Concat(Binary.FirstArguments));

        private int _port = 5160;

        /// <summary>An output that takes nothing is told, and the call still ends in order.</summary>
        public void Fails(string what, string redirection, string told) => With(what, (callee, uri) =>
        {
            using var caller = Shell($"{Call(uri, "--for 3s")} {redirection}");
            report.Check(Ends(caller, Limit) == 12, $"{what}: exit code 12", $"{(caller.HasExited ? caller.ExitCode : "runs")}");
            var errors = caller.StandardError.ReadToEnd();
            report.Check(errors.Contains(told, StringComparison.Ordinal), $"{what}: it is told", errors);
            HasEnded(callee, what, "remote");
        });

        /// <summary>A pipe that is full and that nobody reads: a signal ends the call and the process all the same.</summary>
        public void Stalls(string what, string signal) => With($"stalled reader, {what}", (callee, uri) =>
        {
            var fifo = Fifo(what);
            // The shell holds both ends, and leaves a page of the 64 KiB.
            using var caller = Shell($"exec 3<>{fifo}; head -c 61440 /dev/zero >&3; exec {Call(uri, "")} >&3");
            if (!report.Check(callee.Wait("call.state", Limit, e => e.GetProperty("state").GetString() == "connected") is not null, $"{what}: in a call", callee.Errors)) return;
            Thread.Sleep(TimeSpan.FromSeconds(6));
            using (var kill = Process.Start("kill", [$"-{signal}", $"{caller.Id}"])) kill.WaitForExit();
            report.Check(Ends(caller, EndLimit) is not null, $"stalled reader, {what}: the process ends within 3 s");
            HasEnded(callee, $"stalled reader, {what}", "remote");
        });

        public void StalledCapture() => With("capture into a pipe that nobody reads", (callee, uri) =>
        {
            var fifo = Fifo("capture");
            using var caller = Shell($"exec 3<>{fifo}; exec {Call(uri, $"--for 20s --pcap {fifo}")} > {Path.Combine(folder, "capture.json")}");
            report.Check(Ends(caller, TimeSpan.FromSeconds(40)) == 12, "stalled capture: the call is as long as it should be, and ends with the code of what is not whole", $"{(caller.HasExited ? caller.ExitCode : "runs")}");
            var errors = caller.StandardError.ReadToEnd();
            report.Check(errors.Contains("are missing in the capture", StringComparison.Ordinal), "stalled capture: what is missing is told", errors);
            HasMedia(callee, "stalled capture", 20);
        });

        public void FrozenDisk() => With("recording on a frozen disk", (callee, uri) =>
        {
            var (image, mount) = (Path.Combine(folder, "disk.img"), Path.Combine(folder, "disk"));
            Directory.CreateDirectory(mount);
            if (Run($"truncate -s 32M {image} && mkfs.ext4 -q {image} && mount -o loop {image} {mount}") is { Length: > 0 } trouble)
            {
                report.Skip("frozen disk", $"no ext4 on a loop device here: {trouble.ReplaceLineEndings(" ").Trim()}");
                return;
            }

            try
            {
                using var caller = Shell($"exec {Call(uri, $"--for 20s --record {mount}/call.wav")} > {Path.Combine(folder, "frozen.json")}");
                callee.Wait("call.state", Limit, e => e.GetProperty("state").GetString() == "connected");
                Thread.Sleep(TimeSpan.FromSeconds(3));
                Run($"fsfreeze -f {mount}");
                Thread.Sleep(TimeSpan.FromSeconds(9));
                Run($"fsfreeze -u {mount}");
                report.Check(Ends(caller, TimeSpan.FromSeconds(40)) == 0, "frozen disk: the call ends well", caller.StandardError.ReadToEnd());
                HasMedia(callee, "frozen disk", 20);
                report.Check(new FileInfo(Path.Combine(mount, "call.wav")).Length > 15 * 96_000, "frozen disk: nine seconds are not too long for the recording");
            }
            finally
            {
                Run($"fsfreeze -u {mount}; umount {mount}");
            }
        });

        private void With(string what, Action<PhoneProcess, string> act)
        {
            if (!report.Wants(what)) return;
            var address = $"{Callee}:{_port += 2}";
            using var callee = PhoneProcess.Here(Variables, "answer", "--listen", address, "--echo", "--nat", "none", "--once");
            if (report.Check(Listens(address), $"{what}: the callee is there", callee.Errors)) act(callee, $"sip:a@{address}");
        }

        private Dictionary<string, string> Variables => new() { ["XDG_CONFIG_HOME"] = folder, ["XDG_STATE_HOME"] = folder };

        private static string Call(string uri, string flags) => $"{Program} call {uri} --nat none --audio null --json {flags}";

        private string Fifo(string name)
        {
            var path = Path.Combine(folder, $"{name}.fifo");
            Run($"mkfifo {path}");
            return path;
        }

        /// <summary>Whether a UDP socket is bound there.</summary>
        private static bool Listens(string address)
        {
            var port = int.Parse(address.Split(':')[1], System.Globalization.CultureInfo.InvariantCulture);
            for (var clock = Stopwatch.StartNew(); clock.Elapsed < Limit; Thread.Sleep(50))
                if (File.ReadLines("/proc/net/udp").Any(l => l.Contains($":{port:X4} ", StringComparison.Ordinal))) return true;
            return false;
        }

        private void HasEnded(PhoneProcess callee, string what, string cause)
        {
            var end = callee.Wait("call.end", EndLimit);
            report.Check(end?.Data.GetProperty("cause").GetString() == cause, $"{what}: the peer gets BYE", $"{end?.Data.GetRawText()}");
        }

        private void HasMedia(PhoneProcess callee, string what, int seconds)
        {
            var end = callee.Wait("call.end", EndLimit);
            var packets = end?.Data.TryGetProperty("rx", out var rx) == true ? rx.GetProperty("packets").GetInt64() : 0;
            report.Check(packets > 48 * seconds, $"{what}: the peer heard all of it, {packets} packets", $"{end?.Data.GetRawText()}");
        }

        private Process Shell(string command)
        {
            var start = new ProcessStartInfo("bash", ["-c", command]) { RedirectStandardError = true };
            foreach (var (name, value) in Variables) start.Environment[name] = value;
            return Process.Start(start)!;
        }

        private static int? Ends(Process process, TimeSpan limit)
        {
            if (process.WaitForExit(limit)) return process.ExitCode;
            process.Kill(entireProcessTree: true);
            return null;
        }

        /// <summary>What it complained of.</summary>
        private static string Run(string command)
        {
            using var process = Process.Start(new ProcessStartInfo("bash", ["-c", command]) { RedirectStandardError = true })!;
            var errors = process.StandardError.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0 ? "" : errors.Length > 0 ? errors : $"exit {process.ExitCode}";
        }
    }
}
