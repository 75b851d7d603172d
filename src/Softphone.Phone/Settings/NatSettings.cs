using Softphone.Core;

namespace Softphone.Phone;

/// <summary>A server by name or address; the shell's resolver turns a name into addresses.</summary>
public readonly record struct ServerName(string Host, ushort Port)
{
    /// <summary>No port was named: SRV records say where the service is, if the domain has them (RFC 8489 §8, RFC 5928 §3).</summary>
    public bool IsService { get; init; }

    public override string ToString() => $"{Host}:{Port}";
}

/// <summary>A TURN server and who we are to it.</summary>
/// <param name="Server">Where it is.</param>
/// <param name="User">Long-term user name.</param>
/// <param name="Password">Long-term password; in no text form.</param>
public sealed record TurnAccount(ServerName Server, string User, string Password)
{
    /// <summary>How it is reached. Accounts that differ in nothing else are ways to one server, of which one is used.</summary>
    public Transport Transport { get; init; } = Transport.Udp;

    public override string ToString() => $"{User}@{Server}{(Transport == Transport.Udp ? "" : $" by {Transport.ToString().ToUpperInvariant()}")}";
}

/// <summary>How media finds its way.</summary>
public sealed record NatSettings
{
    /// <summary>Auto offers ICE and falls back to symmetric RTP; Relay uses nothing but relays; None is plain RTP.</summary>
    public NatMode Mode { get; init; } = NatMode.Auto;

    public IReadOnlyList<ServerName> StunServers { get; init; } = [];

    public IReadOnlyList<TurnAccount> TurnServers { get; init; } = [];

    /// <summary>The TURN servers are known to take relays along to another address (RFC 8016).</summary>
    public bool Mobility { get; init; }

    /// <summary>Interfaces that offer no candidates, with * for any characters.</summary>
    public IReadOnlyList<string> SkipInterfaces { get; init; } = ["docker*", "veth*", "virbr*"];

    /// <summary>How long candidates are gathered at most before a call goes on without the missing ones.</summary>
    public TimeSpan GatherBudget { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>Offer and use TCP candidates too (RFC 6544), for networks that let no UDP out.</summary>
    public bool Tcp { get; init; }

    /// <summary>
    /// Ta, the time between two new checks. It is offered as a=ice-pacing, and the slower of both sides counts (RFC 8445 §14.2, RFC 8839
    /// §5.5). At 10 ms checks take no more of the line than the audio that follows them.
    /// </summary>
    public TimeSpan Pacing { get; init; } = TimeSpan.FromMilliseconds(10);

    /// <summary>Nominate the first pair that works, in place of waiting a little for a better one.</summary>
    public bool NominateImmediately { get; init; }
}

/// <summary>The nat.mode of a profile.</summary>
public enum NatMode
{
    Auto,
    Ice,
    Relay,
    None,
}
