using Softphone.Core;

namespace Softphone.Cli;

/// <summary>What a TURN server did by one transport; what it never came to is null.</summary>
internal sealed record RelayEchoResult
{
    /// <summary>From the first packet to the server until the allocation was there.</summary>
    public TimeSpan? Allocated { get; init; }

    public Address Relayed { get; init; }

    /// <summary>From both allocations to a confirmed path between them.</summary>
    public TimeSpan? Path { get; init; }

    public int Sent { get; init; }

    /// <summary>Milliseconds there and back of each packet that came back, in ascending order.</summary>
    public IReadOnlyList<double> RoundTrips { get; init; } = [];

    /// <summary>Why it does not work; null when it does.</summary>
    public Fault? Fault { get; init; }
}
