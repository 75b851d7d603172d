using Softphone.Core;

namespace Softphone.Media.Tests;

/// <summary>What the encoder spends is never more, on average, than the peer allows (maxaveragebitrate).</summary>
public sealed class OpusRateTests(ITestOutputHelper output)
{
    public static TheoryData<int, int, int, OpusLibrary> Cases()
    {
        var cases = new TheoryData<int, int, int, OpusLibrary>();
        foreach (var allowed in new[] { 6_000, 9_500, 14_000, 21_000, 24_000, 27_500, 32_000 })
            foreach (var lossPercent in new[] { 0, 4, 12, 30, 60 })
                cases.Add(allowed, lossPercent, lossPercent == 12 ? 60 : 20, lossPercent == 4 && allowed % 1000 == 500 ? OpusLibrary.Managed : OpusLibrary.Best);
        return cases;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    [Rfc("7587", "6.1")]
    public void Rate_AtAnyLoss_IsNeverAboveWhatIsAllowed(int allowed, int lossPercent, int ptimeMs, OpusLibrary library)
    {
        var policy = new FecPolicy();
        using var encoder = new OpusEncoder(policy.Tuning(allowed, true), library);
        var payload = new byte[2000];
        var pcm = new short[ptimeMs * 48];
        long octets = 0;
        const int seconds = 40;
        for (var ms = 0; ms < seconds * 1000; ms += ptimeMs)
        {
            if (ms % 5000 == 0)
            {
                policy.Report(new Instant(ms * 1_000_000L), (byte)(lossPercent * 256 / 100));
                encoder.Tune(policy.Tuning(allowed, true));
            }

            Loud(ms * 48, pcm);
            octets += encoder.Encode(pcm, payload);
            if (ms > 5000) Assert.InRange(octets * 8000.0 / (ms + ptimeMs), 0, allowed);
        }

        output.WriteLine($"{octets * 8.0 / seconds:F0} of {allowed} at {lossPercent} %");
        Assert.InRange(octets * 8.0 / seconds, 0.7 * allowed, allowed);
    }

    /// <summary>Without a pause, with noise on top: what costs most.</summary>
    private static void Loud(long from, Span<short> pcm)
    {
        for (var i = 0; i < pcm.Length; i++)
        {
            var n = from + i;
            pcm[i] = (short)(Speech.Sample(n % 67_200) + (((uint)(n * 2654435761) >> 20) - 2048));
        }
    }
}
