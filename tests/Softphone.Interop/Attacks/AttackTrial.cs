namespace Softphone.Interop;

/// <summary>
/// The phone and `lab serve` attacked as a stranger on the network would, and as a file or a folder of somebody else could: on real
/// sockets, in a network namespace of its own that ends with it. The attacker reads and writes octets by hand.
/// </summary>
internal static class AttackTrial
{
    /// <summary>Those that the phones listen at, and addresses of the world in which `lab serve --public` stands, and of a network that it must not reach into.</summary>
    private const string Addresses = "127.0.0.92 127.0.0.93 127.0.0.94 127.0.0.95 127.0.0.96 203.0.113.5 198.51.100.7 198.51.100.8 10.9.9.9";

    private static readonly IReadOnlyList<(string Name, Action<AttackField> Run)> Cells =
    [
        ("credentials", CredentialAttacks.Run),
        ("ring", CredentialAttacks.Rings),
        ("transfer", TransferAttacks.Run),
        ("thief", MediaAttacks.Run),
        ("hammer", MediaAttacks.Hammer),
        ("descriptors", ExhaustionAttacks.Descriptors),
        ("silent TCP", ExhaustionAttacks.SilentStreams),
        ("server", ServerAttacks.Run),
        ("terminal", TextAttacks.Run),
        ("files", FileAttacks.Run),
    ];

    public static void Run(string runRoot, Report report, string? only)
    {
        if (OwnNetwork.Enter("attack", report, "every attack fails", only, $"echo 1 > /proc/sys/net/ipv6/conf/all/disable_ipv6; for a in {Addresses}; do ip address add $a/32 dev lo; done")) AttackField.Run(runRoot, "attack", report, Cells);
    }
}
