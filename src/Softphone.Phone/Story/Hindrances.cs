namespace Softphone.Phone;

/// <summary>What stands between one side and a direct path. Only what was seen or is set counts; several may hold at once.</summary>
[Flags]
public enum Hindrances
{
    None = 0,

    /// <summary>A setting allows relays only: ours is known, the peer's is seen from candidates that are relays alone.</summary>
    RelaySetting = 1,

    /// <summary>
    /// No UDP gets out: servers that did not answer by UDP did by TCP; or the peer named a relay and nothing else of the outside, or a public
    /// address from which nothing came even to our relay.
    /// </summary>
    UdpBlocked = 2,

    /// <summary>Servers were asked by UDP and none answered: they are down, or no UDP gets out.</summary>
    ServersSilent = 4,

    /// <summary>No server was asked by UDP, so a private address is all that is known.</summary>
    NotAsked = 8,

    /// <summary>The peer named private addresses alone: it asked no server, or none answered.</summary>
    NoPublicAddress = 16,

    /// <summary>The NAT uses another outer port for every destination (RFC 4787 §4.1, address- or address-and-port-dependent mapping).</summary>
    PerDestination = 32,

    /// <summary>The NAT or firewall lets in only what comes from where it has sent to (RFC 4787 §5).</summary>
    Filter = 64,

    /// <summary>The peer named a public address, and nothing came from it, where no relay of ours could have heard it.</summary>
    NothingArrived = 128,
}
