using System.Text;
using Softphone.Core;
using Softphone.Media;
using Softphone.Sdp;
using Softphone.Sip;

namespace Softphone.Phone;

/// <summary>
/// Keys, sent as the profile says and the peer can: as telephone events, by INFO, or as tones in the audio. They are taken however they
/// come; for tones the audio is listened to when the peer has no telephone events.
/// </summary>
/// <param name="host">The call.</param>
/// <param name="audio">Where telephone events and tones go.</param>
/// <param name="agreed">What offer and answer agreed on; null before.</param>
internal sealed class CallKeys(ICallHost host, CallAudio audio, Func<NegotiatedAudio?> agreed)
{
    /// <summary>More keys than a person presses in a call are somebody's attempt to fill our memory.</summary>
    private const int MostDigits = 1024;

    private const int KeyMs = 160;

    private static readonly TimeSpan KeyGap = TimeSpan.FromMilliseconds(KeyMs + 60);
    private static readonly TimeSpan KeyPause = TimeSpan.FromMilliseconds(500);

    /// <summary>What the peer pressed.</summary>
    private readonly StringBuilder _digits = new();

    /// <summary>Keys that wait for their INFO.</summary>
    private readonly Queue<char> _waiting = new();

    /// <summary>The next INFO leaves no earlier.</summary>
    private Instant _nextKey;

    /// <summary>The key whose INFO has no answer yet.</summary>
    private char? _informed;

    /// <summary>The peer answered an INFO with a key by a refusal.</summary>
    private bool _refusesKeys;

    /// <summary>All keys that the peer pressed, in order.</summary>
    public string Digits => _digits.ToString();

    /// <summary>By INFO: the profile asks for it, or the peer takes no telephone events but INFO.</summary>
    private bool InformsOfKeys => host.Options.Keys switch
    {
        DtmfMode.Info => true,
        DtmfMode.Auto => !_refusesKeys && agreed() is { } audio && audio.EventFormatFor(audio.Send.ClockRate) is null && host.Signalling.Allows(SipMethod.Info),
        _ => false,
    };

    /// <summary>False when the peer takes no keys, or they are none.</summary>
    public bool Send(Instant now, string keys)
    {
        if (!audio.IsOpen) return false;
        if (!InformsOfKeys) return audio.SendDtmf(now, keys);
        if (!host.IsUp || _waiting.Count + keys.Length > DtmfSender.Bound || !DtmfSender.AreKeys(keys)) return false;
        foreach (var key in keys) _waiting.Enqueue(key);
        if (host.DueOf(CallTimer.Key) is null && _informed is null) host.Set(CallTimer.Key, now > _nextKey ? now : _nextKey);
        return true;
    }

    /// <summary>One key at a time: an INFO that overtakes another is refused, and its key lost (RFC 3261 §12.2.2).</summary>
    public void Inform(Instant now)
    {
        if (!host.Signalling.IsOpen || !_waiting.TryDequeue(out var key)) return;
        if (DtmfSender.IsPause(key))
        {
            _nextKey = now + KeyPause;
            host.Set(CallTimer.Key, _nextKey);
            return;
        }

        _nextKey = now + KeyGap;
        _informed = key;
        host.Signalling.Info(now, KeyByInfo.ContentType, new KeyByInfo(char.ToUpperInvariant(key), KeyMs).ToBytes());
    }

    /// <summary>A peer that refuses keys by INFO hears them, from the one refused, unless the profile wants INFO only.</summary>
    public void Answered(Instant now, int status)
    {
        var refused = _informed;
        _informed = null;
        if (status >= 300 && host.Options.Keys == DtmfMode.Auto)
        {
            _refusesKeys = true;
            var rest = refused + string.Concat(_waiting);
            _waiting.Clear();
            audio.SendDtmf(now, rest);
        }

        if (_waiting.Count > 0) host.Set(CallTimer.Key, now > _nextKey ? now : _nextKey);
    }

    /// <summary>The peer pressed a key.</summary>
    public void Hear(Instant now, char key, int durationMs, string via)
    {
        if (_digits.Length < MostDigits) _digits.Append(key);
        host.Emit(new PhoneEvent.DigitReceived(now, host.Id, key, durationMs, via));
    }
}
