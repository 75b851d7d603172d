using System.Diagnostics;

namespace Softphone.Interop;

/// <summary>The programs of one cell. All of them end with it.</summary>
internal sealed class CaptureScene(Laboratory lab, string folder, string tag) : IDisposable
{
    /// <summary>Before what else the machine does: a peer that is late is another fault.</summary>
    private const string Niceness = "-15";

    private readonly Stack<IDisposable> _running = [];
    private readonly List<string> _blocks = [];

    public Laboratory Lab => lab;

    public string Folder => folder;

    /// <summary>What did not come to pass; the cell says nothing then.</summary>
    public string Flaw { get; private set; } = "";

    public static void Wait(double seconds) => Thread.Sleep(TimeSpan.FromSeconds(seconds));

    /// <summary>baresip, registered; it answers by itself.</summary>
    public BaresipPeer Baresip(string host, string user, bool ice = false, string server = "stun", string registrar = Laboratory.Registrar, string answers = "auto", string? password = null,
        string turnPassword = Laboratory.TurnPassword, string more = "", bool registers = true)
    {
        var peer = Keep(new BaresipPeer(lab, host, user, ice, tag, server: server, registrar: registrar, answers: answers, password: password, turnPassword: turnPassword, more: more));
        if (registers) Must(peer.WaitFor("200 OK", TimeSpan.FromSeconds(10)), $"baresip of {user} registers: {peer.Log}");
        return peer;
    }

    /// <summary>baresip calls a user of the laboratory, and is through.</summary>
    public void Dial(BaresipPeer from, string user, bool answered = true)
    {
        from.Command($"/dial sip:{user}@{Laboratory.Domain}");
        if (answered) Must(from.WaitFor("Call established", TimeSpan.FromSeconds(20)), $"the call of baresip is answered: {from.Log}");
    }

    /// <summary>A callee of SIPp on a host, at a port of its own for each.</summary>
    public SippRun Callee(string host, string scenario = "callee", params (string Word, string Meaning)[] words) => Sipp(host, null, scenario, words);

    public SippRun Caller(string host, string to, params (string Word, string Meaning)[] words) => Sipp(host, to, "caller", words);

    public SippRun Sipp(string host, string? to, string scenario, params (string Word, string Meaning)[] words) => Keep(new SippRun(lab, host, to, folder, scenario, words));

    public PeerProcess Ice(string host, bool controlling, string server) => Keep(new PeerProcess(lab, host, "aioice", controlling, 1, "full", server));

    public LinphonePeer Linphone(string host, string user, string? password = null)
    {
        var own = Path.Combine(folder, "linphone-" + user);
        Directory.CreateDirectory(own);
        return Keep(new LinphonePeer(lab, host, user, own, 440, password));
    }

    /// <summary>A program that ends by itself.</summary>
    public string Run(string host, double seconds, string program, params IEnumerable<string> arguments) => Tool.Run(lab, host, TimeSpan.FromSeconds(seconds), "nice", ["-n", Niceness, program, .. arguments]);

    /// <summary>One datagram of a host, with its text as Python writes it.</summary>
    public void Datagram(string host, string to, int port, string text)
    {
        var said = Run(host, 20, "/usr/bin/python3", "-c", $"import socket; print(socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b'{text}', ('{to}', {port})))").Trim();
        Must(said.Length > 0 && char.IsAsciiDigit(said[0]), $"the datagram is sent: {said}");
    }

    /// <summary>A node passes these packets on no more: an expression of nft.</summary>
    public void Block(string node, string packets, string hook = "forward")
    {
        lab.Shell(node, $"nft add table ip cut; nft 'add chain ip cut {hook} {{ type filter hook {hook} priority -200 ; }}'; nft add rule ip cut {hook} {packets} drop");
        _blocks.Add(node);
    }

    public void Unblock(string node)
    {
        lab.Shell(node, "nft delete table ip cut");
        _blocks.Remove(node);
    }

    public void Must(bool holds, string what)
    {
        if (!holds && Flaw.Length == 0) Flaw = what;
    }

    public void Dispose()
    {
        while (_running.TryPop(out var last)) last.Dispose();
        foreach (var node in _blocks.ToList()) Unblock(node);
    }

    private T Keep<T>(T started)
        where T : IDisposable
    {
        _running.Push(started);
        return started;
    }
}
