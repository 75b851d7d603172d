using Softphone.Core;

namespace Softphone.Nat.Tests;

public sealed class TurnDataTests
{
    private static readonly Address Peer = ScriptedServer.Peer;
    private static readonly byte[] Payload = [0x80, 0, 1, 2, 3];

    [Fact]
    [Rfc("8656", "11.1", Line = "T22")]
    [Rfc("8656", "3.7", Line = "T31")]
    public void Send_WithoutChannel_IsASendIndicationOf36OctetsMore()
    {
        using var server = new ScriptedServer().Allocated();
        byte[] payload = [.. Payload, 9, 9, 9];
        Assert.True(server.Client.Send(server.Now, Peer, payload));
        server.Pump();
        Assert.Equal(StunMethod.CreatePermission, Assert.Single(server.Requests).Method);
        var message = Assert.Single(server.Datagrams);
        Assert.True(StunReader.TryParse(message, out var reader, out _));
        Assert.Equal((StunClass.Indication, StunMethod.Send), (reader.Class, reader.Method));
        Assert.True(reader.TryGetAddress(StunAttributeType.XorPeerAddress, out var peer));
        Assert.True(reader.TryGet(StunAttributeType.Data, out var data));
        Assert.Equal(Peer, peer);
        Assert.Equal(payload, data.ToArray());
        Assert.Equal(payload.Length + 36, message.Length);
        Assert.Equal(36, server.Client.Overhead(server.Now, Peer));
    }

    [Fact]
    [Rfc("8656", "12", Line = "T28")]
    [Rfc("8656", "12.4", Line = "T25")]
    public void Send_WhileBinding_KeepsIndications_AndChangesToTheChannelWhenBound()
    {
        using var server = new ScriptedServer { Challenges = false };
        server.Answerer = server.Mute(StunMethod.ChannelBind);
        server.Allocated();
        server.Client.Bind(server.Now, Peer);
        Assert.True(server.Client.Send(server.Now, Peer, Payload));
        server.Pump();
        Assert.Equal(PacketKind.Stun, Demultiplexer.Classify(Assert.Single(server.Datagrams)));
        server.Answerer = server.Succeed;
        server.RunTo(0.5);
        Assert.Contains(new TurnEvent.ChannelBound(Peer, 0x4000), server.Events);
        server.Client.Send(server.Now, Peer, Payload);
        server.Pump();
        Assert.Equal(ScriptedServer.ChannelData(0x4000, Payload), server.Datagrams[^1]);
        Assert.Equal(4, server.Client.Overhead(server.Now, Peer));
    }

    [Fact]
    [Rfc("8656", "12", Line = "T28")]
    public void Send_ChannelRefused_StaysWithIndications()
    {
        using var server = new ScriptedServer().Allocated();
        server.Answerer = server.Fail(StunMethod.ChannelBind, 400);
        server.Client.Permit(server.Now, Peer.Ip);
        server.Client.Bind(server.Now, Peer);
        server.Pump();
        Assert.True(server.Client.Send(server.Now, Peer, Payload));
        server.Pump();
        Assert.Equal(PacketKind.Stun, Demultiplexer.Classify(Assert.Single(server.Datagrams)));
    }

    [Fact]
    [Rfc("8656", "12", Line = "T25")]
    [Rfc("8656", "12", Line = "T26")]
    public void Channels_EachPeerHasItsOwnNumberWithinTheRange()
    {
        using var server = new ScriptedServer { Challenges = false }.Allocated();
        for (var i = 0; i < 5000; i++)
        {
            server.Client.Bind(server.Now, new Address(Peer.Ip, (ushort)(1000 + i)));
            server.Pump();
        }

        var bound = server.Events.OfType<TurnEvent.ChannelBound>().ToList();
        Assert.Equal(0x1000, bound.Count);
        Assert.Equal(0x1000, bound.Select(b => b.Channel).Distinct().Count());
        Assert.All(bound, b => Assert.InRange(b.Channel, 0x4000, 0x4FFF));
        server.Client.Bind(server.Now, new Address(Peer.Ip, 1000));
        server.Pump();
        Assert.Equal(0x1000, server.Events.OfType<TurnEvent.ChannelBound>().Count());
    }

    [Fact]
    [Rfc("8656", "12", Line = "T26")]
    public void Channels_ANumberIsUsedAgainFiveMinutesAfterItsExpiry()
    {
        using var server = new ScriptedServer { Challenges = false, Lifetime = 7200 }.Allocated();
        for (var i = 0; i < 0x1000; i++)
        {
            server.Client.Bind(server.Now, new Address(Peer.Ip, (ushort)(1000 + i)));
            server.Pump();
        }

        server.Client.Forget(Peer.Ip);
        server.Events.Clear();
        server.RunTo(899.9);
        server.Client.Bind(server.Now, new Address(Peer.Ip, 1));
        server.Pump();
        Assert.Empty(server.Events);
        server.RunTo(900);
        server.Client.Bind(server.Now, new Address(Peer.Ip, 1));
        server.Pump();
        Assert.Contains(new TurnEvent.ChannelBound(new Address(Peer.Ip, 1), 0x4000), server.Events);
    }

    [Fact]
    [Rfc("8656", "12", Line = "T27")]
    public void Channel_IsRefreshedAt540_AndItsPermissionAt240()
    {
        using var server = new ScriptedServer { Lifetime = 3600 }.Allocated();
        server.Client.Bind(server.Now, Peer);
        server.RunTo(1100);
        Assert.Equal(
            [(0.0, StunMethod.ChannelBind), (240, StunMethod.CreatePermission), (480, StunMethod.CreatePermission), (540, StunMethod.ChannelBind),
                (720, StunMethod.CreatePermission), (960, StunMethod.CreatePermission), (1080, StunMethod.ChannelBind)],
            server.Requests.Select(r => (r.At, r.Method)));
        Assert.All(server.Requests.Where(r => r.Method == StunMethod.ChannelBind), r => Assert.Equal((ushort)0x4000, r.Channel));
    }

    [Fact]
    [Rfc("8656", "12", Line = "T27")]
    public void Channel_RefreshUnanswered_FallsBackToIndicationsWhenItExpires()
    {
        using var server = new ScriptedServer { Lifetime = 3600 }.Allocated();
        server.Client.Bind(server.Now, Peer);
        server.Pump();
        server.Answerer = server.Mute(StunMethod.ChannelBind);
        foreach (var (at, kind) in new[] { (599.9, PacketKind.Channel), (600, PacketKind.Stun) })
        {
            server.RunTo(at);
            Assert.True(server.Client.Send(server.Now, Peer, Payload));
            server.Pump();
            Assert.Equal(kind, Demultiplexer.Classify(server.Datagrams[^1]));
        }
    }

    [Fact]
    [Rfc("8656", "11.4", Line = "T23")]
    public void Data_FromAPermittedPeer_IsUnwrapped_FromOthersDropped()
    {
        using var server = new ScriptedServer().Allocated();
        Assert.Null(server.Deliver(server.DataIndication(Peer, Payload)));
        server.Client.Permit(server.Now, Peer.Ip);
        server.Pump();
        var (peer, payload) = server.Deliver(server.DataIndication(Peer with { Port = 9 }, Payload))!.Value;
        Assert.Equal(Peer with { Port = 9 }, peer);
        Assert.Equal(Payload, payload);
        Assert.Null(server.Deliver(server.DataIndication(Address.Parse("198.51.100.10:5000"), Payload)));
        Assert.Single(server.Events);
    }

    [Fact]
    [Rfc("8489", "6.3.2", Line = "S07")]
    [Rfc("8489", "6.3.2", Line = "S36")]
    public void Data_WithAnUnknownRequiredAttribute_IsDroppedUnanswered()
    {
        using var server = new ScriptedServer().Allocated();
        server.Client.Permit(server.Now, Peer.Ip);
        server.Pump();
        var writer = new StunWriter(new byte[200], StunClass.Indication, StunMethod.Data, default);
        writer.AddAddress(StunAttributeType.XorPeerAddress, Peer);
        writer.Add(StunAttributeType.Data, Payload);
        Assert.NotNull(server.Deliver(writer.Written));
        writer.AddUInt32(0x7777, 1);
        server.Requests.Clear();
        Assert.Null(server.Deliver(writer.Written));
        Assert.Empty(server.Requests);
    }

    [Fact]
    [Rfc("8656", "12.6", Line = "T29")]
    public void ChannelData_IsUnwrapped_PaddedOrNot_AndDroppedWhenShortOrUnknown()
    {
        using var server = new ScriptedServer().Allocated();
        server.Client.Bind(server.Now, Peer);
        server.Pump();
        Assert.Equal(Payload, server.Deliver(ScriptedServer.ChannelData(0x4000, Payload))!.Value.Payload);
        Assert.Equal(Payload, server.Deliver(ScriptedServer.ChannelData(0x4000, [.. Payload, 0, 0, 0], Payload.Length))!.Value.Payload);
        Assert.Empty(server.Deliver(ScriptedServer.ChannelData(0x4000, []))!.Value.Payload);
        Assert.Null(server.Deliver(ScriptedServer.ChannelData(0x4000, Payload, Payload.Length + 1)));
        Assert.Null(server.Deliver(ScriptedServer.ChannelData(0x4001, Payload)));
        Assert.Null(server.Deliver(ScriptedServer.ChannelData(0x4FFF, Payload)));
        Assert.Null(server.Deliver([0x40, 0, 0]));
    }

    /// <summary>
    /// The server has bound the channel and all its answers were lost: it sends by the channel, and we had nothing of it. It is asked
    /// again until it answers.
    /// </summary>
    [Theory]
    [InlineData(1)]
    [InlineData(38)]
    [InlineData(60)]
    [InlineData(250)]
    [Rfc("8656", "12", Line = "T28")]
    public void ChannelBind_NeverAnswered_DataOfTheChannelIsTaken_AndOursIsIndicated(double at)
    {
        using var server = new ScriptedServer { Lifetime = 3600 }.Allocated();
        server.Client.Permit(server.Now, Peer.Ip);
        server.Answerer = server.Mute(StunMethod.ChannelBind);
        server.Client.Bind(server.Now, Peer);
        server.RunTo(at);
        var (peer, payload) = server.Deliver(ScriptedServer.ChannelData(0x4000, Payload))!.Value;
        Assert.Equal(Peer, peer);
        Assert.Equal(Payload, payload);
        Assert.True(server.Client.Send(server.Now, Peer, Payload));
        server.Pump();
        Assert.Equal(PacketKind.Stun, Demultiplexer.Classify(server.Datagrams[^1]));
        server.Answerer = server.Succeed;
        server.RunTo(at + 40);
        Assert.Contains(new TurnEvent.ChannelBound(Peer, 0x4000), server.Events);
    }

    [Theory]
    [InlineData(590)]
    [InlineData(605)]
    [InlineData(700)]
    [Rfc("8656", "12", Line = "T27")]
    public void ChannelRefresh_NeverAnswered_DataOfTheChannelIsTaken(double at)
    {
        using var server = new ScriptedServer { Lifetime = 3600 }.Allocated();
        server.Client.Bind(server.Now, Peer);
        server.Pump();
        server.Answerer = server.Mute(StunMethod.ChannelBind);
        server.RunTo(at);
        Assert.Equal(Payload, server.Deliver(ScriptedServer.ChannelData(0x4000, Payload))!.Value.Payload);
    }

    [Theory]
    [InlineData(400)]
    [InlineData(403)]
    [Rfc("8656", "12", Line = "T26")]
    public void ChannelBind_Refused_DataOfTheChannelIsDropped(int code)
    {
        using var server = new ScriptedServer().Allocated();
        server.Answerer = server.Fail(StunMethod.ChannelBind, code);
        server.Client.Bind(server.Now, Peer);
        server.Pump();
        Assert.Null(server.Deliver(ScriptedServer.ChannelData(0x4000, Payload)));
    }

    [Fact]
    [Rfc("8656", "11.6", Line = "T24")]
    public void Data_WithIcmp_IsAHint_OnlyFromPermittedPeers()
    {
        using var server = new ScriptedServer().Allocated();
        var writer = new StunWriter(new byte[200], StunClass.Indication, StunMethod.Data, default);
        writer.AddAddress(StunAttributeType.XorPeerAddress, Peer);
        writer.Add(StunAttributeType.Icmp, [0, 0, 3 << 1, 3, 0, 0, 0, 0]);
        server.Deliver(writer.Written);
        Assert.Empty(server.Events);
        server.Client.Permit(server.Now, Peer.Ip);
        server.Pump();
        server.Deliver(writer.Written);
        Assert.Equal(new TurnEvent.PeerUnreachable(Peer, 3, 3), server.Events[^1]);
        Assert.True(server.Client.Send(server.Now, Peer, Payload));
    }

    [Fact]
    [Rfc("8489", "6.3.3", Line = "S32")]
    public void Datagram_FromElsewhere_IsNeitherMineNorTaken()
    {
        using var server = new ScriptedServer().Allocated();
        server.Client.Permit(server.Now, Peer.Ip);
        server.Pump();
        var data = server.DataIndication(Peer, Payload);
        Assert.True(server.Client.IsMine(new Datagram(server.Now, ScriptedServer.Path, ScriptedServer.Server, data)));
        foreach (var (path, remote) in new[] { (new PathId(2), ScriptedServer.Server), (ScriptedServer.Path, Peer) })
        {
            var wire = new Datagram(server.Now, path, remote, data);
            Assert.False(server.Client.IsMine(wire));
            Assert.False(server.Client.TryUnwrap(wire, out _));
        }

        var binding = new StunWriter(new byte[20], StunClass.Success, StunMethod.Binding, default);
        Assert.False(server.Client.IsMine(new Datagram(server.Now, ScriptedServer.Path, ScriptedServer.Server, binding.Written)));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    [Rfc("8489", "14", Line = "S44")]
    public void SteadyState_SendAndUnwrap_AllocateNothing(bool channel)
    {
        using var server = new ScriptedServer().Allocated();
        server.Client.Permit(server.Now, Peer.Ip);
        if (channel) server.Client.Bind(server.Now, Peer);
        server.Pump();
        var buffer = new byte[2048];
        var payload = new byte[172];
        var incoming = channel ? ScriptedServer.ChannelData(0x4000, payload) : server.DataIndication(Peer, payload);
        var unwrapped = 0;
        Run();
        var before = Allocated.Now;
        Run();
        Allocated.AssertNoneSince(before);
        Assert.Equal(2000, unwrapped);

        void Run()
        {
            for (var i = 0; i < 1000; i++)
            {
                server.Client.Send(server.Now, Peer, payload);
                while (server.Client.TryTransmit(buffer, out _)) { }
                if (server.Client.TryUnwrap(new Datagram(server.Now, ScriptedServer.Path, ScriptedServer.Server, incoming), out _)) unwrapped++;
            }
        }
    }

    [Fact]
    public void Receive_AnyMutationOfWhatTheServerSends_NeverThrows()
    {
        using var server = new ScriptedServer().Allocated();
        server.Client.Bind(server.Now, Peer);
        server.Pump();
        var entropy = new SeededEntropy(5);
        foreach (var message in new[] { server.DataIndication(Peer, Payload), ScriptedServer.ChannelData(0x4000, Payload), server.Requests[0].Bytes })
        {
            for (var i = 0; i < 20_000; i++)
            {
                var mutated = message.ToArray();
                for (var n = entropy.NextInt(3); n >= 0; n--) mutated[entropy.NextInt(mutated.Length)] = (byte)entropy.NextInt(256);
                server.Deliver(mutated.AsSpan(0, entropy.NextInt(mutated.Length + 1)));
            }
        }

        Assert.True(server.Client.IsAllocated);
    }
}
