namespace Softphone.Captures;

/// <summary>Link types that are read, by their numbers in captures (LINKTYPE_ of the tcpdump group).</summary>
public enum LinkType
{
    /// <summary>BSD loopback: the family in the octet order of whoever captured.</summary>
    Null = 0,
    Ethernet = 1,

    /// <summary>Bare IP, as some systems number it.</summary>
    RawOld = 12,
    RawOlder = 14,
    Raw = 101,

    /// <summary>OpenBSD loopback: the family in network order.</summary>
    Loop = 108,

    /// <summary>Linux, interface "any".</summary>
    LinuxSll = 113,
    Ipv4 = 228,
    Ipv6 = 229,
    LinuxSll2 = 276,
}
