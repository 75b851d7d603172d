using Softphone.Core;

namespace Softphone.Nat;

/// <summary>One allocation of a media stream, and the socket that speaks to its server.</summary>
internal sealed class Relay(PathId path, MediaSocket socket, TurnClient client, int rank, Address server)
{
    /// <summary>The path that the relay is: negative.</summary>
    public PathId Path { get; } = path;

    public MediaSocket Socket { get; } = socket;

    public TurnClient Client { get; } = client;

    public int Rank { get; } = rank;

    /// <summary>The server as configured; it may have sent us to another one.</summary>
    public Address Server { get; } = server;

    public bool IsClosing { get; set; }
}
