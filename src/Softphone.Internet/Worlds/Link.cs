namespace Softphone.Internet;

/// <summary>
/// The line between one host or gateway and its network, the same in both directions. A packet between two of them pays the delay of
/// both lines. Streams lose nothing: a loss costs them a retransmission time instead.
/// </summary>
/// <param name="Delay">One-way delay.</param>
/// <param name="Jitter">Uniform extra delay from zero to this; packets keep their order unless they are chosen to overtake.</param>
/// <param name="Loss">Probability, 0 to 1, that a packet is lost.</param>
/// <param name="Duplicate">Probability that a packet arrives twice.</param>
/// <param name="Overtake">Probability that a packet does not queue behind the ones before it; matters only with jitter.</param>
public sealed record Link(TimeSpan Delay, TimeSpan Jitter = default, double Loss = 0, double Duplicate = 0, double Overtake = 0)
{
    /// <summary>No delay, no loss.</summary>
    public static Link Perfect { get; } = new(TimeSpan.Zero);

    /// <summary>How many packets in a row a loss takes on average (Gilbert's model); 1 or less: each is lost or not by itself.</summary>
    public double Burst { get; init; } = 1;

    /// <summary>Bits a second that it carries in each direction, headers included; 0 for no limit.</summary>
    public long Rate { get; init; }

    /// <summary>Octets that may wait for a line with a <see cref="Rate"/>; what comes then is dropped.</summary>
    public int Queue { get; init; } = 64_000;

    /// <summary>The longest packet, headers included, that it carries; 0 for no limit. Longer ones vanish, as in a tunnel that tells nobody.</summary>
    public int Mtu { get; init; }

    /// <summary>
    /// True: who sends a longer packet is told by ICMP (RFC 1191), once for each destination, and sends what follows in smaller pieces: a datagram
    /// in fragments, a stream in smaller segments.
    /// </summary>
    public bool TellsTooBig { get; init; }

    /// <summary>True: it carries no fragments, which datagrams of more than 1,500 octets are, and those that were cut for a smaller <see cref="Mtu"/>.</summary>
    public bool DropsFragments { get; init; }

    /// <summary>What a packet goes through here depends on what else enters the line until then.</summary>
    internal bool HasMemory => Rate > 0 || Jitter > TimeSpan.Zero || Burst > 1;

    /// <summary>A line with this one-way delay in milliseconds.</summary>
    public static Link OfMilliseconds(double delay, double jitter = 0, double loss = 0) =>
        new(TimeSpan.FromMilliseconds(delay), TimeSpan.FromMilliseconds(jitter), loss);
}
