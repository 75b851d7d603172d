namespace Softphone.Interop;

/// <summary>
/// Calls of other programs with one fault each, captured by tcpdump as they run: softphone open must name the fault that was made, and no other.
/// </summary>
internal static class CaptureTrial
{
    public static void Run(Laboratory lab, Report report)
    {
        var tag = 0;
        foreach (var cell in (CaptureCell[])[.. TalkFaults.Cells, .. SignallingFaults.Cells, .. PathFaults.Cells])
        {
            tag++;
            if (report.Wants(cell.Name)) Run(lab, report, cell, $"cap{tag}");
        }
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
