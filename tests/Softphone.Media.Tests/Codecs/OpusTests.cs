namespace Softphone.Media.Tests;

public sealed class OpusTests
{
    private const int Frame = 960;

    [Fact]
    [Rfc("6716", "2.1.7")]
    public void Fec_LostFrame_IsRecoveredFromTheNext()
    {
        var pcm = Signals.Voice(96_000);
        var packets = Encode(pcm, new EncoderTuning(32_000, Fec: true, ExpectedLossPercent: 20));
        Assert.True(packets.Skip(5).Count(p => OpusDecoder.CarriesCopy(p)) > packets.Count / 2);

        using var clean = new OpusDecoder();
        using var recovering = new OpusDecoder();
        using var concealing = new OpusDecoder();
        var (a, b, c) = (new short[Frame], new short[Frame], new short[Frame]);
        double recoveredError = 0, concealedError = 0;
        for (var i = 0; i + 1 < packets.Count; i++)
        {
            clean.Decode(packets[i], a);
            if (i % 10 == 9 && recovering.TryRecover(packets[i + 1], Frame, b))
            {
                Assert.Equal(Frame, concealing.Conceal(Frame, c));
                recoveredError += Error(a, b);
                concealedError += Error(a, c);
                continue;
            }

            recovering.Decode(packets[i], b);
            concealing.Decode(packets[i], c);
        }

        Assert.True(concealedError > 0);
        Assert.True(recoveredError < concealedError, $"recovered {recoveredError:G3}, concealed {concealedError:G3}");
    }

    [Fact]
    [Rfc("7587", "6.1", Line = "media R16")]
    public void Fec_SwitchedOff_LeavesNothingToRecoverAndTheStateAsItWas()
    {
        var packets = Encode(Signals.Voice(48_000), EncoderTuning.Default);
        Assert.DoesNotContain(packets, p => OpusDecoder.CarriesCopy(p));
        using var one = new OpusDecoder();
        using var two = new OpusDecoder();
        var (a, b, untouched) = (new short[Frame], new short[Frame], new short[Frame]);
        foreach (var packet in packets)
        {
            Assert.False(one.TryRecover(packet, Frame, untouched));
            one.Decode(packet, a);
            two.Decode(packet, b);
            Assert.Equal(b, a);
        }

        Assert.All(untouched, s => Assert.Equal(0, s));
    }

    [Fact]
    public void Tune_BitRate_ChangesThePacketSize()
    {
        var pcm = Signals.Voice(48_000);
        var small = Encode(pcm, new EncoderTuning(12_000)).Average(p => p.Length);
        var large = Encode(pcm, new EncoderTuning(64_000)).Average(p => p.Length);
        Assert.True(large > small * 2, $"{small:F0} and {large:F0} octets");
    }

    [Fact]
    [Rfc("7587", "4.2", Line = "media R15")]
    public void Samples_OfEveryFrameLength_AreCountedFromTheToc()
    {
        using var decoder = new OpusDecoder();
        Assert.Equal(120, decoder.SamplesOf([0x80, 0]));
        Assert.Equal(480, decoder.SamplesOf([0x00, 0]));
        Assert.Equal(2880, decoder.SamplesOf([0x18, 0]));
        Assert.Equal(1920, decoder.SamplesOf([0x09, 1, 1]));
        Assert.Equal(0, decoder.SamplesOf([0x1B, 49]));
    }

    [Fact]
    public void Conceal_OddLength_FillsAllOfIt()
    {
        using var decoder = new OpusDecoder();
        var pcm = new short[7000];
        Assert.Equal(7000, decoder.Conceal(7000, pcm));
        Assert.Equal(100, decoder.Conceal(100, pcm));
    }

    [Fact]
    public void Recover_LengthThatIsNoMultiple_IsRefused()
    {
        using var decoder = new OpusDecoder();
        Assert.False(decoder.TryRecover([0x48, 0xFF, 0xFF], 500, new short[960]));
    }

    private static double Error(short[] a, short[] b)
    {
        var sum = 0.0;
        for (var i = 0; i < a.Length; i++) sum += Math.Pow(a[i] - b[i], 2);
        return sum;
    }

    private static List<byte[]> Encode(short[] pcm, EncoderTuning tuning)
    {
        using var encoder = new OpusEncoder(tuning);
        var payload = new byte[1500];
        var packets = new List<byte[]>();
        for (var at = 0; at + Frame <= pcm.Length; at += Frame) packets.Add(payload[..encoder.Encode(pcm.AsSpan(at, Frame), payload)]);
        return packets;
    }
}
