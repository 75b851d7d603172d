namespace Softphone.Servers;

/// <summary>Who sends a request, as far as it was proved: it decides where the request may go (RFC 3261 §16.3, §26.3.2).</summary>
internal enum SipAccess
{
    /// <summary>Nobody that is known: may reach users of this server, at their address of record.</summary>
    Stranger,

    /// <summary>A party of a call that was set up here: may reach the other party.</summary>
    Party,

    /// <summary>A user of ours with valid credentials: may reach whom the owner of the server lets them.</summary>
    User,
}
