using System.Buffers.Binary;
using System.Diagnostics;

namespace Softphone.Interop;

/// <summary>tcpdump on one host, and what its file says about the first audio after the answer.</summary>
internal sealed class Capture : IDisposable
{
    private const int NamePort = 53;

    private readonly Process _process;
    private readonly string _file;
    private bool _ended;

    public Capture(Laboratory lab, string host, string file, string device = "eth0")
    {
        _file = file;
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.Delete(file);
        _process = Process.Start(lab.Command(host, "tcpdump", "-i", device, "-s", "0", "-U", "-B", "8192", "--immediate-mode", "-Z", "root", "-w", file, "udp or tcp"))!;
        while (_process.StandardError.ReadLine() is { } line && !line.Contains("listening on", StringComparison.Ordinal))
        {
        }

        // What it says later only has to go somewhere.
        _ = _process.StandardError.ReadToEndAsync();
    }

    /// <summary>Ends the capture; the file is complete afterwards.</summary>
    public void Dispose()
    {
        if (_ended) return;
        _ended = true;
        if (!_process.HasExited)
        {
            using var kill = Process.Start("kill", ["-TERM", _process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
            kill.WaitForExit();
            _process.WaitForExit();
        }

        _process.Dispose();
    }

    /// <summary>When the first 200 to an INVITE passed, in seconds; null when none did.</summary>
    public double? FirstAnswer() => Packets()
        .Where(p => IsAnswer(p.Payload))
        .Select(p => (double?)p.At).FirstOrDefault();

    /// <summary>The SIP messages that passed, as they were, each of UDP or of one segment.</summary>
    public IReadOnlyList<string> Messages() =>
        [.. Packets().Select(p => System.Text.Encoding.Latin1.GetString(p.Payload)).Where(t => t.Contains(" SIP/2.0\r\n", StringComparison.Ordinal) || t.StartsWith("SIP/2.0 ", StringComparison.Ordinal))];

    /// <summary>When each RTP packet with audio came in to this host, directly or through TURN, in seconds of the wall clock.</summary>
    public IReadOnlyList<double> AudioTo(string host) => [.. Packets().Where(p => p.Destination == host && IsAudio(p.Payload)).Select(p => p.At)];

    /// <summary>When the first RTP packet with audio came in to this host, directly or through TURN.</summary>
    public double? FirstAudioTo(string host) => Packets()
        .Where(p => p.Destination == host && IsAudio(p.Payload))
        .Select(p => (double?)p.At).FirstOrDefault();

    private static bool IsAnswer(byte[] payload)
    {
        var text = System.Text.Encoding.Latin1.GetString(payload);
        return text.StartsWith("SIP/2.0 200", StringComparison.Ordinal) && System.Text.RegularExpressions.Regex.IsMatch(text, @"\nCSeq:\s*\d+\s+INVITE");
    }

    private static bool IsAudio(ReadOnlySpan<byte> payload)
    {
        if (payload.Length >= 16 && payload[0] is >= 0x40 and <= 0x4F) payload = payload[4..];
        else if (payload.Length >= 20 && payload[0] == 0 && payload[1] == 0x17) payload = DataOf(payload);
        return payload.Length > 12 && payload[0] >> 6 == 2 && (payload[1] & 0x7F) is < 64 or > 95 && payload[0] >> 6 == 2;
    }

    /// <summary>The DATA attribute of a Data indication.</summary>
    private static ReadOnlySpan<byte> DataOf(ReadOnlySpan<byte> message)
    {
        for (var at = 20; at + 4 <= message.Length;)
        {
            var length = BinaryPrimitives.ReadUInt16BigEndian(message[(at + 2)..]);
            if (message[at] == 0 && message[at + 1] == 0x13 && at + 4 + length <= message.Length) return message.Slice(at + 4, length);
            at += 4 + ((length + 3) & ~3);
        }

        return [];
    }

    /// <summary>UDP and TCP payloads of IPv4 packets in a classic little-endian pcap file with Ethernet frames.</summary>
    private IEnumerable<(double At, string Destination, byte[] Payload)> Packets()
    {
        var file = File.ReadAllBytes(_file);
        for (var at = 24; at + 16 <= file.Length;)
        {
            var time = BinaryPrimitives.ReadUInt32LittleEndian(file.AsSpan(at)) + BinaryPrimitives.ReadUInt32LittleEndian(file.AsSpan(at + 4)) / 1e6;
            var length = (int)BinaryPrimitives.ReadUInt32LittleEndian(file.AsSpan(at + 8));
            at += 16;
            if (at + length > file.Length) yield break;
            var frame = file.AsMemory(at, length);
            at += length;
            if (Payload(frame.Span) is { } found) yield return (time, found.Destination, found.Payload);
        }
    }

    private static (string Destination, byte[] Payload)? Payload(ReadOnlySpan<byte> frame)
    {
        if (frame.Length < 34 || frame[12] != 8 || frame[13] != 0 || frame[14] >> 4 != 4) return null;
        var ip = frame[14..];
        var header = (ip[0] & 15) * 4;
        var total = Math.Min(BinaryPrimitives.ReadUInt16BigEndian(ip[2..]), ip.Length);
        var isLaterFragment = (BinaryPrimitives.ReadUInt16BigEndian(ip[6..]) & 0x1FFF) != 0;
        var destination = $"{ip[16]}.{ip[17]}.{ip[18]}.{ip[19]}";
        if (isLaterFragment || total < header + 8) return null;
        var segment = ip[header..total];
        // The number of a name server's answer may look like RTP's first octets.
        return ip[9] switch
        {
            17 when BinaryPrimitives.ReadUInt16BigEndian(segment) == NamePort => null,
            17 => (destination, segment[8..].ToArray()),
            6 when segment.Length > (segment[12] >> 4) * 4 => (destination, segment[((segment[12] >> 4) * 4)..].ToArray()),
            _ => null,
        };
    }
}
