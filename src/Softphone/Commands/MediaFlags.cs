using System.CommandLine;
using Softphone.Phone;

namespace Softphone.Cli;

/// <summary>The flags that call and answer share.</summary>
internal sealed class MediaFlags
{
    private readonly Option<TimeSpan?> _for = Flags.For("Hang up so long after the answer: 20s, 2m");
    private readonly Option<string?> _play = Flags.Text("--play", "FILE", "A WAV file that the peer hears");
    private readonly Option<string?> _record = Flags.Text("--record", "FILE", "Write what the peer says to a WAV file");
    private readonly Option<string?> _dtmf = Flags.Text("--dtmf", "KEYS", "Keys to press once connected; w waits half a second: 1ww2#");
    private readonly WatchFlags _watch = new("SIP message", "the call");
    private readonly Option<Expectation[]> _expect = ExpectFlag.Create();
    private readonly Option<bool> _json = Flags.Json();

    public ProfileFlags Profile { get; } = new();

    public void AddTo(Command command)
    {
        Profile.AddTo(command);
        command.Add(_for);
        command.Add(_play);
        command.Add(_record);
        command.Add(_dtmf);
        Profile.AddMediaTo(command).AddStunTo(command).AddTurnTo(command);
        command.Add(_expect);
        command.Add(_json);
        _watch.AddTo(command);

        _play.Validators.Add(result =>
        {
            var file = result.GetValueOrDefault<string?>();
            if (file is not null && !File.Exists(file)) result.AddError($"--play: there is no file {file}");
        });
        _dtmf.Validators.Add(result =>
        {
            var keys = result.GetValueOrDefault<string?>() ?? "";
            if (!Flags.AreKeys(keys)) result.AddError($"--dtmf \"{keys}\" has other keys than 0-9 * # A-D and w");
        });
    }

    /// <summary>Puts what was typed into the options of a verb.</summary>
    public T Read<T>(T options, ParseResult parsed)
        where T : MediaVerbOptions
    {
        var watch = _watch.Read(parsed);
        return options with
        {
            For = parsed.GetValue(_for),
            Play = parsed.GetValue(_play),
            Record = parsed.GetValue(_record),
            Dtmf = parsed.GetValue(_dtmf)?.ToUpperInvariant().Replace('W', 'w') ?? "",
            Expect = parsed.GetValue(_expect) ?? [],
            Json = parsed.GetValue(_json),
            Pcap = watch.Pcap,
            Report = watch.Report,
            Verbose = watch.Verbose,
        };
    }
}
