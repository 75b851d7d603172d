using Softphone.Nat;

namespace Softphone.Lab;

/// <summary>A user of the TURN server, with the keys of both password algorithms made once.</summary>
internal sealed class TurnUser(string name, string realm, string password)
{
    public string Name { get; } = name;

    public IntegrityKey Md5 { get; } = StunCredentials.LongTermMd5(name, realm, password);

    public IntegrityKey Sha256 { get; } = StunCredentials.LongTermSha256(name, realm, password);

    public int Allocations { get; set; }

    /// <summary>Packets relayed for this user, both directions.</summary>
    public long RelayedPackets { get; set; }

    /// <summary>Octets of payload relayed for this user, both directions.</summary>
    public long RelayedBytes { get; set; }
}
