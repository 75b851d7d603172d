using System.Diagnostics;
using System.Globalization;
using Softphone.Media;

namespace Softphone.Interop;

/// <summary>A callee that does what one of our SIPp scenarios (lab/sipp) says, bound at a registrar before.</summary>
internal sealed class SippPeer : IDisposable
{
    private const int Port = 5062;
    private const int AudioPort = 7000;

    private readonly Process _process;

    /// <param name="lab">Where.</param>
    /// <param name="host">On which host of it.</param>
    /// <param name="user">Whose address it takes.</param>
    /// <param name="registrar">Where that is bound.</param>
    /// <param name="folder">For its files.</param>
    /// <param name="scenario">Name of the scenario.</param>
    /// <param name="words">What stands between at signs in the scenario, and what it means here.</param>
    public SippPeer(Laboratory lab, string host, string user, string registrar, string folder, string scenario, params IEnumerable<(string Word, string Meaning)> words)
    {
        var address = lab.AddressOf(host);
        var scenarios = Path.Combine(AppContext.BaseDirectory, "Kernel", "sipp");
        var text = words.Aggregate(File.ReadAllText(Path.Combine(scenarios, scenario + ".xml")), (t, w) => t.Replace($"@{w.Word}@", w.Meaning, StringComparison.Ordinal));
        var file = Path.Combine(folder, scenario + ".xml");
        File.WriteAllText(file, text);
        var credentials = Path.Combine(folder, "credentials.csv");
        File.WriteAllText(credentials, $"SEQUENTIAL\n[authentication username={user} password={user}-secret];{Laboratory.Domain};300\n");
        using (var bind = Tool.Start(lab, host, "sipp", [registrar, "-sf", Path.Combine(scenarios, "register.xml"), "-inf", credentials, .. Place()]))
            IsBound = bind.WaitForExit(TimeSpan.FromSeconds(15)) && bind.ExitCode == 0;
        _process = Tool.Start(lab, host, "sipp", [registrar, "-sf", file, "-mp", Text(AudioPort), "-trace_msg", "-message_file", Path.Combine(folder, "sipp-messages.txt"), "-trace_err", "-error_file", Path.Combine(folder, "sipp-errors.txt"), .. Place()]);

        string[] Place() => ["-s", user, "-i", address, "-mi", address, "-p", Text(Port), "-m", "1", "-nostdin"];
    }

    /// <summary>The registrar took the binding.</summary>
    public bool IsBound { get; }

    /// <summary>A tone as it plays them: PCMU octets alone.</summary>
    public static string Tone(string folder, double hertz, int seconds = 10)
    {
        var file = Path.Combine(folder, $"tone{hertz:F0}.ulaw");
        Interop.Tone.Raw(file + ".raw", hertz, seconds);
        var samples = System.Runtime.InteropServices.MemoryMarshal.Cast<byte, short>(File.ReadAllBytes(file + ".raw"));
        var octets = new byte[samples.Length];
        for (var i = 0; i < octets.Length; i++) octets[i] = G711.EncodeMu(samples[i]);
        File.WriteAllBytes(file, octets);
        return file;
    }

    /// <summary>Whether it went through its scenario to the end; null while it has not.</summary>
    public bool? Ended(TimeSpan limit) => _process.WaitForExit(limit) ? _process.ExitCode == 0 : null;

    public void Dispose()
    {
        if (!_process.HasExited) _process.Kill();
        _process.Dispose();
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
