using Softphone.Nat;

namespace Softphone.Servers;

/// <summary>A user of the TURN server, with the keys of both password algorithms, each made once when it is first asked for.</summary>
internal sealed class TurnUser(string name, string realm, string password)
{
    private IntegrityKey? _md5;
    private IntegrityKey? _sha256;

    public string Name { get; } = name;

    public IntegrityKey Md5 => _md5 ??= StunCredentials.LongTermMd5(Name, realm, password);

    public IntegrityKey Sha256 => _sha256 ??= StunCredentials.LongTermSha256(Name, realm, password);

    public int Allocations { get; set; }

    /// <summary>Packets relayed for this user, both directions.</summary>
    public long RelayedPackets { get; set; }

    /// <summary>Octets of payload relayed for this user, both directions.</summary>
    public long RelayedBytes { get; set; }
}
