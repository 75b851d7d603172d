using Softphone.Core;
using Softphone.Nat;

namespace Softphone.Lab.Tests;

/// <summary>A TURN client written out by hand, message by message, so that the server is not tested against its own twin.</summary>
internal sealed class TurnHand
{
    private readonly StunBench _bench;
    private readonly byte[] _buffer = new byte[4096];
    private readonly IntegrityKey _key;
    private string _nonce = "";

    public TurnHand(StunBench bench, string ip = "203.0.113.1", string user = "alice", Transport transport = Transport.Udp, string? password = null, TurnHand? from = null)
    {
        _bench = bench;
        Client = from?.Client ?? Bench.On(Bench.PublicHost(bench.World, $"{user}-{ip}", ip), 0, transport);
        User = user;
        _key = StunCredentials.LongTermMd5(user, StunBench.Realm, password ?? $"{user}-secret");
    }

    public delegate void Build(ref StunWriter writer);

    public Bench Client { get; }

    /// <summary>Where the server is asked.</summary>
    public Address Server { get; init; } = StunBench.Server;

    public string User { get; set; }

    public Address Relay { get; private set; }

    public byte[] LastRequest { get; private set; } = [];

    public static void Udp(ref StunWriter writer) => writer.AddUInt8(StunAttributeType.RequestedTransport, 17);

    /// <summary>Learns a nonce by an unsigned request, then allocates; the answer.</summary>
    public Answer Allocate(Build? more = null)
    {
        Challenge();
        var answer = Request(StunMethod.Allocate, (ref StunWriter w) =>
        {
            Udp(ref w);
            more?.Invoke(ref w);
        });
        if (answer.Address(StunAttributeType.XorRelayedAddress) is { } relay) Relay = relay;
        return answer;
    }

    public Answer Challenge()
    {
        var writer = new StunWriter(_buffer, StunClass.Request, StunMethod.Allocate, _bench.NewId());
        Udp(ref writer);
        var answer = Exchange(writer.Written);
        _nonce = answer.Text(StunAttributeType.Nonce);
        return answer;
    }

    /// <summary>A signed request; its answer.</summary>
    public Answer Request(StunMethod method, Build? build = null, TransactionId? id = null)
    {
        var writer = new StunWriter(_buffer, StunClass.Request, method, id ?? _bench.NewId());
        build?.Invoke(ref writer);
        writer.AddString(StunAttributeType.Username, User);
        writer.AddString(StunAttributeType.Realm, StunBench.Realm);
        writer.AddString(StunAttributeType.Nonce, _nonce);
        writer.AddIntegrity(_key);
        LastRequest = writer.Written.ToArray();
        var answer = Exchange(LastRequest);
        if (answer.Class == StunClass.Success) Assert.True(answer.IsSignedBy(_key));
        return answer;
    }

    public Answer Permit(params string[] peers) => Request(StunMethod.CreatePermission, (ref StunWriter w) =>
    {
        foreach (var peer in peers) w.AddAddress(StunAttributeType.XorPeerAddress, Core.Address.Parse(peer));
    });

    public Answer Bind(ushort number, string peer) => Request(StunMethod.ChannelBind, (ref StunWriter w) =>
    {
        w.AddUInt16(StunAttributeType.ChannelNumber, number);
        w.AddAddress(StunAttributeType.XorPeerAddress, Core.Address.Parse(peer));
    });

    public Answer Refresh(uint seconds) => Request(StunMethod.Refresh, (ref StunWriter w) => w.AddUInt32(StunAttributeType.Lifetime, seconds));

    public void SendIndication(Address peer, string data, bool dontFragment = false)
    {
        var writer = new StunWriter(_buffer, StunClass.Indication, StunMethod.Send, _bench.NewId());
        writer.AddAddress(StunAttributeType.XorPeerAddress, peer);
        writer.AddString(StunAttributeType.Data, data);
        if (dontFragment) writer.AddFlag(StunAttributeType.DontFragment);
        Send(writer.Written);
    }

    public void SendChannel(ushort number, string data, int? claimedLength = null)
    {
        System.Buffers.Binary.BinaryPrimitives.WriteUInt16BigEndian(_buffer, number);
        System.Buffers.Binary.BinaryPrimitives.WriteUInt16BigEndian(_buffer.AsSpan(2), (ushort)(claimedLength ?? data.Length));
        System.Text.Encoding.ASCII.GetBytes(data, _buffer.AsSpan(4));
        var length = 4 + data.Length;
        Send(_buffer.AsSpan(0, Client.Bound.Port == 0 ? (length + 3) & ~3 : length));
    }

    public void Send(ReadOnlySpan<byte> message) => _bench.Ask(Client, Server, message);

    public Answer Exchange(ReadOnlySpan<byte> message)
    {
        var answers = _bench.Ask(Client, Server, message.ToArray());
        return new Answer([.. answers.SelectMany(a => a.Message)]);
    }

    /// <summary>What the client got last.</summary>
    public Answer Last() => new(System.Text.Encoding.Latin1.GetBytes(Client.Probe.Received[^1].Text));

    internal sealed class Answer(byte[] message)
    {
        public byte[] Message { get; } = message;

        public bool IsSilence => Message.Length == 0;

        public StunClass Class => Read().Class;

        public StunMethod Method => Read().Method;

        /// <summary>The error code; 0 for a success.</summary>
        public int Code => Read().TryGetErrorCode(out var code, out _) ? code : 0;

        public Address? Address(ushort type) => Read().TryGetAddress(type, out var address) ? address : null;

        public uint? Number(ushort type) => Read().TryGetUInt32(type, out var number) ? number : null;

        public ulong? Token => Read().TryGetUInt64(StunAttributeType.ReservationToken, out var token) ? token : null;

        public string Text(ushort type) => Read().TryGet(type, out var value) ? System.Text.Encoding.UTF8.GetString(value) : "";

        public bool IsSignedBy(IntegrityKey key) => Read().VerifyIntegrity(key);

        public byte[] Octets(ushort type) => Read().TryGet(type, out var value) ? value.ToArray() : [];

        private StunReader Read()
        {
            Assert.True(StunReader.TryParse(Message, out var reader, out var error), error.ToString());
            return reader;
        }
    }
}
