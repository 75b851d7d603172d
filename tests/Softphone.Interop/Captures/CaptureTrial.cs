namespace Softphone.Interop;

/// <summary>
/// Calls of other programs with one fault each, captured by tcpdump as they run: softphone open must name the fault that was made, and no other.
/// </summary>
internal static class CaptureTrial
{
    /// <param name="lab">Where.</param>
    /// <param name="report">Takes what came of it.</param>
    /// <param name="whole">All cells, not a third of them by the date.</param>
    public static void Run(Laboratory lab, Report report, bool whole)
    {
        var tag = 0;
        foreach (var cell in Rotation.Of(report, (CaptureCell[])[.. TalkFaults.Cells, .. SignallingFaults.Cells, .. PathFaults.Cells], 3, whole || report.HasOnly))
        {
            tag++;
            if (report.Wants(cell.Name)) Run(lab, report, cell, $"cap{tag}");
        }

        foreach (var (a, b) in new[] { ("none", "none"), ("full-cone", "symmetric"), ("port-restricted", "symmetric"), ("symmetric", "symmetric"), ("udp-blocked", "port-restricted") })
            if ($"our own, {a}/{b}" is var name && report.Wants(name)) Own(lab, report, name, a, b);
    }

    /// <summary>A call of ours, whose own capture must be explained as the phone did itself, and with no failure in it.</summary>
    private static void Own(Laboratory lab, Report report, string name, string a, string b)
    {
        var folder = Path.Combine(lab.Folder, "captures", $"own-{a}-{b}");
        var file = Path.Combine(folder, "capture.pcapng");
        lab.SetNat("A", a);
        lab.SetNat("B", b);
        using var bob = new PhoneProcess(lab, "hostB", "answer", "--once", "--profile", ProfileFile.Write(folder, "bob"), "--for", "60s", "--audio", "null");
        bob.Wait("registration", TimeSpan.FromSeconds(15), e => e.GetProperty("state").GetString() == "registered");
        using var alice = new PhoneProcess(lab, "hostA", "call", $"sip:bob@{Laboratory.Domain}", "--profile", ProfileFile.Write(folder, "alice", transport: a == "udp-blocked" ? "tcp" : "udp", turn: a == "udp-blocked" ? "tcp" : "udp"), "--for", "5s", "--audio", "null", "--pcap", file);
        var exit = alice.WaitForExit(TimeSpan.FromSeconds(60));
        if (!report.Check(exit == 0, $"captures: the call comes about: {name}", $"exit {exit} {alice.Errors}", name)) return;
        var said = alice.All("explain").LastOrDefault()?.Text("text") ?? "";
        var (kinds, text) = CaptureFile.Problems(file, failuresOnly: true);
        var read = CaptureFile.Explanation(file);
        // Of a TURN server that is asked by UDP where UDP is blocked it is true that it does not answer.
        var wrong = kinds.Except(a == "udp-blocked" ? ["turn-refused"] : []).ToList();
        report.Check(said.Length > 0 && read.EndsWith(said, StringComparison.Ordinal) && wrong.Count == 0, $"captures: {name}", $"{said}{(read.EndsWith(said, StringComparison.Ordinal) ? "" : $"; read: {read}")}{(wrong.Count > 0 ? $"\n{text}" : "")}", name);
    }

    private static void Run(Laboratory lab, Report report, CaptureCell cell, string tag)
    {
        var folder = Path.Combine(lab.Folder, "captures", tag);
        Directory.CreateDirectory(folder);
        var file = Path.Combine(folder, "capture.pcap");
        lab.SetNat("A", cell.NatA);
        lab.SetNat("B", cell.NatB);
        string flaw;
        using (var capture = new Capture(lab, cell.Host, file, cell.Device))
        using (var scene = new CaptureScene(lab, folder, tag))
        {
            cell.Make(scene);
            flaw = scene.Flaw;
        }

        if (!report.Check(flaw.Length == 0, $"captures: the fault is made: {cell.Name}", flaw, cell.Name)) return;
        var (kinds, text) = CaptureFile.Problems(file);
        var wrong = kinds.Except(cell.Kinds).Except(cell.Besides).ToList();
        var missing = cell.Kinds.Except(kinds).ToList();
        var isSaid = text.Contains(cell.Says, StringComparison.Ordinal);
        report.Check(
            wrong.Count == 0 && missing.Count == 0 && isSaid, $"captures: {cell.Name}",
            $"{(kinds.Count == 0 ? "nothing is wrong" : string.Join(", ", kinds))}{(missing.Count > 0 ? $"; missing {string.Join(", ", missing)}" : "")}{(wrong.Count > 0 ? $"; wrong {string.Join(", ", wrong)}" : "")}"
            + (wrong.Count == 0 && missing.Count == 0 && isSaid ? "" : $"{(isSaid ? "" : $"; not said: {cell.Says}")}\n{text}\n      {file}"), cell.Name);
    }
}
