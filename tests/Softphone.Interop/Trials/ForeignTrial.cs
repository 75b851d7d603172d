using System.Globalization;

namespace Softphone.Interop;

/// <summary>
/// The phone as it is published for another system, run here by what stands in for that system (Wine, QEMU, a bare tree of Debian): its version, the virtual internet,
/// a call on loopback and one between NATs with the phone of this system; on Windows its sound and its screen too. What was run is printed.
/// </summary>
internal sealed class ForeignTrial(Laboratory lab, Report report, ForeignSystem system, string launcher)
{
    private const string Host = "hostA";
    private const double SpokenThere = 700;
    private const double SpokenHere = 1100;
    private const int CallSeconds = 8;

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(90);

    private readonly string _folder = Path.Combine(lab.Folder, "calls", system.Name);

    public static void Run(Laboratory lab, Report report, ForeignSystem system)
    {
        if (system.Launcher(lab, out var why) is { } launcher) new ForeignTrial(lab, report, system, launcher).Run();
        else report.Skip(system.Name, why);
    }

    private void Run()
    {
        Directory.CreateDirectory(_folder);
        Says("--version", text => text.Contains(Native("--version").Trim(), StringComparison.Ordinal), "--version");
        Says("the virtual internet: 308 pairs of NATs", text => text.Contains("every cell is as the table says", StringComparison.Ordinal), "lab", "matrix");
        Says("demo: a call in the virtual internet, heard both ways",
            text => text.Contains("alice heard bob: yes", StringComparison.Ordinal) && text.Contains("bob heard alice: yes", StringComparison.Ordinal) && text.Contains("(opus)", StringComparison.Ordinal),
            "demo", "--out", Path.Combine(_folder, "demo"));
        Says("its codecs", text => text.Contains("opus", StringComparison.Ordinal) && text.Contains(system.OpusBy, StringComparison.Ordinal), "devices", "--codecs");
        Loopback();
        if (system.HasSound)
        {
            using var sound = new SoundHost(lab, Host);
            Says("its devices by WASAPI", text => text.Contains(SoundHost.SpeakerName, StringComparison.Ordinal) && text.Contains(SoundHost.MicrophoneName, StringComparison.Ordinal), "devices");
            BetweenNats(sound);
            Screen();
        }
        else
        {
            BetweenNats(null);
        }
    }

    /// <summary>Two of them, without a server.</summary>
    private void Loopback()
    {
        using var callee = PhoneProcess.Foreign(lab, Host, launcher, "answer", "--listen", "127.0.0.1:5060", "--audio", "null", "--once", "--expect", "audio=two-way");
        if (!report.Check(callee.Wait("listening", Limit) is not null, $"{system.Name}: answer --listen", callee.Errors)) return;
        using var caller = PhoneProcess.Foreign(lab, Host, launcher, "call", "sip:bob@127.0.0.1:5060", "--audio", "null", "--for", "3s", "--expect", "audio=two-way", "--expect", "codec=opus");
        Ends(caller, "call to answer on loopback, Opus, two-way");
        Ends(callee, "answer says so too");
    }

    /// <summary>It calls the phone of this system through kamailio, both behind NATs; with sound what is said there and here is heard at devices.</summary>
    private void BetweenNats(SoundHost? sound)
    {
        lab.SetNat("A", "port-restricted");
        lab.SetNat("B", "port-restricted");
        var heard = Path.Combine(_folder, "heard.wav");
        var heardThere = Path.Combine(_folder, "heard-there.wav");
        var there = Tone.Wav(_folder, SpokenThere);
        var profileA = ProfileFile.Write(_folder, "alice");
        var profileB = ProfileFile.Write(_folder, "bob");
        using var callee = new PhoneProcess(lab, "hostB", "answer", "--profile", profileB, "--audio", "null", "--play", there, "--record", heard, "--once");
        callee.Wait("registration", Limit, e => e.GetProperty("state").GetString() == "registered");
        using var tap = sound?.Listen();
        using var mouth = sound?.Speak(SineOf(SpokenHere));
        string[] devices = sound is null ? ["--audio", "null", "--play", Tone.Wav(_folder, SpokenHere)] : ["--audio", "default"];
        using var caller = PhoneProcess.Foreign(lab, Host, launcher,
            ["call", $"sip:bob@{Laboratory.Domain}", "--profile", profileA, .. devices, "--record", heardThere, "--for", $"{CallSeconds}s", "--expect", "audio=two-way", "--expect", "path=direct"]);
        Ends(caller, "a call between NATs through kamailio, direct and two-way");
        callee.WaitForExit(Limit);
        Heard("what is said there is heard here", heard, SpokenHere);
        Heard("what is said here is received there", heardThere, SpokenThere);
        if (tap is not null) Heard("and comes out of its loudspeaker", Save(tap.Samples), SpokenThere);
    }

    /// <summary>The first frame of the full screen: a console of Wine's does not place every cell where the phone says, so words are looked for, not places.</summary>
    private void Screen()
    {
        using var window = new TerminalWindow(Path.Combine(_folder, "tmux"), (100, 30), new Dictionary<string, string>(), launcher, ["demo", "--tui"],
            (program, arguments) => lab.Command(Host, program, arguments));
        var text = "";
        for (var left = Limit; left > TimeSpan.Zero && !IsDrawn(text); left -= TimeSpan.FromMilliseconds(250))
        {
            Thread.Sleep(250);
            text = window.Capture();
        }

        report.Check(IsDrawn(text), $"{system.Name}: the first frame of the full screen", IsDrawn(text) ? "seen" : text);

        static bool IsDrawn(string text) => text.Contains("Contacts", StringComparison.Ordinal) && text.Contains("History", StringComparison.Ordinal) && text.Contains("alice", StringComparison.Ordinal);
    }

    private void Ends(PhoneProcess phone, string what)
    {
        var exit = phone.WaitForExit(Limit);
        report.Check(exit == 0, $"{system.Name}: {what}", exit == 0 ? "seen" : $"exit code {exit}: {phone.Errors}");
    }

    private void Says(string what, Func<string, bool> holds, params string[] arguments)
    {
        var text = Tool.Run(lab, Host, Limit, launcher, arguments);
        var good = holds(text);
        report.Check(good, $"{system.Name}: {what}", good ? "seen" : text);
    }

    private void Heard(string what, string recorded, double hertz)
    {
        var tones = Recording.Tones(recorded, SpokenHere, SpokenThere);
        report.Check(tones == hertz.ToString(CultureInfo.InvariantCulture), $"{system.Name}: {what}", $"tones {tones}, said {hertz} Hz");
    }

    private string Native(params string[] arguments) => Tool.Run(lab, Host, Limit, Binary.Program, [.. Binary.FirstArguments, .. arguments]);

    private string Save(short[] samples)
    {
        var file = Path.Combine(_folder, "loudspeaker.wav");
        using (var wav = new Softphone.Audio.WavSink(file)) wav.Write(samples);
        return file;
    }

    private static short[] SineOf(double hertz) =>
        [.. Enumerable.Range(0, SoundTap.Rate).Select(i => (short)(0.4 * short.MaxValue * Math.Sin(2 * Math.PI * hertz * i / SoundTap.Rate)))];
}
