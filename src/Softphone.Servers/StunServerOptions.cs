using Softphone.Core;

namespace Softphone.Servers;

/// <summary>What a STUN server listens on and which dialects it speaks.</summary>
/// <param name="Primary">Its first address.</param>
public sealed record StunServerOptions(IpAddress Primary)
{
    /// <summary>Its second address, for behaviour discovery (RFC 5780 §6.1); unset for a server with one.</summary>
    public IpAddress Alternate { get; init; }

    /// <summary>Its address of the other family, on <see cref="Port"/> alone: there it discovers nothing. Unset for none.</summary>
    public IpAddress OtherFamily { get; init; }

    public ushort Port { get; init; } = 3478;

    public ushort AlternatePort { get; init; } = 3479;

    /// <summary>
    /// False: no server with two addresses, and an answer of 1.6 times the request at most (checklist S37). True, the lab's way: the
    /// answers of behaviour discovery, which are longer.
    /// </summary>
    public bool Discovers { get; init; } = true;

    /// <summary>True: requests without the magic cookie are answered in the dialect of RFC 3489.</summary>
    public bool IsClassic { get; init; } = true;
}
