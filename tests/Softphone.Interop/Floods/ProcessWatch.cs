using System.Diagnostics;
using System.Globalization;

namespace Softphone.Interop;

/// <summary>Resident memory and processor time of a process from now on.</summary>
internal sealed class ProcessWatch : IDisposable
{
    private readonly int _id;
    private readonly TimeSpan _startedAt;
    private readonly Timer _timer;

    public ProcessWatch(int id)
    {
        _id = id;
        _startedAt = Spent();
        Before = Peak = Resident;
        _timer = new Timer(_ => Peak = Math.Max(Peak, Resident), null, 0, 100);
    }

    /// <summary>Megabytes at the start.</summary>
    public double Before { get; }

    public double Peak { get; private set; }

    /// <summary>Megabytes now; 0 when the process has ended.</summary>
    public double Resident
    {
        get
        {
            try
            {
                var line = File.ReadLines($"/proc/{_id}/status").FirstOrDefault(l => l.StartsWith("VmRSS:", StringComparison.Ordinal));
                return line is null ? 0 : double.Parse(line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) / 1024;
            }
            catch (IOException)
            {
                return 0;
            }
        }
    }

    /// <summary>Seconds of processor time since the start.</summary>
    public double Processor => (Spent() - _startedAt).TotalSeconds;

    /// <summary>Seconds in which the thread that waited longest was ready to run and had no processor, since it began; 0 where the system does not tell.</summary>
    public static double Waited(int process)
    {
        try
        {
            return Directory.GetDirectories($"/proc/{process}/task").Max(t => double.Parse(File.ReadAllText(Path.Combine(t, "schedstat")).Split(' ')[1], CultureInfo.InvariantCulture)) / 1e9;
        }
        catch (Exception e) when (e is IOException or InvalidOperationException)
        {
            return 0;
        }
    }

    public void Dispose() => _timer.Dispose();

    /// <summary>The UDP ports that it has open: its sockets by their inodes.</summary>
    public IReadOnlySet<int> UdpPorts()
    {
        var inodes = Directory.GetFiles($"/proc/{_id}/fd").Select(f => new FileInfo(f).LinkTarget).Where(l => l?.StartsWith("socket:[", StringComparison.Ordinal) == true)
            .Select(l => l![8..^1]).ToHashSet();
        return File.ReadLines($"/proc/{_id}/net/udp").Skip(1).Select(l => l.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
            .Where(f => inodes.Contains(f[9])).Select(f => int.Parse(f[1][(f[1].IndexOf(':', StringComparison.Ordinal) + 1)..], NumberStyles.HexNumber, CultureInfo.InvariantCulture)).ToHashSet();
    }

    private TimeSpan Spent()
    {
        using var found = Process.GetProcessById(_id);
        return found.TotalProcessorTime;
    }
}
