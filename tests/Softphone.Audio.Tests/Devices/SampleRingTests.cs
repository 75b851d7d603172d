namespace Softphone.Audio.Tests;

public sealed class SampleRingTests
{
    [Fact]
    public void Samples_ComeOutInOrder_AcrossTheEnd()
    {
        var ring = new SampleRing(100);
        short next = 0, expected = 0;
        var chunk = new short[37];
        for (var round = 0; round < 1000; round++)
        {
            for (var i = 0; i < chunk.Length; i++) chunk[i] = next++;
            Assert.Equal(chunk.Length, ring.Write(chunk));
            Assert.Equal(chunk.Length, ring.Read(chunk));
            foreach (var sample in chunk) Assert.Equal(expected++, sample);
        }
    }

    [Fact]
    public void Full_TakesWhatFits_Empty_GivesSilenceAndCountsIt()
    {
        var ring = new SampleRing(128);
        Assert.Equal(128, ring.Write(new short[200]));
        ring.Skip(100);
        Assert.Equal(28, ring.Count);
        var out40 = new short[40];
        out40.AsSpan().Fill(7);
        ring.ReadOrSilence(out40);
        Assert.Equal(12, ring.Starved);
        Assert.All(out40, s => Assert.Equal(0, s));
    }

    [Fact]
    public void TwoThreads_LoseNothing()
    {
        const int total = 2_000_000;
        var ring = new SampleRing(1024);
        var writer = new Thread(() =>
        {
            Span<short> chunk = stackalloc short[100];
            for (var n = 0; n < total;)
            {
                var count = Math.Min(chunk.Length, total - n);
                for (var i = 0; i < count; i++) chunk[i] = (short)(n + i);
                n += ring.Write(chunk[..count]);
            }
        });
        writer.Start();
        var got = new short[130];
        for (var n = 0; n < total;)
        {
            var count = ring.Read(got);
            for (var i = 0; i < count; i++)
                if (got[i] != (short)(n + i)) Assert.Fail($"sample {n + i} is {got[i]}");
            n += count;
        }

        writer.Join();
    }
}
