using Softphone.Core;

namespace Softphone.Nat.Tests;

/// <summary>
/// A media transport whose sockets and TURN server are a script: each round trip is one call of <see cref="Round"/>, each request is
/// answered as the script says, after a challenge for every socket.
/// </summary>
internal sealed class HandNetwork : INetwork
{
    public static readonly Address Server = Address.Parse("192.0.2.1:3478");
    private static readonly IpAddress Local = IpAddress.Parse("198.51.100.7");
    private readonly Dictionary<PathId, Address> _open = [];
    private readonly HashSet<PathId> _challenged = [];
    private readonly byte[] _buffer = new byte[2048];
    private readonly IntegrityKey _key = StunCredentials.LongTermMd5("alice", "lab", "secret");
    private int _paths;

    public HandNetwork(Script script, MediaTransportOptions? options = null, Instant start = default)
    {
        Now = start;
        Answerer = script;
        Transport = new MediaTransport(
            (options ?? new MediaTransportOptions()) with { TurnServers = [new RelayServer(Server, "alice", "secret")], GatherBudget = TimeSpan.FromSeconds(5) },
            this, new SeededEntropy(5), Trace.Off, "alice");
    }

    /// <summary>The code (0 is success) for an authenticated Allocate of a path, with its relayed port and token.</summary>
    public delegate (int Code, int Port, ulong? Token) Script(PathId path, Func<ushort, bool> has);

    public MediaTransport Transport { get; }

    public Instant Now { get; private set; }

    public Script Answerer { get; }

    public int Rounds { get; private set; }

    public int? ReadyAfter { get; private set; }

    public List<string> Log { get; } = [];

    public List<MediaTransportEvent> Events { get; } = [];

    public IReadOnlyCollection<Address> Open => _open.Values;

    public IReadOnlyList<LocalInterface> Interfaces => [new LocalInterface("eth0", Local, 24, InterfaceKind.Wired, false, false)];

    public IReadOnlyList<Candidate> Relayed => [.. Transport.Local!.Candidates.Where(c => c.Type == CandidateType.Relayed)];

    /// <summary>Gathers, and goes on until nothing is sent any more.</summary>
    public HandNetwork Run(int rounds = 8)
    {
        Transport.Gather(Now, true);
        for (var i = 0; i < rounds; i++) Round();
        return this;
    }

    /// <summary>Everything that is sent within 40 ms is answered at their end.</summary>
    public void Round()
    {
        Rounds++;
        List<(PathId Path, byte[] Message)> sent = [];
        for (var ms = 0; ms < 40; ms++)
        {
            Transport.Advance(Now);
            while (Transport.TryTransmit(_buffer, out var transmit)) sent.Add((transmit.Path, _buffer.AsSpan(0, transmit.Length).ToArray()));
            Now += TimeSpan.FromMilliseconds(1);
        }

        foreach (var (path, message) in sent) Answer(path, message);
        while (Transport.TryEvent(out var happened))
        {
            Events.Add(happened);
            if (happened is MediaTransportEvent.Gathered) ReadyAfter = Rounds;
        }
    }

    public bool TryOpen(Transport transport, IpAddress local, ushort port, out PathId path, out Address bound, out PathError error, string? serverName = null)
    {
        error = default;
        path = new PathId(++_paths);
        bound = new Address(local, port == 0 ? (ushort)(4000 + 10 * _paths) : port);
        _open[path] = bound;
        return true;
    }

    public void Close(PathId path) => _open.Remove(path);

    public void Disconnect(PathId path, Address remote)
    {
    }

    public bool TryRoute(IpAddress remote, out IpAddress local)
    {
        local = Local;
        return true;
    }

    private void Answer(PathId path, byte[] message)
    {
        if (!StunReader.TryParse(message, out var request, out _) || request.Class != StunClass.Request) return;
        if (request.Method == StunMethod.Binding && Outside is { } outside)
        {
            var seenAs = StunWriter.Reply(new byte[512], request, StunClass.Success);
            seenAs.AddAddress(StunAttributeType.XorMappedAddress, new Address(outside, _open[path].Port));
            Transport.Receive(new Datagram(Now, path, Server, seenAs.Written));
        }

        if (request.Method != StunMethod.Allocate) return;
        var seen = Seen.Of(Now, request);
        var isSigned = seen.HasIntegrity;
        Log.Add($"{path.Value}{(isSigned ? "" : " bare")}{(seen.Has(StunAttributeType.EvenPort) ? " even" : "")}{(seen.Has(StunAttributeType.ReservationToken) ? " token" : "")}");
        if (!isSigned || _challenged.Add(path) && TiesNoncesToPorts)
        {
            _challenged.Add(path);
            var challenge = StunWriter.Reply(new byte[512], request, StunClass.Error);
            challenge.AddErrorCode(isSigned ? StunErrorCode.StaleNonce : StunErrorCode.Unauthenticated);
            challenge.AddString(StunAttributeType.Realm, "lab");
            challenge.AddString(StunAttributeType.Nonce, $"nonce-{path.Value}");
            Transport.Receive(new Datagram(Now, path, Server, challenge.Written));
            return;
        }

        var (code, port, token) = Answerer(path, seen.Has);
        var answer = StunWriter.Reply(new byte[512], request, code == 0 ? StunClass.Success : StunClass.Error);
        if (code != 0)
        {
            answer.AddErrorCode(code);
        }
        else
        {
            answer.AddAddress(StunAttributeType.XorRelayedAddress, new Address(Server.Ip, (ushort)port));
            answer.AddAddress(StunAttributeType.XorMappedAddress, _open[path]);
            answer.AddUInt32(StunAttributeType.Lifetime, 600);
            if (token is { } value) answer.AddUInt64(StunAttributeType.ReservationToken, value);
        }

        answer.AddIntegrity(_key);
        Transport.Receive(new Datagram(Now, path, Server, answer.Written));
    }

    /// <summary>Where the server sees us, when it answers that at all.</summary>
    public IpAddress? Outside { get; init; }

    /// <summary>True for a server that takes a nonce from the port only that it gave it to.</summary>
    public bool TiesNoncesToPorts { get; init; }
}
