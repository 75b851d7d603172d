namespace Softphone.Sip;

/// <summary>Which digest algorithms a server must use to get an answer; RFC 8760 leaves that to the user.</summary>
public enum DigestDemand
{
    /// <summary>MD5 as well: most servers have nothing else.</summary>
    Any,

    /// <summary>SHA-256 and its -sess variant only.</summary>
    Sha256,
}
