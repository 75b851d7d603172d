namespace Softphone.Interop;

/// <summary>`softphone nat` against every kernel NAT: each verdict is what was set up, hairpin and the lifetime of a binding too.</summary>
internal static class DiscoveryTrial
{
    private const string Independent = "endpoint-independent";
    private const string Address = "address-dependent";
    private const string Both = "address-and-port-dependent";

    // Where hairpinning cannot be seen, or there is nothing that could do it, nothing is said.
    private static readonly (string Type, string Classic, string Mapping, string Filtering, bool? Hairpin)[] Verdicts =
    [
        ("none", "open", Independent, Independent, null),
        ("firewall", "symmetric firewall", Independent, Both, null),
        ("full-cone", "full cone", Independent, Independent, false),
        ("full-cone hairpin", "full cone", Independent, Independent, true),
        ("restricted-cone", "restricted cone", Independent, Address, false),
        ("restricted-cone hairpin", "restricted cone", Independent, Address, true),
        ("port-restricted", "port-restricted cone", Independent, Both, false),
        ("port-restricted hairpin", "port-restricted cone", Independent, Both, true),
        ("symmetric", "symmetric", Both, Both, null),
        ("udp-blocked", "UDP blocked", "", "", null),
    ];

    public static void Run(Laboratory lab, Report report)
    {
        foreach (var (type, classic, mapping, filtering, hairpin) in Verdicts)
        {
            if (!report.Wants(type)) continue;
            lab.SetNat("A", type.Split(' '));
            var said = Ask(lab, out var problem);
            var evidence = said is null ? "" : string.Join("; ", said.Data.GetProperty("evidence").EnumerateArray().Select(e => e.GetString()));
            report.Check(
                said?.Text("classic") == classic && said.Text("mapping") == mapping && said.Text("filtering") == filtering && Hairpin(said) == hairpin,
                $"discovery {type}",
                said is null ? problem : $"{said.Text("classic")}, mapping {said.Text("mapping")}, filtering {said.Text("filtering")}, hairpin {Hairpin(said)?.ToString() ?? "not told"}{(said.Text("classic") == classic ? "" : $" ({evidence})")}");
        }

        foreach (var (type, seconds) in (ReadOnlySpan<(string, int)>)[("port-restricted", 12), ("symmetric", 20)])
        {
            if (!report.Wants(type)) continue;
            lab.SetNat("A", type, $"timeout={seconds}");
            var said = Ask(lab, out var problem, "--lifetime", "60s");
            var found = said?.Number("lifetime_s");
            report.Check(found >= seconds - 2 && found <= seconds + 1, $"discovery {type}, bindings of {seconds} s", said is null ? problem : $"found {found} s");
        }
    }

    private static PhoneEvent? Ask(Laboratory lab, out string problem, params string[] more)
    {
        using var phone = new PhoneProcess(lab, "hostA", ["nat", "--stun", $"stun:{Laboratory.StunServer}", .. more]);
        var exit = phone.WaitForExit(TimeSpan.FromMinutes(4));
        problem = $"exit {exit} {phone.Errors}";
        return phone.All("nat").LastOrDefault();
    }

    private static bool? Hairpin(PhoneEvent said) =>
        said.Data.TryGetProperty("hairpin", out var value) ? value.GetBoolean() : null;
}
