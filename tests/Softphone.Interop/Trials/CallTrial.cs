namespace Softphone.Interop;

/// <summary>What one call between two phones gave.</summary>
internal sealed record CallOutcome(
    int? ExitA, int? ExitB, string PathA, string PathB, double SpeechAtA, double SpeechAtB,
    double? SetupMs, double? IceMs, double? MediaMsA, double? MediaMsB, string Problem)
{
    public bool TwoWay => SpeechAtA >= Recording.Threshold && SpeechAtB >= Recording.Threshold;
}

/// <summary>alice on hostA calls bob on hostB through kamailio; each plays its own speech and records what it hears.</summary>
internal static class CallTrial
{
    public static CallOutcome Run(Laboratory lab, string tag, int seconds = 6, double ringSeconds = 0)
    {
        var folder = Path.Combine(lab.Folder, "calls", tag);
        Directory.CreateDirectory(folder);
        var alice = ProfileFile.Write(folder, "alice");
        var bob = ProfileFile.Write(folder, "bob");
        string heardA = Path.Combine(folder, "alice-heard.wav"), heardB = Path.Combine(folder, "bob-heard.wav");
        using var b = new PhoneProcess(lab, "hostB", "answer", "--once", "--profile", bob, "--play", Binary.Sound("bob.wav"), "--record", heardB,
            "--for", $"{seconds + 30}s", "--ring", $"{ringSeconds}s");
        if (b.Wait("registration", TimeSpan.FromSeconds(15), e => e.GetProperty("state").GetString() == "registered") is null)
            return Broken("bob did not register", b);
        using var a = new PhoneProcess(lab, "hostA", "call", $"sip:bob@{Laboratory.Domain}", "--profile", alice, "--play", Binary.Sound("alice.wav"),
            "--record", heardA, "--for", $"{seconds}s");
        var exitA = a.WaitForExit(TimeSpan.FromSeconds(seconds + 60));
        var exitB = b.WaitForExit(TimeSpan.FromSeconds(15));
        var endA = a.All("call.end").LastOrDefault();
        var endB = b.All("call.end").LastOrDefault();
        if (endA is null) return Broken("no call.end at alice", a);
        if (endB is null) return Broken("no call.end at bob", b);
        return new CallOutcome(exitA, exitB, endA.Text("path"), endB.Text("path"),
            Recording.Match(Binary.Sound("bob.wav"), heardA), Recording.Match(Binary.Sound("alice.wav"), heardB),
            endA.Number("setup_ms"), endA.Number("ice_ms"), endA.Number("media_ms"), endB.Number("media_ms"),
            exitA == 0 && exitB == 0 ? "" : $"exit codes {exitA}/{exitB} {a.Errors} {b.Errors}");
    }

    private static CallOutcome Broken(string what, PhoneProcess phone) =>
        new(null, null, "", "", 0, 0, null, null, null, null, $"{what}: {phone.Errors}");
}
