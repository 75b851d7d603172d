using Softphone.Core;
using Softphone.Sip;

namespace Softphone.Lab;

/// <summary>What stands between the two phones of a <see cref="DemoWorld"/>.</summary>
public sealed record DemoOptions
{
    public NatBehavior NatA { get; init; } = NatBehavior.PortRestricted;

    public NatBehavior NatB { get; init; } = NatBehavior.PortRestricted;

    /// <summary>True: both hosts are on the LAN behind NAT A, and there is no NAT B.</summary>
    public bool IsSameNat { get; init; }

    /// <summary>True: hosts of one LAN cannot reach each other directly.</summary>
    public bool IsolatesClients { get; init; }

    /// <summary>True: both LANs have IPv6 too, behind a stateful firewall each.</summary>
    public bool HasV6 { get; init; }

    /// <summary>One-way delay of each NAT's line: host to server pays it once, host to host twice.</summary>
    public TimeSpan Latency { get; init; } = TimeSpan.FromMilliseconds(20);

    /// <summary>Extra delay of each line, from zero to this.</summary>
    public TimeSpan Jitter { get; init; }

    /// <summary>Probability, 0 to 1, that a line loses a packet.</summary>
    public double Loss { get; init; }

    /// <summary>
    /// What the TURN server shares with who makes credentials that end, and then ends their allocations; empty for none. Its wall clock
    /// starts in 1970 with the world.
    /// </summary>
    public string TurnSecret { get; init; } = "";

    /// <summary>How the SIP server asks for passwords; SHA-256 and MD5 when null.</summary>
    public IReadOnlyList<DigestAlgorithm>? Digests { get; init; }

    public ulong Seed { get; init; } = 1;

    /// <summary>Where the world and its servers record what they do; nowhere when null.</summary>
    public Trace? Trace { get; init; }

    /// <summary>What a world before this one has left; nothing when null.</summary>
    internal WorldMemory? Memory { get; init; }

    /// <summary>The line that the options describe.</summary>
    public Link Line => new(Latency, Jitter, Loss);
}
