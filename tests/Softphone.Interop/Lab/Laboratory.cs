using System.Diagnostics;

namespace Softphone.Interop;

/// <summary>
/// One laboratory of network namespaces (Kernel/natlab): two NATs, two hosts behind them, a public host, kamailio, coturn and a name
/// server. Everything it starts lives in namespaces with this process's own prefix and ends with <see cref="Dispose"/>.
/// </summary>
internal sealed class Laboratory : IDisposable
{
    public const string TurnUser = "turnuser";
    public const string TurnPassword = "turnpass";
    public const string StunServer = "203.0.113.10:3478";
    public const string Registrar = "203.0.113.5";
    public const string Domain = "lab.test";

    /// <summary>The name of the TURN server that its certificate shows.</summary>
    public const string TurnName = "turn.lab.test";

    private readonly string _natlab = Path.Combine(AppContext.BaseDirectory, "Kernel", "natlab");
    private readonly string _prefix;
    private readonly string _runRoot;

    /// <param name="runRoot">Under which folder it keeps its files.</param>
    /// <param name="name">A letter or two, another for each laboratory of this process.</param>
    /// <param name="isDual">With IPv6 beside IPv4, for its names too.</param>
    public Laboratory(string runRoot, string name = "", bool isDual = false)
    {
        _runRoot = runRoot;
        _prefix = $"sp{Environment.ProcessId % 100000}{name}";
        Directory.CreateDirectory(runRoot);
        Run(isDual ? ["up", "--ipv6"] : ["up"]);
        Run("servers", "up");
    }

    /// <summary>Where logs, configurations and captures of this laboratory are.</summary>
    public string Folder => Path.Combine(_runRoot, _prefix);

    /// <summary>Side "A" or "B"; one of the seven names, then options such as "hairpin" and "timeout=30".</summary>
    public void SetNat(string side, params string[] type) => Run(["nat", side, .. type]);

    /// <summary>Milliseconds and per cent of loss on each link, each way; zero takes both away.</summary>
    public void SetLatency(double milliseconds, double loss)
    {
        if (milliseconds == 0 && loss == 0) Run("latency", "off");
        else Run("latency", Number(milliseconds), Number(loss) + "%");

        static string Number(double value) => value.ToString(System.Globalization.CultureInfo.InvariantCulture);
    }

    /// <summary>Gives hostA a second interface, eth1, behind a NAT of its own.</summary>
    public void AddSecondInterface(string type) => Run("dual", type);

    public void RemoveSecondInterface() => Run("dual", "off");

    /// <summary>Takes hostA's first interface away: "link" down, "addr" deleted, "device" deleted; "mend" brings it back.</summary>
    /// <returns>When, in seconds of the wall clock.</returns>
    public double Cut(string how) => Seconds(Run("cut", how));

    /// <summary>The NAT forgets its mappings and gives out other ports from now on.</summary>
    /// <returns>When, in seconds of the wall clock.</returns>
    public double Rebind(string side) => Seconds(Run("flush", side));

    /// <summary>The sound server of a host: "up" or "down".</summary>
    public void Sound(string host, string verb) => Run("audio", host, verb);

    public void RestartServers() => Run("servers", "restart");

    /// <summary>"kamailio", "coturn" or "dnsmasq": what it held in memory is gone.</summary>
    public void StopServer(string name) => Run("servers", "stop", name);

    /// <summary>Returns when it answers.</summary>
    public void StartServer(string name) => Run("servers", "start", name);

    /// <summary>What the name server knows, as lines of dnsmasq's configuration; what it knew at first without any.</summary>
    public void SetNames(params string[] lines) => Run(["names", .. lines]);

    /// <summary>Gives a host one more interface, at a port of the bridge of a NAT; it goes with the interface.</summary>
    public void Link(string host, string device, string nat, string bridge)
    {
        Shell(host, $"ip link add {device} type veth peer name x{device}; ip link set x{device} netns {_prefix}-{nat}");
        Shell(nat, $"ip link set x{device} master {bridge}; ip link set x{device} up");
    }

    /// <summary>Commands of a shell on a host, a NAT, the servers' host "pub" or the "wire" between all of them.</summary>
    public string Shell(string node, string commands)
    {
        using var process = Process.Start(Command(node, "/bin/sh", "-ec", commands))!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? output : throw new InvalidOperationException($"{node}: {commands}: {output}{errors.Result}");
    }

    /// <summary>How to start a program on a host: the returned process's pid is the program's own.</summary>
    public ProcessStartInfo Command(string host, string program, params IEnumerable<string> arguments)
    {
        var start = Start("exec", host, program);
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        // The laboratory's own authority is the only one its programs trust.
        start.Environment["SSL_CERT_FILE"] = Path.Combine(Folder, "tls", "ca.pem");
        return start;
    }

    public string AddressOf(string host)
    {
        using var info = System.Text.Json.JsonDocument.Parse(Run("info", "--json"));
        return info.RootElement.GetProperty("hosts").GetProperty(host).GetString()!;
    }

    public string Log(string server)
    {
        var file = Path.Combine(Folder, server + ".log");
        return File.Exists(file) ? ReadShared(file) : "";
    }

    public void Dispose() => Run("down");

    private static double Seconds(string text) => double.Parse(text, System.Globalization.CultureInfo.InvariantCulture);

    private static string ReadShared(string file)
    {
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    private string Run(params string[] arguments)
    {
        using var process = Process.Start(Start(arguments))!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0
            ? output
            : throw new InvalidOperationException($"natlab {string.Join(' ', arguments)}: {output}{error.Result}");
    }

    private ProcessStartInfo Start(params string[] arguments)
    {
        var start = new ProcessStartInfo("/usr/bin/python3")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        start.Environment["NATLAB_RUN"] = _runRoot;
        start.Environment["PYTHONDONTWRITEBYTECODE"] = "1";
        foreach (var argument in new[] { _natlab, "-p", _prefix }.Concat(arguments)) start.ArgumentList.Add(argument);
        return start;
    }
}
