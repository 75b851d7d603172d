namespace Softphone.Sockets;

/// <summary>The DNS record types that SIP resolution asks for (RFC 1035 §3.2.2, RFC 3596, RFC 2782, RFC 3403).</summary>
public enum DnsType
{
    None = 0,
    A = 1,
    Aaaa = 28,
    Srv = 33,
    Naptr = 35,
}
