namespace Softphone.Interop;

/// <summary>One way of running the grid: how the TURN server is reached, how far and how lossy the links are, and which cells.</summary>
/// <param name="Name">The part's name.</param>
/// <param name="What">One line about it.</param>
/// <param name="Relay">"udp", "tcp" or "tls".</param>
internal sealed record GridPass(string Name, string What, string Relay)
{
    private static readonly (string A, string B)[] All = [.. Matrix.AllTypes.SelectMany(a => Matrix.AllTypes.Select(b => (a, b)))];

    /// <summary>
    /// What a long or lossy link could change: every type against itself, the pairs whose first direct packet is refused, and the relayed
    /// ones. The other cells differ from these only in who is at which end.
    /// </summary>
    private static readonly (string A, string B)[] Telling =
    [
        .. Matrix.AllTypes.Select(t => (t, t)),
        ("restricted-cone", "symmetric"), ("symmetric", "restricted-cone"), ("port-restricted", "symmetric"), ("symmetric", "port-restricted"),
        ("firewall", "symmetric"), ("none", "symmetric"), ("udp-blocked", "port-restricted"), ("port-restricted", "udp-blocked"),
    ];

    public static readonly GridPass[] Passes =
    [
        new("grid", "a call for every pair of the seven NAT types through kamailio and coturn", "udp") { Short = All },
        new("grid-tcp", "the relayed pairs, and two direct ones, with TURN over TCP", "tcp")
        {
            Short = [.. All.Where(c => Matrix.NeedsRelay(c.A, c.B) && !Matrix.IsBlocked(c.A) && !Matrix.IsBlocked(c.B)), ("port-restricted", "port-restricted"), ("none", "none")],
        },
        new("grid-tls", "the relayed pairs with TURN over TLS", "tls") { Short = [.. All.Where(c => Matrix.NeedsRelay(c.A, c.B))] },
        new("grid-delay", "the telling pairs with 40 ms one-way delay on each side's link", "udp") { Short = Telling, Delay = 40 },
        new("grid-loss", "the telling pairs with 5 % loss between the hosts", "udp") { Short = Telling, Delay = 10, Loss = 2.5 },
    ];

    /// <summary>The cells without --full, which runs all 49.</summary>
    public required IReadOnlyList<(string A, string B)> Short { get; init; }

    /// <summary>Milliseconds each way on the link of A and of B and of the servers' users.</summary>
    public double Delay { get; init; }

    /// <summary>Per cent on each link, each way; a packet from host to host crosses two.</summary>
    public double Loss { get; init; }

    /// <summary>
    /// Seconds of silence before the speech: a lost first request costs half a second, a TLS handshake three round trips, and where UDP is
    /// blocked each lost segment of the way to a relay by TCP costs 200 ms to a second, one after the other.
    /// </summary>
    public double Lead => Loss > 0 ? 3 : Delay > 0 || Relay == "tls" ? 1.5 : 0;

    public IReadOnlyList<(string A, string B)> Cells(bool full) => full ? All : Short;
}
