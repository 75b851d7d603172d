using Softphone.Core;

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
        Contacts = _contacts,
        Events = _logView ??= [.. _log],
        Audio = _shell.Devices,
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

    private CallView[] CallsAt(Instant now)
    {
        if (_calls.Count == 0) return [];
        var views = new CallView[_calls.Count];
        for (var i = 0; i < views.Length; i++) views[i] = _calls[i].Final ?? ViewOf(_calls[i], now);
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
            IsHeldHere = call.IsHeldHere,
            IsHeldThere = call.State == CallState.Held && !call.IsHeldHere,
            Transfer = call.Transfer,
            Path = snapshot?.Path ?? "",
            Media = snapshot?.Media,
            Ice = snapshot?.Ice,
            DigitsSent = call.Sent.ToString(),
            DigitsHeard = call.Heard.ToString(),
            Ending = call.Ending,
        };
    }
}
