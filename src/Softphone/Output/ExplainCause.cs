using Softphone.Phone;

namespace Softphone.Cli;

/// <summary>Why media went this way, for a program: the kind, and of a network what hinders each side.</summary>
/// <param name="Kind">network, private-addresses, same-nat, no-ice and the like.</param>
internal sealed record ExplainCause(string Kind)
{
    /// <summary>relay-setting, udp-blocked, servers-silent, not-asked, no-public-address, per-destination, filter, nothing-arrived.</summary>
    public IReadOnlyList<string>? Ours { get; init; }

    public IReadOnlyList<string>? Peer { get; init; }

    /// <summary>It was not seen, and follows.</summary>
    public bool? Likely { get; init; }

    /// <summary>Of a failure: name-not-found, certificate, no-connection, credentials, server-refused and the like.</summary>
    public string? Failure { get; init; }

    /// <summary>How many answers could not be verified, or were refused.</summary>
    public int? Answers { get; init; }

    public static ExplainCause Of(Cause cause)
    {
        var told = new ExplainCause(EventWords.Of(cause.GetType().Name));
        return cause switch
        {
            Cause.Network e => told with { Ours = Words(e.Ours), Peer = Words(e.Peer), Likely = e.IsDeduced ? true : null },
            Cause.Failed e => told with { Failure = EventWords.Of(e.Kind.ToString()) },
            Cause.Unverified e => told with { Answers = e.Answers },
            Cause.Unauthenticated e => told with { Answers = e.Answers },
            _ => told,
        };
    }

    private static string[] Words(Hindrances side) =>
        [.. Enum.GetValues<Hindrances>().Where(h => h != Hindrances.None && side.HasFlag(h)).Select(h => EventWords.Of(h.ToString()))];
}
