namespace Softphone.Sip;

/// <summary>What a server finds in the credentials of a request.</summary>
public enum DigestVerdict
{
    /// <summary>None for this realm, or of a scheme we lack: challenge.</summary>
    Absent,

    /// <summary>The response is right but the nonce has aged: challenge with stale=true.</summary>
    Stale,

    /// <summary>Wrong user, password, or a nonce that is not ours: challenge, or refuse with 403.</summary>
    Rejected,

    Accepted,
}
