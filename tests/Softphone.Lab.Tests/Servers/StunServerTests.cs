using Softphone.Core;
using Softphone.Nat;

namespace Softphone.Lab.Tests;

public class StunServerTests
{
    private readonly byte[] _buffer = new byte[2048];

    [Theory]
    [InlineData("203.0.113.10:3478", 0, "203.0.113.10:3478")]
    [InlineData("203.0.113.10:3478", 2, "203.0.113.10:3479")]
    [InlineData("203.0.113.10:3478", 4, "203.0.113.11:3478")]
    [InlineData("203.0.113.10:3478", 6, "203.0.113.11:3479")]
    [InlineData("203.0.113.11:3479", 0, "203.0.113.11:3479")]
    [InlineData("203.0.113.11:3479", 6, "203.0.113.10:3478")]
    [InlineData("203.0.113.11:3478", 2, "203.0.113.11:3479")]
    [Rfc("5780", "6.1", Line = "D01")]
    public void Binding_ChangeRequest_IsAnsweredFromTheSocketAskedFor(string to, uint change, string from)
    {
        var bench = new StunBench();
        var client = Bench.On(Bench.PublicHost(bench.World, "c", "203.0.113.1"));
        Assert.Equal(Address.Parse(from), bench.AnswerFrom(client, Address.Parse(to), change));
    }

    [Fact]
    [Rfc("5780", "7.3", Line = "D02")]
    public void Binding_TwoAddresses_TellsOriginAndOtherAddress()
    {
        var bench = new StunBench();
        var client = Bench.On(Bench.PublicHost(bench.World, "c", "203.0.113.1"));
        var writer = new StunWriter(_buffer, StunClass.Request, StunMethod.Binding, bench.NewId());
        writer.AddUInt32(StunAttributeType.ChangeRequest, 6);
        var answer = Assert.Single(bench.Ask(client, StunBench.Server, writer.Written));
        Assert.True(StunReader.TryParse(answer.Message, out var reader, out _));
        Assert.True(reader.TryGetAddress(StunAttributeType.ResponseOrigin, out var origin));
        Assert.True(reader.TryGetAddress(StunAttributeType.OtherAddress, out var other));
        Assert.True(reader.TryGetAddress(StunAttributeType.MappedAddress, out var mapped));
        Assert.Equal((answer.From, Address.Parse("203.0.113.11:3479"), client.Bound), (origin, other, mapped));
    }

    [Fact]
    [Rfc("5780", "6.1", Line = "D03")]
    public void Binding_OneAddress_RefusesChangeRequestAndTellsNoOtherAddress()
    {
        var bench = new StunBench(stun: o => o with { Alternate = default });
        var client = Bench.On(Bench.PublicHost(bench.World, "c", "203.0.113.1"));
        var writer = new StunWriter(_buffer, StunClass.Request, StunMethod.Binding, bench.NewId());
        writer.AddUInt32(StunAttributeType.ChangeRequest, 2);
        AssertRefused(bench.Ask(client, StunBench.Server, writer.Written), 420, StunAttributeType.ChangeRequest);

        writer = new StunWriter(_buffer, StunClass.Request, StunMethod.Binding, bench.NewId());
        Assert.True(StunReader.TryParse(Assert.Single(bench.Ask(client, StunBench.Server, writer.Written)).Message, out var reader, out _));
        Assert.False(reader.Has(StunAttributeType.OtherAddress));
        Assert.False(reader.Has(StunAttributeType.ResponseOrigin));
    }

    [Theory]
    [InlineData(StunAttributeType.ResponseAddress)]
    [InlineData(0x7777)]
    [Rfc("8489", "6.3.1", Line = "S07")]
    [Rfc("3489", "12", Line = "D17")]
    public void Binding_UnknownOrReflectingAttribute_IsRefused(ushort type)
    {
        var bench = new StunBench();
        var client = Bench.On(Bench.PublicHost(bench.World, "c", "203.0.113.1"));
        var writer = new StunWriter(_buffer, StunClass.Request, StunMethod.Binding, bench.NewId());
        writer.Add(type, new byte[8]);
        AssertRefused(bench.Ask(client, StunBench.Server, writer.Written), 420, type);
    }

    [Fact]
    [Rfc("8489", "14", Line = "S37")]
    public void Binding_WithoutDiscovery_IsAnsweredWith32Octets()
    {
        var bench = new StunBench(stun: o => o with { Discovers = false });
        var client = Bench.On(Bench.PublicHost(bench.World, "c", "203.0.113.1"));
        var writer = new StunWriter(_buffer, StunClass.Request, StunMethod.Binding, bench.NewId());
        var answer = Assert.Single(bench.Ask(client, StunBench.Server, writer.Written));
        Assert.True(answer.Message.Length <= 1.6 * writer.Length, $"{answer.Message.Length} for {writer.Length}");
    }

    [Fact]
    [Rfc("3489", "8.1", Line = "S38")]
    public void Binding_ClassicDialect_IsAnsweredInIt()
    {
        var bench = new StunBench();
        var client = Bench.On(Bench.PublicHost(bench.World, "c", "203.0.113.1"));
        var writer = StunWriter.Classic(_buffer, StunClass.Request, StunMethod.Binding, bench.NewId(), cookie: 0x01020304);
        writer.AddUInt32(StunAttributeType.ChangeRequest, 4);
        var answer = Assert.Single(bench.Ask(client, StunBench.Server, writer.Written));
        Assert.Equal(Address.Parse("203.0.113.11:3478"), answer.From);
        Assert.Equal(_buffer.AsSpan(4, 16).ToArray(), answer.Message[4..20]);
        Assert.True(StunReader.TryParseClassic(answer.Message, out var reader, out _));
        Assert.True(reader.TryGetAddress(StunAttributeType.MappedAddress, out var mapped));
        Assert.True(reader.TryGetAddress(StunAttributeType.SourceAddress, out var source));
        Assert.True(reader.TryGetAddress(StunAttributeType.ChangedAddress, out var changed));
        Assert.Equal((client.Bound, answer.From, Address.Parse("203.0.113.11:3479")), (mapped, source, changed));
        Assert.False(reader.Has(StunAttributeType.XorMappedAddress));
    }

    [Fact]
    [Rfc("8489", "11", Line = "S38")]
    public void Binding_ClassicDialectOff_IsIgnored()
    {
        var bench = new StunBench(stun: o => o with { IsClassic = false });
        var client = Bench.On(Bench.PublicHost(bench.World, "c", "203.0.113.1"));
        var writer = StunWriter.Classic(_buffer, StunClass.Request, StunMethod.Binding, bench.NewId(), cookie: 1);
        Assert.Empty(bench.Ask(client, StunBench.Server, writer.Written));
    }

    [Fact]
    [Rfc("8489", "6.3.2", Line = "S36")]
    public void Binding_IndicationOrWrongFingerprint_IsNotAnswered()
    {
        var bench = new StunBench();
        var client = Bench.On(Bench.PublicHost(bench.World, "c", "203.0.113.1"));
        var writer = new StunWriter(_buffer, StunClass.Indication, StunMethod.Binding, bench.NewId());
        Assert.Empty(bench.Ask(client, StunBench.Server, writer.Written));
        writer = new StunWriter(_buffer, StunClass.Request, StunMethod.Binding, bench.NewId());
        writer.AddFingerprint();
        _buffer[writer.Length - 1] ^= 1;
        Assert.Empty(bench.Ask(client, StunBench.Server, writer.Written));
    }

    [Fact]
    [Rfc("5780", "7.5")]
    public void Binding_ResponsePort_IsAnsweredThereUnlessPadded()
    {
        var bench = new StunBench();
        var host = Bench.PublicHost(bench.World, "c", "203.0.113.1");
        var client = Bench.On(host);
        host.TryOpen(Transport.Udp, client.Bound.Ip, 7000, out var other, out _, out _);
        var writer = new StunWriter(_buffer, StunClass.Request, StunMethod.Binding, bench.NewId());
        writer.AddUInt16(StunAttributeType.ResponsePort, 7000);
        Assert.Empty(bench.Ask(client, StunBench.Server, writer.Written));
        Assert.Equal(other, client.Probe.Received[^1].Path);

        writer = new StunWriter(_buffer, StunClass.Request, StunMethod.Binding, bench.NewId());
        writer.AddUInt16(StunAttributeType.ResponsePort, 7000);
        writer.Add(StunAttributeType.Padding, new byte[64]);
        AssertRefused(bench.Ask(client, StunBench.Server, writer.Written), 400, 0);
    }

    [Fact]
    [Rfc("5780", "7.6", Line = "D14")]
    public void Binding_Padding_IsAnsweredWithAsMuch()
    {
        var bench = new StunBench();
        var client = Bench.On(Bench.PublicHost(bench.World, "c", "203.0.113.1"));
        var writer = new StunWriter(_buffer, StunClass.Request, StunMethod.Binding, bench.NewId());
        writer.Add(StunAttributeType.Padding, new byte[1400]);
        Assert.True(StunReader.TryParse(Assert.Single(bench.Ask(client, StunBench.Server, writer.Written)).Message, out var reader, out _));
        Assert.True(reader.TryGet(StunAttributeType.Padding, out var padding));
        Assert.Equal(1400, padding.Length);
    }

    [Theory]
    [InlineData(0u)]
    [InlineData(6u)]
    [Rfc("8489", "6.3.1", Line = "S33")]
    public void Binding_Retransmitted_GetsTheSameAnswerForFortySeconds(uint change)
    {
        var bench = new StunBench();
        var client = Bench.On(Bench.PublicHost(bench.World, "c", "203.0.113.1"));
        var writer = new StunWriter(_buffer, StunClass.Request, StunMethod.Binding, bench.NewId());
        writer.AddUInt32(StunAttributeType.ChangeRequest, change);
        var first = Assert.Single(bench.Ask(client, StunBench.Server, writer.Written));
        foreach (var wait in new[] { 0, 1, 38 })
        {
            bench.World.RunUntil(bench.World.Now + TimeSpan.FromSeconds(wait));
            var again = Assert.Single(bench.Ask(client, StunBench.Server, writer.Written));
            Assert.Equal(first.From, again.From);
            Assert.Equal(first.Message, again.Message);
        }
    }

    [Theory]
    [InlineData("203.0.113.10:3478")]
    [InlineData("203.0.113.10:3479")]
    [InlineData("203.0.113.11:3478")]
    [InlineData("203.0.113.11:3479")]
    [Rfc("8489", "6.3.1.2", Line = "S34")]
    public void Answer_GoodOrBad_LeavesFromTheSocketThatWasAsked(string server)
    {
        var bench = new StunBench();
        var client = Bench.On(Bench.PublicHost(bench.World, "c", "203.0.113.1"));
        var to = Address.Parse(server);
        var writer = new StunWriter(_buffer, StunClass.Request, StunMethod.Binding, bench.NewId());
        Assert.Equal(to, Assert.Single(bench.Ask(client, to, writer.Written)).From);
        writer = new StunWriter(_buffer, StunClass.Request, StunMethod.Binding, bench.NewId());
        writer.Add(0x7777, new byte[4]);
        var refused = bench.Ask(client, to, writer.Written);
        AssertRefused(refused, 420, 0x7777);
        Assert.Equal(to, refused[0].From);
    }

    private static void AssertRefused(List<(Address From, byte[] Message)> answers, int code, ushort unknown)
    {
        Assert.True(StunReader.TryParse(Assert.Single(answers).Message, out var reader, out _));
        Assert.True(reader.TryGetErrorCode(out var actual, out _));
        Assert.Equal((StunClass.Error, code), (reader.Class, actual));
        if (unknown == 0) return;
        Assert.True(reader.TryGet(StunAttributeType.UnknownAttributes, out var types));
        Assert.Equal(unknown, System.Buffers.Binary.BinaryPrimitives.ReadUInt16BigEndian(types));
    }
}
