using System.Diagnostics;
using System.Globalization;

namespace Softphone.Interop;

/// <summary>SIPp with one of our scenarios (lab/sipp), as a caller or as a callee, without a registrar.</summary>
internal sealed class SippRun : IDisposable
{
    private const int CallerPort = 5063;
    private const int CalleePort = 5062;

    private static readonly Dictionary<string, string> Usual = new()
    {
        ["AUDIO"] = "m=audio [rtpstream_audio_port] RTP/AVP 0\na=rtpmap:0 PCMU/8000",
        ["ANSWER"] = "<recv response=\"200\"/>",
        ["ACK"] = """
            <send><![CDATA[
            ACK sip:[service]@[remote_ip]:[remote_port] SIP/2.0
            Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
            From: <sip:caller@[local_ip]:[local_port]>;tag=[call_number]c
            [last_To:]
            Call-ID: [call_id]
            CSeq: 1 ACK
            Max-Forwards: 70
            Content-Length: 0

            ]]></send>
            """,
        ["BYE"] = """
            <send retrans="500"><![CDATA[
            BYE sip:[service]@[remote_ip]:[remote_port] SIP/2.0
            Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
            From: <sip:caller@[local_ip]:[local_port]>;tag=[call_number]c
            [last_To:]
            Call-ID: [call_id]
            CSeq: 9 BYE
            Max-Forwards: 70
            Content-Length: 0

            ]]></send>
            <recv response="200"/>
            """,
        ["TALK"] = "6000",
        ["STATUS"] = "404 Not Found",
    };

    private readonly Process _process;

    public SippRun(Laboratory lab, string host, string? to, string folder, string scenario, IReadOnlyList<(string Word, string Meaning)> words)
    {
        var address = lab.AddressOf(host);
        var meanings = new Dictionary<string, string>(Usual) { ["AT"] = address, ["PLAY"] = Playing(folder, 0) };
        foreach (var (word, meaning) in words) meanings[word] = meaning;
        var text = meanings.Aggregate(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Kernel", "sipp", scenario + ".xml")), (t, w) => t.Replace($"@{w.Key}@", w.Value, StringComparison.Ordinal));
        var file = Path.Combine(folder, $"{scenario}-{host}.xml");
        // Lines of a message begin where it does.
        File.WriteAllText(file, string.Join('\n', text.Split('\n').Select(l => l.TrimStart())));
        var port = to is null ? CalleePort : CallerPort;
        Port = port;
        _process = Tool.Start(lab, host, "nice",
        [
            "-n", "-15", "sipp", .. to is null ? Array.Empty<string>() : [to], "-sf", file, "-i", address, "-mi", address, "-p", Text(port), "-mp", Text(to is null ? 7000 : 7100), "-m", "1", "-nostdin",
            "-trace_err", "-error_file", Path.Combine(folder, $"{scenario}-{host}-errors.txt"), .. to is null ? Array.Empty<string>() : ["-s", "bob"],
        ]);
        // A callee must have its socket before it is called.
        if (to is null) Thread.Sleep(400);
    }

    public int Port { get; }

    /// <summary>Plays a tone in packets of 20 ms with this payload type, from a moment after here on.</summary>
    public static string Playing(string folder, int type, int afterMs = 0) =>
        $"{(afterMs > 0 ? $"<pause milliseconds=\"{afterMs}\"/>" : "")}<nop><action><exec rtp_stream=\"{SippPeer.Tone(folder, 440)},-1,{type}\"/></action></nop>";

    /// <summary>Whether its scenario went to the end; null while it has not.</summary>
    public bool? Ended(double seconds) => _process.WaitForExit(TimeSpan.FromSeconds(seconds)) ? _process.ExitCode == 0 : null;

    public void Dispose()
    {
        if (!_process.HasExited) _process.Kill();
        _process.Dispose();
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
