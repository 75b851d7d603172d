namespace Softphone.Nat.Tests;

public sealed class PacketFramerTests
{
    /// <summary>Packets of 3, 0, 1 and 300 octets.</summary>
    private static readonly byte[] Octets = [0, 3, 1, 2, 3, 0, 0, 0, 1, 9, 1, 44, .. Enumerable.Repeat((byte)7, 300)];

    [Fact]
    [Rfc("4571", "2", Line = "I78")]
    public void Stream_EverySplitPoint_CutsTheSamePackets()
    {
        for (var a = 0; a <= Octets.Length; a++)
            for (var b = a; b <= Octets.Length; b += 7) Assert.Equal([3, 1, 300], Cut(Octets[..a], Octets[a..b], Octets[b..]));
    }

    [Fact]
    [Rfc("4571", "2", Line = "I78")]
    public void Stream_OctetByOctet_CutsTheSamePackets() => Assert.Equal([3, 1, 300], Cut([.. Octets.Select(o => new[] { o })]));

    [Fact]
    [Rfc("6544", "10.1", Line = "I78")]
    public void Length_ThatNoPacketHas_BreaksTheStream_AndNothingIsKept()
    {
        var framer = new PacketFramer();
        framer.Append([0, 1, 5, 0xFF, 0xFF, 1]);
        Assert.True(framer.TryTake(out var packet));
        Assert.Equal([5], packet.ToArray());
        Assert.False(framer.TryTake(out _));
        Assert.True(framer.IsBroken);
        var waiting = framer.Waiting;
        framer.Append(new byte[5000]);
        Assert.Equal(waiting, framer.Waiting);
        Assert.False(framer.TryTake(out _));
    }

    [Fact]
    [Rfc("4571", "2", Line = "I78")]
    public void Write_PutsTheLengthBefore_AndRefusesWhatDoesNotFit()
    {
        var frame = new byte[5];
        Assert.Equal(5, PacketFramer.Write([7, 8, 9], frame));
        Assert.Equal([0, 3, 7, 8, 9], frame);
        Assert.Equal(0, PacketFramer.Write([7, 8, 9, 10], frame));
        Assert.Equal(0, PacketFramer.Write(new byte[65_536], new byte[70_000]));
    }

    [Fact]
    public void SteadyState_AllocatesNothing()
    {
        var framer = new PacketFramer();
        Pass();
        var before = Allocated.Now;
        for (var i = 0; i < 1000; i++) Pass();
        Allocated.AssertNoneSince(before);

        void Pass()
        {
            framer.Append(Octets);
            while (framer.TryTake(out _)) continue;
        }
    }

    private static List<int> Cut(params byte[][] parts)
    {
        var framer = new PacketFramer();
        var lengths = new List<int>();
        foreach (var part in parts)
        {
            framer.Append(part);
            while (framer.TryTake(out var packet)) lengths.Add(packet.Length);
        }

        Assert.False(framer.IsBroken);
        Assert.Equal(0, framer.Waiting);
        return lengths;
    }
}
