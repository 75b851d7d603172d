using System.Diagnostics.CodeAnalysis;
using Softphone.Core;

namespace Softphone.Nat;

/// <summary>One allocation of a media stream, alone or as one half of a pair, and the socket or stream that speaks to its server.</summary>
internal sealed class Relay
{
    private readonly TurnClient? _client;

    public Relay(TurnOptions options, MediaSocket socket, TurnClient client, int rank, RelayServer server)
        : this(options, socket, rank, server) => _client = client;

    public Relay(TurnOptions options, MediaSocket socket, TurnPair pair, int rank, RelayServer server)
        : this(options, socket, rank, server) => Pair = pair;

    private Relay(TurnOptions options, MediaSocket socket, int rank, RelayServer server)
    {
        Path = options.Relay;
        Wire = options.Path;
        Socket = socket;
        Rank = rank;
        Server = server;
        if (options.Transport != Transport.Udp) Framer = new TurnFramer();
    }

    /// <summary>The path that the relay is: negative.</summary>
    public PathId Path { get; }

    /// <summary>What speaks to the server: the socket, or a stream of its own.</summary>
    public PathId Wire { get; private set; }

    /// <summary>Cuts what comes on the stream into messages; null with UDP.</summary>
    public TurnFramer? Framer { get; }

    public MediaSocket Socket { get; private set; }

    public TurnPair? Pair { get; }

    /// <summary>The client as it is now; a pair may replace it.</summary>
    public TurnClient Client => _client ?? Pair!.Of(Socket.Component);

    public int Rank { get; }

    /// <summary>The server as configured; it may have sent us to another one.</summary>
    public RelayServer Server { get; }

    /// <summary>Ports tried before this one (RFC 8656 §7.4).</summary>
    public int Tries { get; init; }

    /// <summary>The token for the port next to the first half's; null when there is none.</summary>
    public ulong? Reservation
    {
        get => field ?? (Socket.Component == 2 ? Pair?.Reservation : null);
        init;
    }

    /// <summary>The candidate that the server keeps for this half of a pair, told before it is allocated.</summary>
    public Candidate? Promise { get; set; }

    public bool IsClosing { get; set; }

    /// <summary>Its credential is replaced: it carries on while something goes by it, and is not told to peers any more.</summary>
    public bool IsRetired { get; set; }

    /// <summary>The other ways to the same server.</summary>
    public required RelayRace Race { get; init; }

    /// <summary>It has a relay or may get one.</summary>
    public bool IsAlive => !IsClosing && !IsLost && !Client.IsOver;

    /// <summary>It was lost, or never came; the second half of a pair may not even have asked.</summary>
    public bool IsLost { get; set; }

    /// <summary>Takes the relay along to another socket (RFC 8016); false when the server gave no ticket.</summary>
    public bool TryMove(Instant now, MediaSocket socket)
    {
        if (!IsAlive || !Client.TryMove(now, socket.Path)) return false;
        Socket = socket;
        Wire = socket.Path;
        return true;
    }

    /// <summary>Asks for the allocation; the second half of a pair follows the first.</summary>
    public void Allocate(Instant now)
    {
        if (Pair is null) _client!.Allocate(now);
        else if (Socket.Component == 1) Pair.Allocate(now);
    }

    public void Receive(in Datagram datagram)
    {
        if (Pair is null) _client!.Receive(datagram);
        else Pair.Receive(datagram);
    }

    public void Fail(in PathFailure failure)
    {
        if (Pair is null) _client!.Fail(failure);
        else Pair.Fail(failure);
    }

    public void Advance(Instant now)
    {
        if (Pair is null) _client!.Advance(now);
        else Pair.Advance(now);
    }

    public bool TryEvent([NotNullWhen(true)] out TurnEvent? happened) =>
        Pair is null ? _client!.TryEvent(out happened) : Pair.TryEvent(Socket.Component, out happened);
}
