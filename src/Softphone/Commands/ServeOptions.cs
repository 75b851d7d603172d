using Softphone.Core;
using Softphone.Lab;

namespace Softphone.Cli;

/// <summary>softphone lab serve.</summary>
internal sealed record ServeOptions
{
    public IpAddress Listen { get; init; } = IpAddress.LoopbackV4;

    /// <summary>The second address of NAT discovery; null for none, or on loopback for the next one.</summary>
    public IpAddress? Alternate { get; init; }

    /// <summary>SIP domain and realm; null takes the address.</summary>
    public string? Domain { get; init; }

    /// <summary>Names; their passwords come from the environment or a prompt.</summary>
    public IReadOnlyList<string> Users { get; init; } = [];

    /// <summary>Names with their passwords.</summary>
    public string? UsersFile { get; init; }

    public ushort SipPort { get; init; } = 5060;

    /// <summary>0 for no SIP over TLS.</summary>
    public ushort SipsPort { get; init; } = 5061;

    public ushort StunPort { get; init; } = 3478;

    public ushort AlternatePort { get; init; } = 3479;

    /// <summary>0 for no TURN over TLS.</summary>
    public ushort TurnsPort { get; init; } = 5349;

    public (ushort First, ushort Last) RelayPorts { get; init; } = (49_152, 65_535);

    /// <summary>PEM files; null makes a certificate.</summary>
    public string? Certificate { get; init; }

    public string? Key { get; init; }

    public int Quota { get; init; } = 64;

    public int Capacity { get; init; } = 4096;

    public IReadOnlyList<AddressBlock> AllowPeers { get; init; } = [];

    public IReadOnlyList<AddressBlock> DenyPeers { get; init; } = [];

    /// <summary>Null serves until it is interrupted.</summary>
    public TimeSpan? For { get; init; }

    public bool Json { get; init; }
}
