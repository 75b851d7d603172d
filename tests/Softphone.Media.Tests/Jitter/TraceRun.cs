using System.Globalization;
using Softphone.Core;

namespace Softphone.Media.Tests;

/// <summary>
/// Plays a trace of one-way delays (milliseconds, one line for each packet of 20 ms) and a loss mask through a jitter buffer in virtual
/// time. Sequence numbers and timestamps wrap soon after the start.
/// </summary>
internal sealed class TraceRun
{
    private const int Frame = 960;

    private TraceRun(double concealed, double mean, double p95, JitterStatistics statistics, ulong hash)
    {
        ConcealedPercent = concealed;
        MeanMs = mean;
        P95Ms = p95;
        Statistics = statistics;
        Hash = hash;
    }

    public double ConcealedPercent { get; }

    /// <summary>Mean delay of what was played, over the fastest packet of the whole trace.</summary>
    public double MeanMs { get; }

    public double P95Ms { get; }

    public JitterStatistics Statistics { get; }

    /// <summary>Of every sample that came out.</summary>
    public ulong Hash { get; }

    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{ConcealedPercent:F2} % @ {MeanMs:F1}/{P95Ms:F0} ms  {Statistics}");

    public static double[] Delays(string trace) =>
        [.. File.ReadLines(Suites.Find($"media/traces/{trace}.txt")).Select(line => double.Parse(line, CultureInfo.InvariantCulture))];

    public static bool[] Losses(string mask) => [.. File.ReadLines(Suites.Find($"media/traces/loss_{mask}.txt")).Select(line => line == "1")];

    public static TraceRun Play(double[] delays, bool[]? lost, JitterOptions options, bool fec = false, int pull = 480, double phaseMs = 3)
    {
        var buffer = new JitterBuffer(options);
        var codec = new PcmCodec { Fec = fec };
        var decoder = new PcmCodec();
        var fastest = delays.Min();
        var arrivals = delays.Select((delay, i) => (At: i * 20 + delay, Index: i)).Where(a => lost is null || !lost[a.Index])
            .OrderBy(a => a.At).ToArray();
        var payloads = new byte[delays.Length][];
        var frame = new short[Frame];
        var octets = new byte[4 + 4 * Frame];
        for (var i = 0; i < payloads.Length; i++)
        {
            Speech.Fill((long)i * Frame, frame);
            payloads[i] = octets[..codec.Encode(frame, octets)];
        }

        var heard = new List<double>();
        var output = new short[pull];
        ulong hash = 14695981039346656037;
        var next = 0;
        var end = delays.Length * 20;
        for (var ms = phaseMs; ms < end; ms += pull / 48.0)
        {
            for (; next < arrivals.Length && arrivals[next].At <= ms; next++)
            {
                var (at, index) = arrivals[next];
                var header = new RtpHeader(96, (ushort)(65_000 + index), (uint)(uint.MaxValue - 90_000 + index * Frame), 7);
                buffer.Put(At(at), header, 48_000, decoder, payloads[index]);
            }

            var before = buffer.Statistics;
            buffer.Pull(At(ms), output);
            var after = buffer.Statistics;
            foreach (var sample in output) hash = (hash ^ (ushort)sample) * 1099511628211;
            if (after.Concealed == before.Concealed && after.Idle == before.Idle)
                heard.Add(ms - ((buffer.Position - output.Length - (uint.MaxValue - 90_000)) / 48.0 + fastest));
        }

        heard.Sort();
        return new TraceRun(buffer.Statistics.ConcealedPercent, heard.Average(), heard[heard.Count * 95 / 100], buffer.Statistics, hash);
    }

    private static Instant At(double ms) => new((long)(ms * 1e6));
}
