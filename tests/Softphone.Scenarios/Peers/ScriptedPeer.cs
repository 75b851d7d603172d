using System.Buffers.Binary;
using System.Text;
using Softphone.Core;
using Softphone.Lab;
using Softphone.Nat;
using Softphone.Sip;

namespace Softphone.Scenarios;

/// <summary>
/// A peer that is no phone of ours: a SIP agent that does what the test says, with two RTP sockets that send a µ-law frame every 20 ms
/// and count what comes. With <see cref="Lite"/> it answers connectivity checks as an ICE-lite peer does (RFC 8445 §2.5).
/// </summary>
internal sealed class ScriptedPeer : IMachine
{
    public const string LitePassword = "0123456789abcdefghijkl";

    private readonly TransmitQueue _out = new();
    private readonly VirtualHost _host;
    private const int FrameLength = 172;

    private readonly byte[] _frame = new byte[FrameLength + 32];
    private Instant? _nextFrame;
    private PathId _sip;
    private ushort _sequence = 100;
    private int _version = 100;

    public ScriptedPeer(VirtualHost host, IpAddress address, bool symmetric = true, Reliability provisionals = default)
    {
        _host = host;
        Agent = new SipAgent(new SipAgentOptions { Source = "peer" }, host.World.NewEntropy(), Trace);
        if (!host.TryOpen(Transport.Udp, address, 5060, out _sip, out var bound, out _)
            || !host.TryOpen(Transport.Udp, address, 40_000, out var rtp, out var at, out _)
            || !host.TryOpen(Transport.Udp, address, 40_100, out var other, out var otherAt, out _)) throw new InvalidOperationException("no sockets");
        (Rtp, RtpPath, OtherRtp, OtherPath, IsSymmetric) = (at, rtp, otherAt, other, symmetric);
        Agent.AddPath(_sip, Transport.Udp, bound);
        Account = Agent.AddAccount(new SipAccount { Aor = SipUri.Parse($"sip:peer@{address}"), Provisionals = provisionals });
        Uri = SipUri.Parse($"sip:peer@{address}");
        host.Run(this, AfterInput);
    }

    public Trace Trace { get; } = new();

    public SipAgent Agent { get; }

    public AccountId Account { get; }

    public SipUri Uri { get; }

    public Address Rtp { get; private set; }

    public PathId RtpPath { get; private set; }

    public Address OtherRtp { get; private set; }

    public PathId OtherPath { get; private set; }

    /// <summary>Sends to where packets came from, in place of where it was told.</summary>
    public bool IsSymmetric { get; }

    /// <summary>Answers connectivity checks.</summary>
    public bool Lite { get; init; }

    public Action<Instant, SipEvent>? Happened { get; set; }

    /// <summary>Takes offers within the call by itself, as any phone does.</summary>
    public bool AnswersOffers { get; set; } = true;

    /// <summary>Whether its descriptions with ICE agree on one port for RTP and RTCP.</summary>
    public bool Muxes { get; set; } = true;

    /// <summary>What its answers to them say.</summary>
    public string LiteUfrag { get; set; } = "lite";

    public List<SipEvent> Events { get; } = [];

    /// <summary>Where frames go; nowhere while unset.</summary>
    public Address SendTo { get; set; }

    public byte PayloadType { get; set; }

    /// <summary>It has nothing to say, and waits for what comes.</summary>
    public bool IsSilent { get; set; }

    /// <summary>So many frames leave from the other socket, of a stream of its own, beside those of the first.</summary>
    public int Stragglers { get; set; }

    /// <summary>What it says, octet by octet of its stream; a hum while null.</summary>
    public Func<int, byte>? Voice { get; set; }

    /// <summary>Protects a frame in place and says how long it is then; frames leave plain while null.</summary>
    public Func<byte[], int, int>? Protect { get; set; }

    public long Heard { get; private set; }

    public long HeardOnOther { get; private set; }

    /// <summary>When RTP came to the RTP socket.</summary>
    public List<Instant> HeardAt { get; } = [];

    /// <summary>Their RTP timestamps and payload types.</summary>
    public List<(uint Timestamp, byte PayloadType)> Stamps { get; } = [];

    /// <summary>RTCP packets by socket.</summary>
    public long Reports { get; private set; }

    public long ReportsOnOther { get; private set; }

    /// <summary>What the packets held that came to the RTP socket; kept once it is there.</summary>
    public List<byte>? Tape { get; set; }

    public long Checks { get; private set; }

    public bool Nominated { get; private set; }

    public SessionId Session { get; private set; }

    public Instant? NextTimeout => Instant.Earlier(_nextFrame, Agent.NextTimeout);

    /// <summary>A description with one µ-law stream at the RTP socket.</summary>
    public string Describe(string direction = "sendrecv", int version = 1, string? c = null, ushort? port = null, string formats = "0 101", string extra = "", string protocol = "RTP/AVP") =>
        $"v=0\r\no=peer 1 {version} IN IP4 {Rtp.Ip}\r\ns=-\r\nc=IN IP4 {c ?? Rtp.Ip.ToString()}\r\nt=0 0\r\nm=audio {port ?? Rtp.Port} {protocol} {formats}\r\n"
        + $"a=rtpmap:101 telephone-event/8000\r\na={direction}\r\n{extra}";

    public string LiteAttributes(string ufrag = "lite") =>
        $"a=ice-lite\r\na=ice-ufrag:{ufrag}\r\na=ice-pwd:{LitePassword}\r\na=candidate:1 1 UDP 2130706431 {Rtp.Ip} {Rtp.Port} typ host\r\n{(Muxes ? "a=rtcp-mux" : $"a=rtcp:{OtherRtp.Port}")}\r\n";

    /// <summary>A receiver report from the other socket.</summary>
    public void ReportFromOther(Address to)
    {
        _out.Enqueue(OtherPath, to, [0x80, 201, 0, 1, 0x12, 0x34, 0x56, 0x78]);
        _host.Settle();
    }

    public void Do(Action<SipAgent, Instant> act)
    {
        act(Agent, _host.World.Now);
        _host.Settle();
    }

    public void StartSending(Address to)
    {
        SendTo = to;
        _nextFrame = _host.World.Now;
        _host.Settle();
    }

    /// <summary>From now on media is sent from and taken at the other socket.</summary>
    public void ChangePort() => (Rtp, RtpPath, OtherRtp, OtherPath) = (OtherRtp, OtherPath, Rtp, RtpPath);

    public static Address MediaOf(ReadOnlyMemory<byte> sdp)
    {
        var text = Encoding.ASCII.GetString(sdp.Span).Split("\r\n");
        var ip = text.First(l => l.StartsWith("c=", StringComparison.Ordinal)).Split(' ')[2];
        var port = text.First(l => l.StartsWith("m=", StringComparison.Ordinal) && l.Split(' ')[1] != "0").Split(' ')[1];
        return Address.Parse($"{ip}:{port}");
    }

    public void Receive(in Datagram datagram)
    {
        if (datagram.Path == _sip)
        {
            Agent.Receive(datagram);
            return;
        }

        switch (Demultiplexer.Classify(datagram.Payload))
        {
            case PacketKind.Stun when Lite:
                AnswerCheck(datagram);
                break;
            case PacketKind.Rtp:
                if (datagram.Path == RtpPath) Tape?.AddRange(datagram.Payload[12..]);
                if (datagram.Path == RtpPath) HeardAt.Add(datagram.At);
                if (datagram.Path == RtpPath) Stamps.Add((BinaryPrimitives.ReadUInt32BigEndian(datagram.Payload[4..]), (byte)(datagram.Payload[1] & 0x7F)));
                if (datagram.Path == RtpPath) Heard++;
                else HeardOnOther++;
                if (IsSymmetric && SendTo.IsValid) SendTo = datagram.Remote;
                break;
            case PacketKind.Rtcp when datagram.Path == RtpPath:
                Reports++;
                break;
            case PacketKind.Rtcp:
                ReportsOnOther++;
                break;
        }
    }

    public void Fail(in PathFailure failure)
    {
        if (failure.Path == _sip) Agent.Fail(failure);
    }

    public void Advance(Instant now)
    {
        Agent.Advance(now);
        if (_nextFrame is not { } due || due > now) return;
        _nextFrame = due + TimeSpan.FromMilliseconds(20);
        if (!SendTo.IsValid) return;
        _frame[0] = 0x80;
        _frame[1] = PayloadType;
        BinaryPrimitives.WriteUInt16BigEndian(_frame.AsSpan(2), _sequence);
        BinaryPrimitives.WriteUInt32BigEndian(_frame.AsSpan(4), (uint)(_sequence * 160));
        BinaryPrimitives.WriteUInt32BigEndian(_frame.AsSpan(8), 0x1234_5678);
        _frame.AsSpan(12, FrameLength - 12).Fill(0xD5);
        for (var i = 0; Voice is not null && i < 160; i++) _frame[12 + i] = Voice(_sequence * 160 + i);
        _sequence++;
        if (!IsSilent) _out.Enqueue(RtpPath, SendTo, _frame.AsSpan(0, Protect?.Invoke(_frame, FrameLength) ?? FrameLength));
        if (Stragglers <= 0) return;
        Stragglers--;
        _frame[8] ^= 0xFF;
        _out.Enqueue(OtherPath, SendTo, _frame.AsSpan(0, FrameLength));
    }

    public bool TryTransmit(Span<byte> buffer, out Transmit transmit) => Agent.TryTransmit(buffer, out transmit) || _out.TryDequeue(buffer, out transmit);

    private void AfterInput(Instant now)
    {
        while (Agent.TryQuery(out var query)) Agent.Answer(now, _host.World.Names.Answer(query));
        while (Agent.TryEvent(out var happened))
        {
            Events.Add(happened);
            if (happened is SipEvent.Incoming incoming) Session = incoming.Session;
            if (happened is SipEvent.Answered answered) Session = answered.Session;
            Happened?.Invoke(now, happened);
            if (happened is SipEvent.OfferReceived { Sdp.Length: > 0 } offer && AnswersOffers)
                Agent.AnswerOffer(now, offer.Session, Encoding.ASCII.GetBytes(Describe(version: ++_version, extra: Lite ? LiteAttributes(LiteUfrag) : "")));
        }
    }

    private void AnswerCheck(in Datagram datagram)
    {
        if (!StunReader.TryParse(datagram.Payload, out var request, out _) || request is not { Class: StunClass.Request, Method: StunMethod.Binding }) return;
        Checks++;
        Nominated |= request.UseCandidate;
        using var key = new IntegrityKey(Encoding.ASCII.GetBytes(LitePassword));
        Span<byte> buffer = stackalloc byte[128];
        var writer = StunWriter.Reply(buffer, request, StunClass.Success);
        writer.AddAddress(StunAttributeType.XorMappedAddress, datagram.Remote);
        writer.AddIntegrity(key);
        writer.AddFingerprint();
        _out.Enqueue(datagram.Path, datagram.Remote, writer.Written);
    }
}
