using Softphone.Core;

namespace Softphone.Nat;

/// <summary>A TURN server and the long-term credential for it (RFC 8656 §5).</summary>
/// <param name="Address">Where it is.</param>
/// <param name="User">User name.</param>
/// <param name="Password">Password; in no text form.</param>
public sealed record RelayServer(Address Address, string User, string Password)
{
    /// <summary>How it is reached; what it relays is UDP in any case (RFC 8656 §3.1).</summary>
    public Transport Transport { get; init; } = Transport.Udp;

    /// <summary>The name that its certificate must show with TLS; null takes the address.</summary>
    public string? Host { get; init; }

    public override string ToString() => Transport switch
    {
        Transport.Udp => $"turn:{Address} as {User}",
        Transport.Tcp => $"turn:{Address}?transport=tcp as {User}",
        _ => $"turns:{Host ?? Address.Ip.ToString()}:{Address.Port} ({Address}) as {User}",
    };
}
