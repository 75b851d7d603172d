using Softphone.Core;

namespace Softphone.Sockets.Tests;

public sealed class BufferedEntropyTests
{
    [Fact]
    public void Fill_SmallAndLarge_NeverGivesTheSameOctetsTwice()
    {
        var source = new SeededEntropy(7);
        var buffered = new BufferedEntropy(source);
        var seen = new HashSet<string>();
        var octets = new byte[12];
        for (var i = 0; i < 10_000; i++)
        {
            buffered.Fill(octets);
            Assert.True(seen.Add(Convert.ToHexString(octets)), $"draw {i}");
        }

        var large = new byte[5000];
        buffered.Fill(large);
        Assert.InRange(large.Distinct().Count(), 250, 256);
    }

    [Fact]
    public void Fill_OneOctetAtATime_IsUniform()
    {
        var buffered = new BufferedEntropy(new SystemEntropy());
        var counts = new int[256];
        Span<byte> one = stackalloc byte[1];
        for (var i = 0; i < 256_000; i++)
        {
            buffered.Fill(one);
            counts[one[0]]++;
        }

        Assert.All(counts, c => Assert.InRange(c, 700, 1300));
    }
}
