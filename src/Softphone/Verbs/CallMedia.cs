using Softphone.Audio;
using Softphone.Core;
using Softphone.Media;
using Softphone.Phone;

namespace Softphone.Cli;

/// <summary>What a call plays and where it records, as the flags say; closed when the verb ends.</summary>
internal sealed class CallMedia : IDisposable
{
    private static readonly TimeSpan EndLimit = TimeSpan.FromSeconds(2);

    private readonly MediaVerbOptions _options;
    private readonly RecordingSink? _record;
    private readonly short[]? _play;
    private readonly bool _echo;
    private readonly SoundDesk? _devices;
    private readonly Ending _ending;

    private CallMedia(MediaVerbOptions options, short[]? play, RecordingSink? record, bool echo, SoundDesk? devices, EventRelay told, Ending ending)
    {
        Told = told;
        (_devices, _ending) = (devices, ending);
        _options = options;
        _play = play;
        _record = record;
        _echo = echo;
    }

    /// <summary>What becomes of the devices.</summary>
    public EventRelay Told { get; }

    /// <summary>Opens the files, and looks whether the devices that are named are there; on failure the person has been told.</summary>
    public static CallMedia? Open(MediaVerbOptions options, VerbContext context, bool echo, out ExitCode code)
    {
        code = ExitCode.Ok;
        // Files at both ends, and an echo, need no device.
        var needsDevices = !echo && (options.Play is null || options.Record is null);
        if (needsDevices && DeviceSetup.Missing(options.Profile.Audio, capture: options.Play is null, playout: true) is { } missing)
        {
            context.Report(missing);
            code = ExitCodes.Of(missing);
            return null;
        }

        try
        {
            var play = options.Play is { } file ? WavFile.Load(file) : null;
            var record = options.Record is { } target ? RecordingSink.To(target, new WavSink(target)) : null;
            var told = new EventRelay(context.Events(options.Json));
            var devices = needsDevices ? DeviceSetup.TryCreate(options.Profile.Audio, capture: play is null, playout: true, context, told) : null;
            return new CallMedia(options, play, record, echo, devices, told, context.Ending);
        }
        catch (AudioFileException e)
        {
            context.Report(e.Fault);
            code = ExitCode.Usage;
            return null;
        }
    }

    /// <summary>The options of one call.</summary>
    public CallOptions Call()
    {
        var echo = _echo ? new EchoAudio() : null;
        // The first word of the peer is not to be missed; the microphone waits until it is listened to.
        if (echo is null) _devices?.Wake(SoundRole.Speaker);
        IAudioSink? heard = echo is null ? _devices?.Speaker : echo;
        return new CallOptions
        {
            Source = echo ?? (_play is null ? _devices?.Microphone : new PcmSource(_play)),
            Sink = heard is null ? _record : _record is null ? heard : new TeeSink(heard, _record),
            Duration = _options.For,
            Dtmf = _options.Dtmf,
        };
    }

    /// <summary>The code of the call, unless its recording is not whole: that is told, and is no success.</summary>
    public ExitCode Judge(ExitCode code, VerbContext context)
    {
        if (_record is null) return code;
        Close(_record);
        if (_record.Problem is not { } fault) return code;
        context.Report(fault);
        return code == ExitCode.Ok ? ExitCodes.Of(fault) : code;
    }

    public void Dispose()
    {
        if (_devices is not null) _ending.Saw(_devices.End(_ending.Left(EndLimit)));
        if (_record is not null) Close(_record);
    }

    private void Close(RecordingSink record) => _ending.Saw(record.Finish(_ending.Left(EndLimit)));

    private sealed class TeeSink(IAudioSink first, IAudioSink second) : IAudioSink
    {
        public TimeSpan? Delay => first.Delay;

        public void Write(ReadOnlySpan<short> pcm48k)
        {
            first.Write(pcm48k);
            second.Write(pcm48k);
        }
    }
}
