using System.Buffers.Binary;
using Softphone.Core;

namespace Softphone.Nat.Tests;

/// <summary>
/// The other end of a TURN client in virtual time: each request is kept and answered as the script says, at once, or left
/// unanswered. It checks signatures, so that a client that signs wrongly gets no answer.
/// </summary>
internal sealed class ScriptedServer : IDisposable
{
    public static readonly Address Server = Address.Parse("192.0.2.1:3478");
    public static readonly Address RelayedV4 = Address.Parse("192.0.2.15:49160");
    public static readonly Address Mapped = Address.Parse("203.0.113.7:40000");
    public static readonly PathId Path = new(1);
    public static readonly PathId Relay = new(-1);
    public static readonly Address Peer = Address.Parse("198.51.100.9:5000");
    private readonly byte[] _buffer = new byte[Limits.Datagram];
    private readonly byte[] _answer = new byte[Limits.Datagram];
    private PathId _wire = Path;

    public ScriptedServer(TurnOptions? options = null, Trace? trace = null)
    {
        Options = options ?? Default;
        Client = new TurnClient(Options, new SeededEntropy(11), trace ?? Trace.Off);
        Answerer = Succeed;
    }

    /// <summary>Answers one request; returns false to stay silent.</summary>
    public delegate bool Script(Seen request, ref StunWriter answer);

    public static TurnOptions Default => new() { Server = Server, Path = Path, Relay = Relay, Username = "alice", Password = "secret" };

    public TurnOptions Options { get; }

    public TurnClient Client { get; }

    public Instant Now { get; private set; }

    /// <summary>What every request after the challenge is answered with.</summary>
    public Script Answerer { get; set; }

    public string Nonce { get; set; } = "nonce-1";

    public string Realm { get; set; } = "example.org";

    /// <summary>PASSWORD-ALGORITHMS of challenges; empty sends none.</summary>
    public byte[] Algorithms { get; set; } = [];

    /// <summary>Requires credentials.</summary>
    public bool Challenges { get; set; } = true;

    public bool SignsAnswers { get; set; } = true;

    /// <summary>The realm of the key that it signs with, when that is not the one it tells.</summary>
    public string? SigningRealm { get; set; }

    /// <summary>The error code for a nonce that it has left behind.</summary>
    public int StaleCode { get; set; } = StunErrorCode.StaleNonce;

    public uint Lifetime { get; set; } = 600;

    public Address Relayed { get; set; } = RelayedV4;

    public List<Seen> Requests { get; } = [];

    public List<byte[]> Datagrams { get; } = [];

    public List<TurnEvent> Events { get; } = [];

    public void Dispose()
    {
        Client.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>Allocates, expecting it to work, and forgets what was seen.</summary>
    public ScriptedServer Allocated()
    {
        Client.Allocate(Now);
        Pump();
        Assert.IsType<TurnEvent.Allocated>(Assert.Single(Events));
        Events.Clear();
        Requests.Clear();
        return this;
    }

    /// <summary>Runs to the time given, answering all that the client sends.</summary>
    public void RunTo(double seconds)
    {
        var until = Instant.Zero + TimeSpan.FromSeconds(seconds);
        Pump();
        while (Client.NextTimeout is { } next && next <= until)
        {
            Now = next > Now ? next : Now;
            Client.Advance(Now);
            Pump();
        }

        Now = until;
        Client.Advance(Now);
        Pump();
    }

    public void Pump()
    {
        while (Client.TryTransmit(_buffer, out var transmit))
        {
            Assert.Equal(_wire, transmit.Path);
            Assert.Equal(Client.Server, transmit.Remote);
            Take(_buffer.AsSpan(0, transmit.Length));
        }

        while (Client.TryEvent(out var happened)) Events.Add(happened);
    }

    /// <summary>Answers what the client sends from another socket; the last request.</summary>
    public Seen Take(PathId path)
    {
        _wire = path;
        Pump();
        return Requests[^1];
    }

    /// <summary>The server sends this; what the client takes as data comes back.</summary>
    public (Address Peer, byte[] Payload)? Deliver(ReadOnlySpan<byte> message)
    {
        var wire = new Datagram(Now, _wire, Client.Server, message);
        if (Client.TryUnwrap(wire, out var inner))
        {
            Assert.Equal(Relay, inner.Path);
            return (inner.Remote, inner.Payload.ToArray());
        }

        Client.Receive(wire);
        Pump();
        return null;
    }

    public byte[] DataIndication(Address peer, ReadOnlySpan<byte> payload)
    {
        var writer = new StunWriter(new byte[2048], StunClass.Indication, StunMethod.Data, TransactionId.Next(new SeededEntropy(3)));
        writer.AddAddress(StunAttributeType.XorPeerAddress, peer);
        writer.Add(StunAttributeType.Data, payload);
        return writer.Written.ToArray();
    }

    public static byte[] ChannelData(ushort number, ReadOnlySpan<byte> payload, int? length = null)
    {
        var message = new byte[4 + payload.Length];
        BinaryPrimitives.WriteUInt16BigEndian(message, number);
        BinaryPrimitives.WriteUInt16BigEndian(message.AsSpan(2), (ushort)(length ?? payload.Length));
        payload.CopyTo(message.AsSpan(4));
        return message;
    }

    /// <summary>What a server without quirks says.</summary>
    public bool Succeed(Seen request, ref StunWriter answer)
    {
        switch (request.Method)
        {
            case StunMethod.Allocate:
                answer.AddAddress(StunAttributeType.XorRelayedAddress, Relayed);
                answer.AddAddress(StunAttributeType.XorMappedAddress, Mapped);
                answer.AddUInt32(StunAttributeType.Lifetime, Lifetime);
                break;
            case StunMethod.Refresh:
                answer.AddUInt32(StunAttributeType.Lifetime, request.Lifetime == 0 ? 0 : Lifetime);
                break;
        }

        return true;
    }

    /// <summary>A script that answers one method with an error and all others well.</summary>
    public Script Fail(StunMethod method, int code) => (Seen request, ref StunWriter answer) =>
    {
        if (request.Method != method) return Succeed(request, ref answer);
        answer.AddErrorCode(code);
        return true;
    };

    /// <summary>A script that never answers one method.</summary>
    public Script Mute(StunMethod method) => (Seen request, ref StunWriter answer) => request.Method != method && Succeed(request, ref answer);

    private void Take(ReadOnlySpan<byte> message)
    {
        if (Demultiplexer.Classify(message) == PacketKind.Channel)
        {
            Datagrams.Add(message.ToArray());
            return;
        }

        Assert.True(StunReader.TryParse(message, out var reader, out var error), error.ToString());
        if (reader.Class == StunClass.Indication)
        {
            Datagrams.Add(message.ToArray());
            return;
        }

        var seen = Seen.Of(Now, reader);
        Requests.Add(seen);
        if (Answer(seen, reader) is { } answer) Deliver(answer);
    }

    private byte[]? Answer(Seen request, in StunReader reader)
    {
        using var key = Algorithms.Length == 0
            ? StunCredentials.LongTermMd5(Options.Username, Realm, Options.Password)
            : StunCredentials.LongTermSha256(Options.Username, Realm, Options.Password);
        var isSigned = Algorithms.Length == 0 ? reader.VerifyIntegrity(key) : reader.VerifyIntegritySha256(key);
        if (Challenges && (!isSigned || request.Nonce != Nonce))
            return Challenge(reader, request.HasIntegrity && isSigned ? StaleCode : StunErrorCode.Unauthenticated);

        // The class is only known once the script has run: it says error by adding ERROR-CODE.
        var trial = StunWriter.Reply(_answer, reader, StunClass.Success);
        if (!Answerer(request, ref trial)) return null;
        Assert.True(StunReader.TryParse(trial.Written, out var written, out _));
        var writer = StunWriter.Reply(_answer, reader, written.Has(StunAttributeType.ErrorCode) ? StunClass.Error : StunClass.Success);
        Answerer(request, ref writer);
        if (SignsAnswers && Challenges)
        {
            using var other = StunCredentials.LongTermMd5(Options.Username, SigningRealm ?? Realm, Options.Password);
            if (Algorithms.Length == 0) writer.AddIntegrity(other);
            else writer.AddIntegritySha256(key);
        }

        return writer.Written.ToArray();
    }

    private byte[] Challenge(in StunReader reader, int code)
    {
        var writer = StunWriter.Reply(_answer, reader, StunClass.Error);
        writer.AddErrorCode(code);
        writer.AddString(StunAttributeType.Realm, Realm);
        writer.AddString(StunAttributeType.Nonce, Nonce);
        if (Algorithms.Length != 0) writer.Add(StunAttributeType.PasswordAlgorithms, Algorithms);
        return writer.Written.ToArray();
    }
}
