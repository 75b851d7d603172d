namespace Softphone.Interop;

/// <summary>`softphone nat` names each kernel NAT rightly.</summary>
internal static class NatNameTrial
{
    private static readonly (string Type, string Classic)[] Names =
    [
        ("full-cone", "full cone"), ("restricted-cone", "restricted cone"), ("port-restricted", "port-restricted cone"),
        ("symmetric", "symmetric"), ("none", "open"), ("firewall", "symmetric firewall"), ("udp-blocked", "UDP blocked"),
    ];

    public static void Run(Laboratory lab, Report report)
    {
        foreach (var (type, classic) in Names)
        {
            lab.SetNat("A", type);
            using var phone = new PhoneProcess(lab, "hostA", "nat", "--stun", $"stun:{Laboratory.StunServer}");
            var exit = phone.WaitForExit(TimeSpan.FromSeconds(60));
            var said = phone.All("nat").LastOrDefault();
            report.Check(said?.Text("classic") == classic, $"nat {type}",
                said is null ? $"exit {exit} {phone.Errors}" : $"\"{said.Text("classic")}\" mapping {said.Text("mapping")}, filtering {said.Text("filtering")}");
        }
    }
}
