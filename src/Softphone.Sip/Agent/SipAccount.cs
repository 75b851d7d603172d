using Softphone.Core;

namespace Softphone.Sip;

/// <summary>
/// One identity at one provider: what REGISTER, INVITE and digest are made from. The password never leaves the agent: it has no
/// public getter and is in no text form.
/// </summary>
public sealed class SipAccount
{
    /// <summary>The address of record, "sip:alice@example.com".</summary>
    public required SipUri Aor { get; init; }

    /// <summary>The name shown beside it in From.</summary>
    public string DisplayName { get; init; } = "";

    /// <summary>The digest user name; empty takes the user part of the address of record.</summary>
    public string AuthUser { get; init; } = "";

    /// <summary>The digest password; empty answers no challenge.</summary>
    public string Password { internal get; init; } = "";

    /// <summary>The weakest digest that a challenge may ask for.</summary>
    public DigestDemand Digest { get; init; }

    /// <summary>Where REGISTER goes; null is the domain of the address of record.</summary>
    public SipUri? Registrar { get; init; }

    /// <summary>The proxy that all requests outside a dialog pass first (a pre-loaded Route, RFC 3261 §8.1.2); null for none.</summary>
    public SipUri? OutboundProxy { get; init; }

    /// <summary>The registration lifetime asked for.</summary>
    public TimeSpan Expires { get; init; } = TimeSpan.FromSeconds(600);

    /// <summary>The transport to use where the target does not say; null lets RFC 3263 choose.</summary>
    public Transport? Transport { get; init; }

    /// <summary>
    /// Find out by what long messages reach the server: a stream is used in place of UDP where it has one and <see cref="Transport"/> is null, and UDP is
    /// asked once whether datagrams longer than a packet pass.
    /// </summary>
    public bool ProbesTransport { get; init; }

    /// <summary>A stable URN for <c>+sip.instance</c>, "urn:uuid:…" (RFC 5626 §4.1); empty takes one for as long as the program runs.</summary>
    public string InstanceId { get; init; } = "";

    /// <summary>Put the public address that the registrar saw (Via received and rport) into Contact and register again.</summary>
    public bool LearnContact { get; init; } = true;

    /// <summary>Its calls do not say who it is: an anonymous From and <c>Privacy: id</c> (RFC 3323 §4.1, RFC 3325 §9.3).</summary>
    public bool IsPrivate { get; init; }

    /// <summary>Believe P-Asserted-Identity, or Remote-Party-ID where there is none, in requests from this account's server (RFC 3325 §9).</summary>
    public bool TrustAssertedIdentity { get; init; } = true;

    /// <summary>What it makes of provisional responses that are acknowledged.</summary>
    public Reliability Provisionals { get; init; }

    /// <summary>Whose calls ring; null takes those of its servers alone once it has a registrar, and anybody's without.</summary>
    public CallsFrom? CallsFrom { get; init; }

    /// <summary>It is nobody in particular, to be called at an address by whatever name: no Request-URI is foreign to it.</summary>
    public bool TakesAnyUser { get; init; }

    /// <summary>Ask the server for news of the voice mailbox once registered (RFC 3842); one that has none is not asked again.</summary>
    public bool WantsMessages { get; init; } = true;

    public override string ToString() => Aor.ToString();
}
