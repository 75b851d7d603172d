using Softphone.Core;
using Softphone.Media;

namespace Softphone.Phone;

/// <summary>Who hears whom, and what the phone itself lets be heard: ringing, the tones of a call on its way, of its end, and of one that waits.</summary>
public sealed partial class Desk
{
    private static readonly TimeSpan TestRingTime = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan ListenEvery = TimeSpan.FromMilliseconds(100);
    private static readonly Tone Gone = Tone.Parse("480 .15/.1/.15/.1/.15/.1", repeats: false);

    private readonly Mixer _mixer;
    private readonly ToneSet _tones;
    private Tone? _playing;
    private Tone? _endTone;
    private bool _isTestRing;
    private bool _isDirty;

    /// <summary>Every port as the calls stand now: of those that could talk all are heard, but a callee's music only where nobody talks.</summary>
    private void RoutePorts()
    {
        var talks = _calls.Exists(c => c.Talks);
        foreach (var call in _calls)
        {
            if (call.Port is not { } port) continue;
            var isOn = call.Talks || (call.IsCalling && !talks);
            if (port.IsOnSpeaker != isOn) port.IsOnSpeaker = isOn;
            if (port.HearsMicrophone != isOn) port.HearsMicrophone = isOn;
        }

        for (var i = 0; i < _calls.Count; i++)
            for (var j = i + 1; j < _calls.Count; j++)
                if (_calls[i].Port is { } a && _calls[j].Port is { } b) _mixer.Connect(a, b, _calls[i].InConference && _calls[j].InConference && _calls[i].Talks && _calls[j].Talks);
    }

    /// <summary>What sounds by the state of the calls. Ringing never comes into a talk: a beep in the ear does.</summary>
    private void UpdateTones(Instant now)
    {
        var isBusy = _calls.Exists(c => c.IsUp || c.IsCalling);
        var rings = _calls.Exists(c => c.Calls);
        var ringing = (rings && !isBusy) || _isTestRing;
        if (_mixer.IsRinging != ringing) _mixer.Ring(ringing);
        var waits = rings && isBusy;
        if (!waits) _timers.Cancel((DeskTimer.Beep, default));
        else if (_timers.DueOf((DeskTimer.Beep, default)) is null) Beep(now);

        Tone? tone = null;
        if (!_calls.Exists(c => c.Talks && !c.IsFollowed)) tone = CallingTone(now) ?? (_calls.Exists(c => c.IsCalling) ? null : _endTone);
        if (ReferenceEquals(tone, _playing)) return;
        _playing = tone;
        _mixer.Play(tone, ReferenceEquals(tone, _tones.Ringback) ? _calls.Find(c => c.IsCalling)?.Port : null);
    }

    /// <summary>The callee's phone rings, and nothing is heard of it itself (RFC 3960 §3.2).</summary>
    private Tone? CallingTone(Instant now)
    {
        var rings = false;
        foreach (var call in _calls)
        {
            if (!call.IsCalling) continue;
            if (call.State == CallState.Early || call.Phone.Find(call.Id)?.HasHeard == true) return null;
            rings |= call.State == CallState.Ringing;
        }

        if (!rings) return null;
        if (_timers.DueOf((DeskTimer.Listen, default)) is null) _timers.Set((DeskTimer.Listen, default), now + ListenEvery);
        return _tones.Ringback;
    }

    private void Beep(Instant now)
    {
        _mixer.Beep();
        _timers.Set((DeskTimer.Beep, default), now + _tones.CallWaiting.Duration);
    }

    /// <summary>How a call ended is heard, but not into another one.</summary>
    private void PlayEnding(Instant now, DeskCall call, CallSummary summary)
    {
        (Tone Tone, double Seconds)? ending = (call.Direction, summary.Cause) switch
        {
            (_, CallEndCause.Local) => null,
            _ when call.AnsweredAt is not null => (Gone, 1),
            (CallDirection.Incoming, _) => null,
            _ when summary.Status is 486 or 600 => (_tones.Busy, 3),
            _ when summary.Status is 404 or 410 or 604 => (ToneTable.SpecialInformation, 2),
            _ => (_tones.Congestion, 2),
        };
        if (ending is not { } heard || _calls.Exists(c => c.Talks)) return;
        _endTone = heard.Tone;
        _timers.Set((DeskTimer.EndTone, default), now + TimeSpan.FromSeconds(heard.Seconds));
    }

    private void TestRing(Instant now)
    {
        _isTestRing = true;
        _isDirty = true;
        _timers.Set((DeskTimer.EndTestRing, default), now + TestRingTime);
    }

    private void Record(Instant now, DeskCall call, bool on)
    {
        if (!on)
        {
            if (call.Recording is null) Problem(now, $"the call with {call.Who} is not being recorded", call: call);
            else StopRecording(now, call);
            return;
        }

        if (call.Recording is not null)
        {
            Problem(now, $"the call with {call.Who} is being recorded already", call: call);
        }
        else if (!call.IsUp || call.Port is not { } port)
        {
            Problem(now, $"{call.Who} has not answered yet", "record once you talk", call);
        }
        else if (!_shell.TryRecord(call.Who, out var sink, out var file, out var fault) || sink is null)
        {
            Problem(now, fault ?? new Fault(Layer.Audio, "the call cannot be recorded"), call);
        }
        else
        {
            call.Recording = new CallRecording(file, sink, now);
            port.Record(sink);
            Tell(now, $"recording {call.Who} into {FileFirst(file)}", call.Id, isAnswer: true);
        }
    }

    private void StopRecording(Instant now, DeskCall call)
    {
        if (call.Recording is not { } recording) return;
        call.Recording = null;
        call.Port?.Record(null);
        (recording.Sink as IDisposable)?.Dispose();
        Tell(now, $"recorded {Spoken(now - recording.Began)} into {FileFirst(recording.File)}", call.Id, isAnswer: true);
    }

    /// <summary>A line that is cut still shows the name; the folder follows it.</summary>
    private static string FileFirst(string path)
    {
        var end = path.LastIndexOfAny(['/', '\\']);
        return end > 0 ? $"{path[(end + 1)..]}, folder {path[..end]}" : path;
    }

    private MixerPort OpenPort(DeskCall call)
    {
        _isDirty = true;
        return call.Port ??= _mixer.Add();
    }

    private void ClosePort(Instant now, DeskCall call)
    {
        _isDirty = true;
        StopRecording(now, call);
        if (call.Port is not { } port) return;
        call.Port = null;
        _mixer.Remove(port);
    }
}
