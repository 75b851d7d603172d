using System.Buffers.Binary;
using System.Diagnostics;
using System.Globalization;

namespace Softphone.Interop;

/// <summary>
/// tcpdump on the loopback for what goes from 127.0.0.1 to itself and is no SIP: the media of the call that was up before, with the
/// kernel's times.
/// </summary>
internal sealed class MediaTap : IDisposable
{
    private readonly Process _process;
    private readonly string _file;
    private bool _isOver;

    public MediaTap(string file)
    {
        _file = file;
        File.Delete(file);
        var start = new ProcessStartInfo("tcpdump", ["-i", "lo", "-s", "64", "-U", "-B", "4096", "-Z", "root", "-w", file, "udp and src host 127.0.0.1 and dst host 127.0.0.1 and not port 5060"])
        {
            RedirectStandardError = true,
        };
        _process = Process.Start(start)!;
        while (_process.StandardError.ReadLine() is { } line && !line.Contains("listening on", StringComparison.Ordinal))
        {
        }

        _ = _process.StandardError.ReadToEndAsync();
    }

    public void Dispose()
    {
        if (_isOver) return;
        _isOver = true;
        using (var kill = Process.Start("kill", ["-TERM", _process.Id.ToString(CultureInfo.InvariantCulture)])) kill.WaitForExit();
        _process.WaitForExit();
        _process.Dispose();
    }

    /// <summary>When each RTP packet passed, in seconds of the wall clock: the heaviest flow towards one of these ports, and the one back.</summary>
    public IReadOnlyList<IReadOnlyList<double>> Flows(IReadOnlySet<int> ports)
    {
        var file = File.ReadAllBytes(_file);
        var flows = new Dictionary<(int From, int To), List<double>>();
        for (var at = 24; at + 16 <= file.Length;)
        {
            var time = BinaryPrimitives.ReadUInt32LittleEndian(file.AsSpan(at)) + BinaryPrimitives.ReadUInt32LittleEndian(file.AsSpan(at + 4)) / 1e6;
            var length = (int)BinaryPrimitives.ReadUInt32LittleEndian(file.AsSpan(at + 8));
            at += 16;
            if (at + length > file.Length) break;
            // Ethernet 14, IPv4 20, UDP 8 octets.
            var frame = file.AsSpan(at, length);
            at += length;
            if (length < 54 || frame[42] >> 6 != 2 || (frame[43] & 0x7F) is >= 64 and <= 95) continue;
            var key = (BinaryPrimitives.ReadUInt16BigEndian(frame[34..]), BinaryPrimitives.ReadUInt16BigEndian(frame[36..]));
            if (!flows.TryGetValue(key, out var times)) flows[key] = times = [];
            times.Add(time);
        }

        var there = flows.Where(f => ports.Contains(f.Key.To)).OrderByDescending(f => f.Value.Count).FirstOrDefault();
        if (there.Value is null) return [];
        return flows.TryGetValue((there.Key.To, there.Key.From), out var back) ? [there.Value, back] : [there.Value];
    }
}
