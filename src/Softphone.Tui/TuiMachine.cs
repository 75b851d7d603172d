using System.Diagnostics.CodeAnalysis;
using Softphone.Phone;
using Softphone.Terminal;

namespace Softphone.Tui;

/// <summary>
/// The terminal UI as a machine: views of the phone and input events go in, frames of cells and commands come out. It owns no terminal
/// and no clock, so that a whole session can be walked in virtual time. Belongs to one thread.
/// </summary>
public sealed partial class TuiMachine
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    private readonly Session _session;

    public TuiMachine(TuiSetup setup)
    {
        _session = new Session(setup);
        if (setup.Capture is { } capture)
        {
            _session.View = capture.View;
            _session.Open(new DialogsScreen("", capture));
            return;
        }

        _session.Open(new MainScreen());
        if (setup.NeedsProfile) _session.Open(new WizardScreen());
        if (setup.InUse is [var first, ..]) AskToShare(setup.InUse, first.Why);
    }

    /// <summary>The call whose trace must be in the views (<see cref="Desk.Watch"/>); null for none.</summary>
    public CallId? Watched => _session.Watched;

    /// <summary>When <see cref="Advance"/> is due without input; null when nothing is.</summary>
    public Instant? NextTimeout => _session.NoticeEnds;

    /// <summary>What lies on top now, for tests.</summary>
    internal Session Session => _session;

    /// <summary>A new view of the phone.</summary>
    public void Show(Instant now, PhoneView view)
    {
        var before = _session.View;
        _session.Now = now;
        _session.View = view;
        Follow(before, view);
        Complain(before, view);
        // A screen that closes itself leaves the list while we walk it.
        for (var i = _session.Screens.Count - 1; i >= 0; i--)
            if (i < _session.Screens.Count) _session.Screens[i].Refresh(_session);
        _session.DoAwaited();
        TransferScreen.OpenWhereAsked(_session);
    }

    public void Advance(Instant now) => _session.Now = now;

    /// <summary>Takes the next thing that the person asked for.</summary>
    public bool TryCommand([NotNullWhen(true)] out PhoneCommand? command) => _session.TryCommand(out command);

    /// <summary>Two phones with one account take each other's calls: the second asks, and its account stays off until somebody says so.</summary>
    private void AskToShare(IReadOnlyList<(string Account, string Why)> inUse, string why) => _session.Open(new ConfirmScreen(
        "Already in use",
        _ => inUse.Count == 1 ? $"{char.ToUpperInvariant(why[0])}{why[1..]}." : $"{inUse.Count} accounts: {why}.",
        "register here too",
        session =>
        {
            foreach (var (account, _) in inUse) session.Ask(new PhoneCommand.Register(account));
        }));

    /// <summary>What came of something that was asked a moment ago, or went wrong with it, is told where the person looks, not in the log alone.</summary>
    private void Complain(PhoneView before, PhoneView view)
    {
        if (ReferenceEquals(before.Events, view.Events)) return;
        var last = before.Events.Count > 0 ? before.Events[0] : null;
        var isRecent = _session.AskedAt is { } asked && _session.Now - asked < Patience;
        for (var i = 0; i < view.Events.Count && view.Events[i] != last; i++)
        {
            if (view.Events[i] is not { IsAnswer: true } && !(isRecent && view.Events[i].IsProblem)) continue;
            _session.Tell(view.Events[i].Text);
            return;
        }
    }

    /// <summary>The selection goes to a call just dialled, and from one that is over to one that goes on.</summary>
    private void Follow(PhoneView before, PhoneView view)
    {
        for (var i = 0; i < view.Calls.Count; i++)
        {
            var call = view.Calls[i];
            if (!call.IsLive() || Holds(before, call.Id)) continue;
            if (call.Direction == CallDirection.Outgoing || _session.Call is not { State: not CallState.Ended }) _session.Selected = call.Id;
        }

        if (_session.Call is not { State: CallState.Ended }) return;
        for (var i = view.Calls.Count - 1; i >= 0; i--)
        {
            if (!view.Calls[i].IsLive()) continue;
            _session.Selected = view.Calls[i].Id;
            return;
        }
    }

    private static bool Holds(PhoneView view, CallId id)
    {
        for (var i = 0; i < view.Calls.Count; i++)
            if (view.Calls[i].Id == id) return true;
        return false;
    }
}
