namespace Softphone.Interop;

/// <summary>
/// Our ICE against aioice and libnice, full and lite, in both roles, with one component and two: connected, data both ways over every
/// component, and both ends hold the same pair.
/// </summary>
internal static class PeerTrial
{
    private static readonly (string A, string B, string Server)[] Worlds =
    [
        ("none", "none", "none"),
        ("full-cone", "symmetric", "stun"),
        ("port-restricted", "restricted-cone", "stun"),
        ("symmetric", "port-restricted", "turn-udp"),
        ("udp-blocked", "port-restricted", "turn-tcp"),
    ];

    public static void Run(Laboratory lab, Report report)
    {
        report.Tell($"{"A, ours",-14}{"B",-22}{"NATs",-34}{"server",-10}{"path seen from A",-22}{"connected A/B",18}{"nominated A/B",18}");
        foreach (var (a, b, server) in Worlds)
        {
            lab.SetNat("A", a);
            lab.SetNat("B", b);
            foreach (var program in new[] { "aioice", "libnice" })
                foreach (var controlling in new[] { true, false })
                    foreach (var components in new[] { 1, 2 })
                        Session(lab, report, $"{a}/{b}", program, controlling, components, "full", server);
        }

        // A lite end has host addresses only and never checks, so it must be public; ours may be behind anything.
        foreach (var type in new[] { "none", "port-restricted", "symmetric" })
        {
            lab.SetNat("A", type);
            lab.SetNat("B", "none");
            foreach (var components in new[] { 1, 2 })
            {
                Session(lab, report, $"{type}/none", "libnice", true, components, "lite", "stun");
                // Told that the peer is lite, we control whatever the offer made of us (RFC 8445 §6.1.1).
                Session(lab, report, $"{type}/none", "libnice", false, components, "lite", "stun");
            }
        }

        lab.SetNat("A", "none");
        lab.SetNat("B", "none");
        Session(lab, report, "none/none", "aioice", false, 1, "to-lite", "none");
    }

    private static void Session(Laboratory lab, Report report, string nats, string program, bool controlling, int components, string kind, string server)
    {
        var name = $"{(controlling ? "controlling" : "controlled")}, {program} {kind}, {components} component{(components > 1 ? "s" : "")}, {nats}, {server}";
        if (!report.Wants(name)) return;
        // Where we are told of a lite end the lite end itself is controlled in any case.
        var (a, b) = Exchange(lab, "ours", program, controlling, !controlling && kind != "lite", components, kind, server);
        var why = Judge(a, b, components);
        var path = a.Selected.TryGetValue(1, out var pair) ? $"{pair.LocalType} - {pair.RemoteType}" : "";
        report.Tell($"{(controlling ? "controlling" : "controlled"),-14}{program + " " + kind + " ×" + components,-22}{nats,-34}{server,-10}{path,-22}"
            + $"{$"{a.ConnectedMs:F0} / {b.ConnectedMs:F0} ms",18}{$"{a.NominatedMs:F0} / {b.NominatedMs:F0} ms",18}");
        report.Check(why.Length == 0, name, why, name);
    }

    /// <summary>One session between hostA and hostB, from start to the end of both programs.</summary>
    public static (PeerEnd A, PeerEnd B) Exchange(Laboratory lab, string programA, string programB, bool controllingA, bool controllingB, int components, string kindB, string server)
    {
        using var a = new PeerProcess(lab, "hostA", programA, controllingA, components, "full", server);
        using var b = new PeerProcess(lab, "hostB", programB, controllingB, components, kindB, kindB == "lite" ? "none" : server);
        var limit = TimeSpan.FromSeconds(20);
        if (a.Wait(limit, "") is not null && b.Wait(limit, "") is not null)
        {
            b.Send(Description(a));
            a.Send(Description(b));
            a.Wait(limit, "done", "failed");
            b.Wait(limit, "done", "failed");
        }

        foreach (var end in new[] { a, b })
        {
            end.Send();
            end.Wait(TimeSpan.FromSeconds(2), "selected");
            Thread.Sleep(100);
        }

        var ends = (PeerEnd.Of(a), PeerEnd.Of(b));
        a.Send();
        b.Send();
        return ends;
    }

    private static IEnumerable<string> Description(PeerProcess end) => end.Lines.TakeWhile(l => l.Length > 0);

    /// <summary>What is wrong; empty when all is as it must be.</summary>
    private static string Judge(PeerEnd a, PeerEnd b, int components)
    {
        if (a.NominatedMs is null || b.NominatedMs is null) return $"not connected: A {a.ConnectedMs} {a.Failure}, B {b.ConnectedMs} {b.Failure}";
        for (var component = 1; component <= components; component++)
        {
            var (backA, backB) = (a.Echoed.GetValueOrDefault(component), b.Echoed.GetValueOrDefault(component));
            if (backA < 40 || backB < 40) return $"component {component}: {backA} and {backB} of 40 came back";
            if (!a.Selected.TryGetValue(component, out var pairA) || !b.Selected.TryGetValue(component, out var pairB)) return $"component {component}: no selected pair told";
            if (!IsSame(pairA, b, pairB) || !IsSame(pairB, a, pairA)) return $"component {component}: A has {pairA}, B has {pairB}";
        }

        return "";
    }

    /// <summary>
    /// Where one end sends to is where the other's local end shows: as it names it itself, as its candidates say, or, learned from
    /// checks, at the outside of its NAT.
    /// </summary>
    private static bool IsSame(SelectedPair from, PeerEnd other, SelectedPair to)
    {
        if (from.Remote == to.Local || from.Remote == to.Base) return true;
        var (ip, port) = (from.Remote.Split(':')[0], from.Remote.Split(':')[1]);
        var known = other.Candidates.Select(c => c.Split(' ')).Where(w => w[4] == ip && w[5] == port).ToList();
        var at = known.Select(w => (Array.IndexOf(w, "raddr"), w)).Where(w => w.Item1 > 0).Select(w => $"{w.w[w.Item1 + 1]}:{w.w[w.Item1 + 3]}").ToList();
        if (known.Count > 0) return at.Contains(to.Base) || at.Contains(to.Local);
        return from.RemoteType == "prflx" && ip is "203.0.113.101" or "203.0.113.102" && to.LocalType != "relay";
    }
}
