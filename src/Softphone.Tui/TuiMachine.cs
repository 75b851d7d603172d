using System.Diagnostics.CodeAnalysis;
using Softphone.Phone;
using Softphone.Terminal;

namespace Softphone.Tui;

/// <summary>
/// The terminal UI as a machine: views of the phone and input events go in, frames of cells and commands come out. It owns no terminal
/// and no clock, so that a whole session can be walked in virtual time. Belongs to one thread.
/// </summary>
public sealed class TuiMachine
{
    private readonly Session _session;

    public TuiMachine(TuiSetup setup)
    {
        _session = new Session(setup);
        _session.Open(new MainScreen());
    }

    /// <summary>The call whose trace must be in the views (<see cref="Desk.Watch"/>); null for none.</summary>
    public CallId? Watched => _session.Watched;

    /// <summary>When <see cref="Advance"/> is due without input; null when nothing is.</summary>
    public Instant? NextTimeout => _session.NoticeEnds;

    /// <summary>A new view of the phone.</summary>
    public void Show(Instant now, PhoneView view)
    {
        _session.Now = now;
        _session.View = view;
        foreach (var screen in _session.Screens.ToArray()) screen.Refresh(_session);
    }

    public void Handle(Instant now, InputEvent input)
    {
        _session.Now = now;
        _session.Top.Handle(_session, input);
    }

    public void Advance(Instant now) => _session.Now = now;

    /// <summary>Takes the next thing that the person asked for.</summary>
    public bool TryCommand([NotNullWhen(true)] out PhoneCommand? command) => _session.TryCommand(out command);

    public void Draw(Surface surface)
    {
        surface.Clear();
        _session.Top.Draw(_session, surface, surface.Bounds);
    }
}
