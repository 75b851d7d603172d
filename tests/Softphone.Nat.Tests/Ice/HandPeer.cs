using Softphone.Core;

namespace Softphone.Nat.Tests;

/// <summary>One agent under test with one socket a component, and a peer whose every message is written by hand.</summary>
internal sealed class HandPeer
{
    public const string Ufrag = "peer";
    public const string Pwd = "peerpasswordpeerpassword";
    public static readonly Address Local = Address.Parse("192.0.2.1:5000");
    public static readonly Address LocalRtcp = Address.Parse("192.0.2.1:5001");
    public static readonly Address Far = Address.Parse("192.0.2.2:6000");
    public static readonly Address FarRtcp = Address.Parse("192.0.2.2:6001");
    public static readonly PathId Socket = new(1);
    public static readonly PathId RtcpSocket = new(2);

    private readonly SeededEntropy _chance = new(99);
    private readonly IntegrityKey _own = StunCredentials.ShortTerm(Pwd);
    private readonly IntegrityKey _theirs;

    public HandPeer(IceRole role = IceRole.Controlling, int components = 1, IceOptions? options = null, Trace? trace = null)
    {
        Trace = trace ?? new Trace();
        Agent = new IceAgent(role, (options ?? new IceOptions()) with { Components = components }, new SeededEntropy(7), Trace, "agent");
        _theirs = StunCredentials.ShortTerm(Agent.Pwd);
        Agent.AddLocal(Now, Candidate.Host(1, Socket, Local, 65535, "1"));
        if (components == 2) Agent.AddLocal(Now, Candidate.Host(2, RtcpSocket, LocalRtcp, 65535, "1"));
        Agent.EndOfLocal(Now);
    }

    public IceAgent Agent { get; }

    public Trace Trace { get; }

    public Instant Now { get; private set; } = Instant.Zero + TimeSpan.FromSeconds(1);

    public List<IceEvent> Events { get; } = [];

    public static RemoteIce Description(params Candidate[] candidates) => new()
    {
        Ufrag = Ufrag,
        Pwd = Pwd,
        Candidates = candidates.Length == 0 ? [Host(1, Far)] : candidates,
        HasIce2 = true,
        Pacing = TimeSpan.FromMilliseconds(20),
    };

    public static Candidate Host(int component, Address address, string foundation = "h", ushort preference = 65535) =>
        Candidate.Remote(CandidateType.Host, component, address, CandidatePriority.Of(CandidateType.Host, preference, component), foundation);

    public HandPeer Describe(params Candidate[] candidates)
    {
        Agent.SetRemote(Now, Description(candidates));
        return this;
    }

    /// <summary>Lets time pass, with every timer in its turn, and returns all that was sent meanwhile.</summary>
    public List<Message> Wait(double milliseconds)
    {
        var end = Now + TimeSpan.FromMilliseconds(milliseconds);
        var sent = Sent();
        while (Agent.NextTimeout is { } next && next <= end)
        {
            Now = next > Now ? next : Now;
            Agent.Advance(Now);
            sent.AddRange(Sent());
        }

        Now = end;
        Agent.Advance(Now);
        sent.AddRange(Sent());
        return sent;
    }

    /// <summary>Takes what the agent wants to send now.</summary>
    public List<Message> Sent()
    {
        var sent = new List<Message>();
        var buffer = new byte[1500];
        while (Agent.TryTransmit(buffer, out var transmit)) sent.Add(new Message(Now, transmit.Path, transmit.Remote, buffer[..transmit.Length]));
        while (Agent.TryEvent(out var happened)) Events.Add(happened);
        return sent;
    }

    public void Deliver(byte[] message, Address? from = null, PathId? path = null) =>
        Agent.Receive(new Datagram(Now, path ?? Socket, from ?? Far, message));

    /// <summary>An authentic request of the peer, or one with something changed.</summary>
    public byte[] Request(
        bool useCandidate = false, bool controlling = false, ulong tieBreaker = 1, string? username = null, bool integrity = true,
        bool fingerprint = true, uint? priority = null, ushort extra = 0, IntegrityKey? key = null)
    {
        var buffer = new byte[500];
        var writer = new StunWriter(buffer, StunClass.Request, StunMethod.Binding, TransactionId.Next(_chance));
        if (username != "") writer.AddString(StunAttributeType.Username, username ?? $"{Agent.Ufrag}:{Ufrag}");
        writer.AddUInt32(StunAttributeType.Priority, priority ?? CandidatePriority.Of(CandidateType.PeerReflexive, 65535, 1));
        writer.AddUInt64(controlling ? StunAttributeType.IceControlling : StunAttributeType.IceControlled, tieBreaker);
        if (useCandidate) writer.AddFlag(StunAttributeType.UseCandidate);
        if (extra != 0) writer.AddUInt32(extra, 0);
        if (integrity) writer.AddIntegrity(key ?? _theirs);
        if (fingerprint) writer.AddFingerprint();
        return writer.Written.ToArray();
    }

    /// <summary>The peer's answer to a request of the agent.</summary>
    public byte[] Answer(Message request, Address? mapped = null, int code = 0, bool authentic = true)
    {
        var buffer = new byte[300];
        var writer = StunWriter.Reply(buffer, request.Read(), code == 0 ? StunClass.Success : StunClass.Error);
        if (code == 0) writer.AddAddress(StunAttributeType.XorMappedAddress, mapped ?? Local);
        else writer.AddErrorCode(code);
        writer.AddIntegrity(authentic ? _own : _theirs);
        writer.AddFingerprint();
        return writer.Written.ToArray();
    }

    /// <summary>Runs the session to its selected pair, with the agent in either role.</summary>
    public HandPeer Complete()
    {
        Describe();
        for (var i = 0; i < 50 && Agent.State != IceState.Completed; i++)
        {
            foreach (var message in Wait(20))
                if (message.IsRequest) Deliver(Answer(message), message.Remote, message.Path);
            if (Agent.Role == IceRole.Controlled) Deliver(Request(useCandidate: true, controlling: true));
        }

        foreach (var message in Wait(20))
            if (message.IsRequest) Deliver(Answer(message), message.Remote, message.Path);
        Assert.Equal(IceState.Completed, Agent.State);
        return this;
    }

    public CandidatePair Pair(Address? remote = null) => Agent.Snapshot().Pairs.Single(p => p.Remote.Address == (remote ?? Far));

    /// <summary>A message of the agent.</summary>
    public sealed record Message(Instant At, PathId Path, Address Remote, byte[] Octets)
    {
        public bool IsRequest => Read().Class == StunClass.Request;

        public bool IsNominating => Read().Has(StunAttributeType.UseCandidate);

        public int Code => Read().TryGetErrorCode(out var code, out _) ? code : 0;

        public StunReader Read()
        {
            Assert.True(StunReader.TryParse(Octets, out var reader, out var error), error.ToString());
            return reader;
        }
    }
}
