using Softphone.Core;
using Softphone.Media;

namespace Softphone.Phone;

/// <summary>Files that a peer hears beside the microphone.</summary>
public sealed partial class Desk
{
    private void Play(Instant now, DeskCall call, string file)
    {
        if (!call.IsUp || call.Port is null) Problem(now, $"{call.Who} has not answered yet", "a file can be played once it talks", call);
        else if (file.Trim().Length == 0) Problem(now, "no file was named", ":play FILE", call);
        else _shell.Load(now, file.Trim(), (at, source, fault) => Loaded(at, call, file.Trim(), source, fault));
    }

    private void Loaded(Instant now, DeskCall call, string file, IAudioSource? source, Fault? fault)
    {
        if (source is null)
        {
            Problem(now, fault ?? new Fault(Layer.Audio, $"{file} cannot be played"), call);
        }
        else if (call is { IsUp: true, Port: { } port })
        {
            port.Play(source);
            call.Playing = (PlainText.Clean(file, 256), now);
            Tell(now, $"{call.Who} hears {FileFirst(file)}", call);
        }
    }

    private void StopPlaying(Instant now, DeskCall call)
    {
        if (call.Playing is not { } playing)
        {
            Problem(now, $"nothing is played to {call.Who}", call: call);
            return;
        }

        call.Port?.Play(null);
        call.Playing = null;
        Tell(now, $"stopped playing {FileFirst(playing.File)} to {call.Who}", call);
    }

    /// <summary>A file that is through is played no more.</summary>
    private void WatchPlaying(Instant now, DeskCall call)
    {
        if (call.Playing is not { } playing || call.Port is { IsPlaying: true }) return;
        call.Playing = null;
        Tell(now, $"played {FileFirst(playing.File)} to {call.Who}", call);
    }
}
