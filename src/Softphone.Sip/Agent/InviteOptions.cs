using Softphone.Core;

namespace Softphone.Sip;

/// <summary>What may be said about one outgoing INVITE beyond its target and its offer.</summary>
public sealed record InviteOptions
{
    /// <summary>Further headers, in order, such as Subject or P-Preferred-Identity. Lines that SIP forbids are refused.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Headers { get; init; } = [];

    /// <summary>Hide the caller: anonymous From and <c>Privacy: id</c> (RFC 3323 §4.1, RFC 3325 §9.3).</summary>
    public bool Anonymous { get; init; }

    /// <summary>Give up (CANCEL) when nobody answered in this time; null leaves it to the network.</summary>
    public TimeSpan? RingTimeout { get; init; }

    /// <summary>Send by this transport, whatever the target and the account say; null lets RFC 3263 choose.</summary>
    public Transport? Transport { get; init; }
}
