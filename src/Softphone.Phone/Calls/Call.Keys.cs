using Softphone.Core;
using Softphone.Media;
using Softphone.Sip;

namespace Softphone.Phone;

/// <summary>
/// Keys, sent as the profile says and the peer can: as telephone events, by INFO, or as tones in the audio. They are taken however they
/// come; for tones the audio is listened to when the peer has no telephone events.
/// </summary>
internal sealed partial class Call
{
    /// <summary>More keys than a person presses in a call are somebody's attempt to fill our memory.</summary>
    private const int MostDigits = 1024;

    private const int KeyMs = 160;

    private static readonly TimeSpan KeyGap = TimeSpan.FromMilliseconds(KeyMs + 60);
    private static readonly TimeSpan KeyPause = TimeSpan.FromMilliseconds(500);

    private readonly System.Text.StringBuilder _digits = new();
    private readonly Queue<char> _informedKeys = new();
    private Instant _nextKey;
    private char? _informed;
    private bool _refusesKeys;

    /// <summary>By INFO: the profile asks for it, or the peer takes no telephone events but INFO.</summary>
    private bool InformsOfKeys => _phone.Options.Keys switch
    {
        DtmfMode.Info => true,
        DtmfMode.Auto => !_refusesKeys && _agreed is { } agreed && agreed.EventFormatFor(agreed.Send.ClockRate) is null && _session is { } session && _phone.Sip.Allows(session, SipMethod.Info),
        _ => false,
    };

    /// <summary>False when the peer takes no keys, or they are none.</summary>
    public bool SendDtmf(Instant now, string keys)
    {
        if (_media is null) return false;
        if (!InformsOfKeys) return _media.SendDtmf(now, keys);
        if (!IsUp || _informedKeys.Count + keys.Length > DtmfSender.Bound || !DtmfSender.AreKeys(keys)) return false;
        foreach (var key in keys) _informedKeys.Enqueue(key);
        if (_timers.DueOf(CallTimer.Key) is null && _informed is null) _timers.Set(CallTimer.Key, now > _nextKey ? now : _nextKey);
        return true;
    }

    /// <summary>One key at a time: an INFO that overtakes another is refused, and its key lost (RFC 3261 §12.2.2).</summary>
    private void InformOfKey(Instant now)
    {
        if (_session is not { } session || !_informedKeys.TryDequeue(out var key)) return;
        if (DtmfSender.IsPause(key))
        {
            _nextKey = now + KeyPause;
            _timers.Set(CallTimer.Key, _nextKey);
            return;
        }

        _nextKey = now + KeyGap;
        _informed = key;
        _phone.Sip.Info(now, session, KeyByInfo.ContentType, new KeyByInfo(char.ToUpperInvariant(key), KeyMs).ToBytes());
    }

    /// <summary>A peer that refuses keys by INFO hears them, from the one refused, unless the profile wants INFO only.</summary>
    private void OnKeyAnswered(Instant now, int status)
    {
        var refused = _informed;
        _informed = null;
        if (status >= 300 && _phone.Options.Keys == DtmfMode.Auto)
        {
            _refusesKeys = true;
            var rest = refused + string.Concat(_informedKeys);
            _informedKeys.Clear();
            _media?.SendDtmf(now, rest);
        }

        if (_informedKeys.Count > 0) _timers.Set(CallTimer.Key, now > _nextKey ? now : _nextKey);
    }

    private void OnKey(Instant now, char key, int durationMs, string via)
    {
        if (_digits.Length < MostDigits) _digits.Append(key);
        Emit(new PhoneEvent.DigitReceived(now, Id, key, durationMs, via));
    }
}
