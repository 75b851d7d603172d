using System.Buffers.Binary;

namespace Softphone.Cli.Tests;

/// <summary>The last packets of a phone.</summary>
public sealed class PacketMemoryTests
{
    private static readonly DateTimeOffset Start = new(2026, 3, 2, 14, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Packets_ComeBackInOrder_FromAMomentOn()
    {
        using var memory = new PacketMemory(10_000);
        for (var i = 0; i < 10; i++) memory.Write(Start.AddSeconds(i), Packet(i, 20 + i));
        var packets = memory.Since(Start.AddSeconds(4));
        Assert.Equal(Enumerable.Range(4, 6), packets.Select(p => Number(p.Packet)));
        Assert.Equal(Enumerable.Range(4, 6).Select(i => Start.AddSeconds(i)), packets.Select(p => p.At));
        Assert.Equal(24, packets[0].Packet.Length);
    }

    [Fact]
    public void Ring_ThatIsFull_ForgetsTheOldest()
    {
        using var memory = new PacketMemory(1000);
        for (var i = 0; i < 5000; i++) memory.Write(Start, Packet(i, 4 + (i * 7 % 100)));
        var numbers = memory.Since(Start).Select(p => Number(p.Packet)).ToList();
        Assert.True(numbers.Count > 8, $"{numbers.Count}");
        Assert.Equal(Enumerable.Range(5000 - numbers.Count, numbers.Count), numbers);
        Assert.All(memory.Since(Start), p => Assert.Equal(4 + (Number(p.Packet) * 7 % 100), p.Packet.Length));
    }

    [Fact]
    public void Packet_LargerThanTheRing_IsLeftOut()
    {
        using var memory = new PacketMemory(100);
        memory.Write(Start, Packet(1, 20));
        memory.Write(Start, Packet(2, 99));
        Assert.Equal(1, Number(Assert.Single(memory.Since(Start)).Packet));
    }

    private static byte[] Packet(int number, int length)
    {
        var packet = new byte[length];
        BinaryPrimitives.WriteInt32LittleEndian(packet, number);
        return packet;
    }

    private static int Number(byte[] packet) => BinaryPrimitives.ReadInt32LittleEndian(packet);
}
