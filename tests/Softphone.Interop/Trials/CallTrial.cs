using Softphone.Audio;

namespace Softphone.Interop;

/// <summary>How one call of two phones is made.</summary>
/// <param name="Tag">The name of its folder.</param>
internal sealed record CallSettings(string Tag)
{
    /// <summary>How long it lasts once answered.</summary>
    public double Seconds { get; init; } = 6;

    public double RingSeconds { get; init; }

    /// <summary>Silence before the speeches, for paths that take their time; when audio came first is told beside.</summary>
    public double LeadSeconds { get; init; }

    /// <summary>Plays the first three seconds of the speeches only.</summary>
    public bool ShortSpeech { get; init; }

    /// <summary>Writes a profile into the folder and gives its path.</summary>
    public Func<string, string> ProfileA { get; init; } = folder => ProfileFile.Write(folder, "alice");

    public Func<string, string> ProfileB { get; init; } = folder => ProfileFile.Write(folder, "bob");
}

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
    public static CallOutcome Run(Laboratory lab, string tag, int seconds = 6, double ringSeconds = 0) =>
        Run(lab, new CallSettings(tag) { Seconds = seconds, RingSeconds = ringSeconds });

    public static CallOutcome Run(Laboratory lab, CallSettings settings)
    {
        var folder = Path.Combine(lab.Folder, "calls", settings.Tag);
        Directory.CreateDirectory(folder);
        string heardA = Path.Combine(folder, "alice-heard.wav"), heardB = Path.Combine(folder, "bob-heard.wav");
        string speechA = Speech(folder, "alice.wav", settings), speechB = Speech(folder, "bob.wav", settings);
        using var b = new PhoneProcess(lab, "hostB", "answer", "--once", "--profile", settings.ProfileB(folder), "--play", speechB, "--record", heardB,
            "--for", $"{settings.Seconds + 30}s", "--ring", $"{settings.RingSeconds}s");
        if (b.Wait("registration", TimeSpan.FromSeconds(20), e => e.GetProperty("state").GetString() == "registered") is null)
            return Broken("bob did not register", b);
        using var a = new PhoneProcess(lab, "hostA", "call", $"sip:bob@{Laboratory.Domain}", "--profile", settings.ProfileA(folder), "--play", speechA,
            "--record", heardA, "--for", $"{settings.Seconds}s");
        var exitA = a.WaitForExit(TimeSpan.FromSeconds(settings.Seconds + 60));
        var exitB = b.WaitForExit(TimeSpan.FromSeconds(15));
        File.WriteAllLines(Path.Combine(folder, "events.txt"), ["-- A", .. a.Lines, "-- B", .. b.Lines]);
        var endA = a.All("call.end").LastOrDefault();
        var endB = b.All("call.end").LastOrDefault();
        if (endA is null) return Broken("no call.end at alice", a);
        if (endB is null) return Broken("no call.end at bob", b);
        return new CallOutcome(exitA, exitB, endA.Text("path"), endB.Text("path"),
            Recording.Match(speechB, heardA), Recording.Match(speechA, heardB),
            endA.Number("setup_ms"), endA.Number("ice_ms"), endA.Number("media_ms"), endB.Number("media_ms"),
            exitA == 0 && exitB == 0 ? "" : $"exit codes {exitA}/{exitB} {a.Errors} {b.Errors}");
    }

    private static string Speech(string folder, string name, CallSettings settings)
    {
        if (!settings.ShortSpeech) return Binary.Sound(name);
        var file = Path.Combine(folder, "short-" + name);
        using var sink = new WavSink(file);
        sink.Write(new short[(int)(settings.LeadSeconds * 48_000)]);
        sink.Write(WavFile.Load(Binary.Sound(name)).AsSpan(0, 3 * 48_000));
        return file;
    }

    private static CallOutcome Broken(string what, PhoneProcess phone) =>
        new(null, null, "", "", 0, 0, null, null, null, null, $"{what}: {phone.Errors}");
}
