using Softphone.Core;
using Softphone.Media;

namespace Softphone.Phone;

/// <summary>Views: made about ten times a second on the thread that drives the calls, so what did not change is not made again.</summary>
public sealed partial class Desk
{
    private AccountView[] _accountViews = [];

    /// <summary>What a screen shows now.</summary>
    public PhoneView View(Instant now) => new()
    {
        Now = now,
        Clock = _shell.WallClock(now),
        Accounts = AccountsAt(now),
        Account = InUse?.Account.Name ?? "",
        Calls = CallsAt(now),
        Past = _past.View,
        Dialogs = _dialogs.View,
        History = _history,
        Contacts = _contacts,
        Threads = _conversations.View,
        Events = _logView ??= [.. _log],
        Audio = AudioNow(),
        Nat = _nat,
        Notice = Notice,
    };

    private AccountView[] AccountsAt(Instant now)
    {
        var same = _accountViews.Length == _lines.Count;
        for (var i = 0; same && i < _lines.Count; i++) same = ReferenceEquals(_accountViews[i], _lines[i].View(now));
        if (same) return _accountViews;
        var views = new AccountView[_lines.Count];
        for (var i = 0; i < views.Length; i++) views[i] = _lines[i].View(now);
        return _accountViews = views;
    }

    private AudioView AudioNow()
    {
        var devices = _shell.Devices;
        double? input = _mixer.InputDbfs > LevelMeter.Floor || devices.Input.IsOpen ? _mixer.InputDbfs : null;
        double? output = _mixer.OutputDbfs > LevelMeter.Floor || devices.Output.IsOpen ? _mixer.OutputDbfs : null;
        return devices with { InputDbfs = input, OutputDbfs = output, IsMuted = _mixer.IsMuted, VolumeDb = _mixer.VolumeDb, IsMeterOn = _mixer.IsMetering };
    }

    private CallView[] CallsAt(Instant now)
    {
        if (_calls.Count == 0) return [];
        var views = new CallView[_calls.Count];
        for (var i = 0; i < views.Length; i++)
        {
            var call = _calls[i];
            views[i] = call.Final ?? ViewOf(call, now);
            if (call.Final is not null && call.Asked is not null) views[i] = views[i] with { Asked = call.Asked };
            if (call.Id == Watch) views[i] = WithTrace(call, views[i]);
        }

        return views;
    }

    private static CallView ViewOf(DeskCall call, Instant now)
    {
        var snapshot = call.Phone.Snapshot(now, call.Id);
        return new CallView(call.Id, call.State, call.Direction, call.Peer)
        {
            Name = call.Name,
            Account = call.Line.Account.Name,
            Began = call.Began,
            Talked = call.AnsweredAt is { } answered ? (call.EndedAt ?? now) - answered : null,
            IsHeldHere = snapshot?.IsHeldHere == true,
            IsHeldThere = snapshot?.IsHeldThere == true,
            Security = snapshot?.Security ?? CallSecurity.Plain,
            InConference = call.InConference,
            Recording = call.Recording?.File,
            Recorded = call.Recording is { } recording ? now - recording.Began : TimeSpan.Zero,
            Playing = call.Playing?.File,
            Played = call.Playing is { } playing ? now - playing.Since : TimeSpan.Zero,
            Transfer = call.Transfer,
            Asked = call.Asked,
            Path = snapshot?.Path ?? "",
            Media = snapshot?.Media,
            Ice = snapshot?.Ice,
            Quality = call.Quality.History,
            DigitsSent = call.Sent,
            DigitsHeard = call.Heard,
            Timer = snapshot?.Timer ?? "",
            Why = snapshot?.Why ?? Explanation.Empty,
            Explanation = snapshot?.Explanation ?? "",
            Ending = call.Ending,
            Ended = call.EndedAt,
        };
    }
}
