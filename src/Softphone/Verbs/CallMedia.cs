using Softphone.Audio;
using Softphone.Core;
using Softphone.Media;
using Softphone.Phone;

namespace Softphone.Cli;

/// <summary>What a call plays and where it records, as the flags say; closed when the verb ends.</summary>
internal sealed class CallMedia : IDisposable
{
    private readonly MediaVerbOptions _options;
    private readonly WavSink? _record;
    private readonly short[]? _play;
    private readonly bool _echo;

    private CallMedia(MediaVerbOptions options, short[]? play, WavSink? record, bool echo)
    {
        _options = options;
        _play = play;
        _record = record;
        _echo = echo;
    }

    /// <summary>Opens the files; on failure the person has been told.</summary>
    public static CallMedia? Open(MediaVerbOptions options, VerbContext context, bool echo, out ExitCode code)
    {
        code = ExitCode.Ok;
        try
        {
            var play = options.Play is { } file ? WavFile.Load(file) : null;
            var record = options.Record is { } target ? new WavSink(target) : null;
            if (play is null && !echo && options.Profile.Audio.Input != "null")
                context.Error.WriteLine("softphone: this version has no sound devices yet; it sends silence unless --play FILE or --echo says otherwise");
            return new CallMedia(options, play, record, echo);
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
        return new CallOptions
        {
            Source = echo ?? (_play is null ? null : (IAudioSource)new PcmSource(_play)),
            Sink = echo is null ? _record : _record is null ? echo : new TeeSink(echo, _record),
            Duration = _options.For,
            Dtmf = _options.Dtmf,
        };
    }

    /// <summary>The code of the call, unless its recording could not be written to its end: that is told, and is no success.</summary>
    public ExitCode Judge(ExitCode code, VerbContext context)
    {
        if (_record?.Failure is not { } fault) return code;
        context.Report(fault);
        return code == ExitCode.Ok ? ExitCodes.Of(fault) : code;
    }

    public void Dispose() => _record?.Dispose();

    private sealed class TeeSink(IAudioSink first, IAudioSink second) : IAudioSink
    {
        public void Write(ReadOnlySpan<short> pcm48k)
        {
            first.Write(pcm48k);
            second.Write(pcm48k);
        }
    }
}
