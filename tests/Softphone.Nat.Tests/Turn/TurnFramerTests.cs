using Softphone.Core;

namespace Softphone.Nat.Tests;

public sealed class TurnFramerTests
{
    private static readonly byte[] Refresh = Written(9);

    /// <summary>A request, channel data with padding, empty channel data, channel data of a multiple of four, a request.</summary>
    private static readonly byte[] Octets = [.. Refresh, 0x40, 1, 0, 5, 1, 2, 3, 4, 5, 0, 0, 0, 0x4F, 0xFF, 0, 0, 0x40, 2, 0, 4, 9, 9, 9, 9, .. Refresh];

    private static readonly int[] Lengths = [28, 9, 4, 8, 28];

    [Fact]
    [Rfc("8656", "12.5", Line = "T30")]
    [Rfc("8656", "12.5", Line = "T29")]
    [Rfc("8489", "6.2.2", Line = "S30")]
    public void Stream_EverySplitPoint_CutsTheSameMessages()
    {
        for (var split = 0; split <= Octets.Length; split++) Assert.Equal(Lengths, Cut(Octets[..split], Octets[split..]));
    }

    [Fact]
    [Rfc("8656", "12.5", Line = "T30")]
    public void Stream_OctetByOctet_CutsTheSameMessages() => Assert.Equal(Lengths, Cut([.. Octets.Select(o => new[] { o })]));

    [Fact]
    public void Message_IsHandedOutWithoutItsPadding()
    {
        var framer = new TurnFramer();
        framer.Append([0x40, 1, 0, 2, 7, 8, 0xAA]);
        Assert.False(framer.TryTake(out _));
        Assert.Equal(7, framer.Waiting);
        framer.Append([0xBB]);
        Assert.True(framer.TryTake(out var message));
        Assert.Equal([0x40, 1, 0, 2, 7, 8], message.ToArray());
        Assert.Equal(0, framer.Waiting);
    }

    [Fact]
    public void Message_OfTheGreatestLength_IsTaken()
    {
        byte[] long_ = [0x40, 0, 0xFF, 0xFF, .. new byte[65_536]];
        Assert.Equal([65_539], Cut(long_[..5000], long_[5000..]));
    }

    [Theory]
    [InlineData("1603010200")]
    [InlineData("50000004")]
    [InlineData("80000004")]
    [InlineData("FFFFFFFF")]
    [InlineData("0004000800")]
    [InlineData("00010001")]
    [Rfc("8656", "12.5", Line = "T30")]
    public void Nonsense_BreaksTheStream(string hex)
    {
        // The fifth looks like STUN, and waits; what is no multiple of four cannot be.
        var framer = new TurnFramer();
        framer.Append(Convert.FromHexString(hex));
        Assert.False(framer.TryTake(out _));
        Assert.Equal(hex != "0004000800", framer.IsBroken);
        framer.Append(Octets);
        if (framer.IsBroken) Assert.False(framer.TryTake(out _));
        framer.Clear();
        framer.Append(Refresh);
        Assert.True(framer.TryTake(out _));
    }

    [Fact]
    public void SteadyState_AllocatesNothing()
    {
        var framer = new TurnFramer();
        byte[] packet = [0x40, 1, 0, 161, .. new byte[164]];
        long before = 0;
        for (var i = 0; i < 2000; i++)
        {
            if (i == 1000) before = Allocated.Now;
            framer.Append(packet.AsSpan(0, 100));
            while (framer.TryTake(out _)) continue;
            framer.Append(packet.AsSpan(100));
            while (framer.TryTake(out _)) continue;
        }

        Allocated.AssertNoneSince(before);
        Assert.Equal(0, framer.Waiting);
    }

    private static int[] Cut(params byte[][] pieces)
    {
        var framer = new TurnFramer();
        var lengths = new List<int>();
        foreach (var piece in pieces)
        {
            framer.Append(piece);
            while (framer.TryTake(out var message)) lengths.Add(message.Length);
        }

        Assert.False(framer.IsBroken);
        return [.. lengths];
    }

    private static byte[] Written(uint lifetime)
    {
        var writer = new StunWriter(new byte[64], StunClass.Request, StunMethod.Refresh, TransactionId.Next(new SeededEntropy(1)));
        writer.AddUInt32(StunAttributeType.Lifetime, lifetime);
        return writer.Written.ToArray();
    }
}
