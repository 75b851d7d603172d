using Softphone.Core;

namespace Softphone.Nat.Tests;

/// <summary>
/// A discovery in front of a scripted server: each request is given to the script with the index of the socket it left by (0 filtering,
/// 1 mapping, 2 hairpin), and what the script returns arrives 20 ms later.
/// </summary>
internal sealed class DiscoveryBench : INetwork
{
    public static readonly Address Server = Address.Parse("203.0.113.10:3478");
    public static readonly Address Other = Address.Parse("203.0.113.11:3479");
    public static readonly IpAddress Inner = IpAddress.Parse("10.0.1.2");
    private readonly Script _script;
    private readonly List<Address> _bound = [];
    private readonly List<(Instant At, PathId Path, Address From, byte[] Message)> _coming = [];
    private Instant _now;

    public DiscoveryBench(Script script)
    {
        _script = script;
        Discovery = new NatDiscovery(this, new SeededEntropy(3), Server);
    }

    /// <summary>The answers to one request; none is silence.</summary>
    public delegate IEnumerable<Reply> Script(Asked request);

    public NatDiscovery Discovery { get; }

    public List<Asked> Sent { get; } = [];

    public IReadOnlyList<Address> Bound => _bound;

    public IReadOnlyList<LocalInterface> Interfaces => [new LocalInterface("eth0", Inner, 24, InterfaceKind.Wired, false, false)];

    /// <summary>What a server with two addresses does behind a NAT of this outer address that keeps one mapping and lets everything in.</summary>
    public static Reply Plain(Asked request, Address mapped) => new(
        new Address((request.Change & 4) == 0 ? request.To.Ip : Other.Ip, (request.Change & 2) == 0 ? request.To.Port : Other.Port), mapped);

    public static Address Outer(int socket) => new(IpAddress.Parse("198.51.100.7"), (ushort)(40_000 + socket));

    public NatFinding Run()
    {
        Assert.True(Discovery.TryStart(_now, out _));
        var buffer = new byte[4096];
        for (var ms = 0; ms < 60_000; ms++)
        {
            foreach (var (at, path, from, message) in _coming.ToArray())
            {
                if (at > _now) continue;
                _coming.RemoveAll(c => c.Message == message);
                Discovery.Receive(new Datagram(_now, path, from, message));
            }

            Discovery.Advance(_now);
            while (Discovery.TryTransmit(buffer, out var transmit)) Take(transmit, buffer.AsSpan(0, transmit.Length).ToArray());
            if (Discovery.TryEvent(out var completed)) return completed.Behaviour;
            _now += TimeSpan.FromMilliseconds(1);
        }

        throw new InvalidOperationException("the discovery did not end");
    }

    public bool TryOpen(Transport transport, IpAddress local, ushort port, out PathId path, out Address bound, out PathError error, string? serverName = null)
    {
        error = default;
        bound = new Address(local, port == 0 ? (ushort)(5000 + _bound.Count) : port);
        _bound.Add(bound);
        path = new PathId(_bound.Count);
        return true;
    }

    public void Close(PathId path)
    {
    }

    public void Disconnect(PathId path, Address remote)
    {
    }

    public bool TryRoute(IpAddress remote, out IpAddress local)
    {
        local = Inner;
        return true;
    }

    private void Take(in Transmit transmit, byte[] message)
    {
        Assert.True(StunReader.TryParse(message, out var request, out _));
        var change = request.TryGetUInt32(StunAttributeType.ChangeRequest, out var flags) ? flags : 0;
        var seen = new Asked(_now, transmit.Path.Value - 1, transmit.Remote, change, request.Has(StunAttributeType.Padding));
        Sent.Add(seen);
        foreach (var reply in _script(seen))
            _coming.Add((_now + TimeSpan.FromMilliseconds(20), reply.ToSocket is { } socket ? new PathId(socket + 1) : transmit.Path, reply.From, reply.ToSocket is null ? reply.Write(message) : message));
    }

    /// <summary>A request that reached the script.</summary>
    public sealed record Asked(Instant At, int Socket, Address To, uint Change, bool IsPadded = false)
    {
        /// <summary>To an outer address of our own.</summary>
        public bool IsHairpin => To.Ip == Outer(0).Ip;
    }

    /// <param name="From">Where the answer comes from.</param>
    /// <param name="Mapped">XOR-MAPPED-ADDRESS.</param>
    /// <param name="Code">An error in place of an answer.</param>
    /// <param name="HasOther">Whether OTHER-ADDRESS is in it.</param>
    /// <param name="Rewritten">MAPPED-ADDRESS, where it is in the answer.</param>
    /// <param name="ToSocket">The request itself comes back, to this socket.</param>
    public sealed record Reply(Address From, Address Mapped = default, int Code = 0, bool HasOther = true, Address Rewritten = default, int? ToSocket = null)
    {
        public byte[] Write(byte[] message)
        {
            Assert.True(StunReader.TryParse(message, out var request, out _));
            var writer = StunWriter.Reply(new byte[300], request, Code == 0 ? StunClass.Success : StunClass.Error);
            if (Code != 0) writer.AddErrorCode(Code);
            if (Mapped.IsValid && Code == 0) writer.AddAddress(StunAttributeType.XorMappedAddress, Mapped);
            if (Rewritten.IsValid) writer.AddAddress(StunAttributeType.MappedAddress, Rewritten);
            if (HasOther && Code == 0) writer.AddAddress(StunAttributeType.OtherAddress, Other);
            return writer.Written.ToArray();
        }
    }
}
