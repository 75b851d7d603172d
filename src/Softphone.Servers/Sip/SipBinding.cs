using Softphone.Core;
using Softphone.Sip;

namespace Softphone.Servers;

/// <summary>One contact of a registered user, and the flow its registration came by (RFC 3261 §10.3, RFC 5626 §6).</summary>
internal sealed class SipBinding(long id, string user, string key, NameAddr contact)
{
    public long Id { get; } = id;

    public string User { get; } = user;

    /// <summary>What makes it the same binding: instance and reg-id, or the contact URI.</summary>
    public string Key { get; } = key;

    public NameAddr Contact { get; set; } = contact;

    public SipFlow Flow { get; set; }

    public string CallId { get; set; } = "";

    public uint CSeq { get; set; }

    public Instant Expires { get; set; }

    /// <summary>Grows with every registration, so that the newest is known.</summary>
    public long Order { get; set; }
}
