using Softphone.Core;

namespace Softphone.Nat;

/// <summary>A TURN server over UDP and the long-term credential for it (RFC 8656 §5).</summary>
public sealed record RelayServer(Address Address, string User, string Password)
{
    public override string ToString() => $"turn:{Address} as {User}";
}
