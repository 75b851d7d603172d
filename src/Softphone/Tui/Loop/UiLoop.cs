using System.Runtime.InteropServices;
using Softphone.Core;
using Softphone.Phone;
using Softphone.Terminal;
using Softphone.Tui;

namespace Softphone.Cli;

/// <summary>
/// The UI thread: what the person does goes to the <see cref="TuiMachine"/> at once, ten times a second a view of the phone; what the
/// machine asks for goes to the phone. A frame is drawn when something may have changed, thirty times a second at most.
/// </summary>
/// <param name="screen">Where to draw.</param>
/// <param name="inbox">What other threads tell.</param>
/// <param name="machine">What is shown.</param>
/// <param name="attention">What is told to who does not look.</param>
/// <param name="clock">The phone's clock.</param>
internal sealed class UiLoop(IScreen screen, UiInbox inbox, TuiMachine machine, Attention attention, Func<Instant> clock)
{
    private static readonly TimeSpan FramePause = TimeSpan.FromMilliseconds(33);
    private static readonly TimeSpan ViewPause = TimeSpan.FromMilliseconds(100);

    /// <summary>How long servers are waited for at the end.</summary>
    public static readonly TimeSpan ShutdownLimit = TimeSpan.FromSeconds(3);

    /// <summary>After so long an answer does not come any more.</summary>
    private static readonly TimeSpan LostView = TimeSpan.FromSeconds(3);

    /// <summary>Who asks to end again so much later does not want to wait.</summary>
    private static readonly TimeSpan Insistence = TimeSpan.FromSeconds(1);

    private readonly Surface _frame = new(0, 0);
    private bool _needsFrame = true;
    private Instant? _drawnAt;
    private Instant? _viewDue;
    private Instant? _askedAt;
    private CallId? _watched;
    private ExitCode? _code;
    private Instant _endingSince;
    private bool _isOver;
    private IPhoneLink _phone = new NoPhone();

    /// <summary>Runs until the person quits, or somebody else ends the process.</summary>
    /// <param name="start">Makes the phone, after the first frame.</param>
    public ExitCode Run(Func<IPhoneLink> start)
    {
        Begin(start);
        while (!_isOver)
        {
            var limit = Turn(clock());
            if (_isOver || !inbox.TryTake(out var signal, limit)) continue;
            do Take(clock(), signal);
            while (inbox.TryTake(out signal, TimeSpan.Zero));
        }

        return _code ?? ExitCode.Ok;
    }

    internal bool IsOver => _isOver;

    /// <summary>What the process says when it ends; null while nobody asked it to.</summary>
    internal ExitCode? Code => _code;

    internal void Begin(Func<IPhoneLink> start)
    {
        Draw(clock());
        _phone = start();
    }

    /// <summary>Does what is due; how long nothing is.</summary>
    internal TimeSpan Turn(Instant now)
    {
        if (_code is not null && now - _endingSince >= ShutdownLimit) _isOver = true;
        if (!screen.IsShown && screen.Resume()) _needsFrame = true;
        if (machine.NextTimeout <= now)
        {
            machine.Advance(now);
            _needsFrame = true;
        }

        Obey(now);
        if (_viewDue is not { } due || due <= now) AskView(now);
        Draw(now);
        var next = Instant.Earlier(machine.NextTimeout, _viewDue) ?? now + ViewPause;
        if (_needsFrame && _drawnAt is { } drawn && drawn + FramePause < next) next = drawn + FramePause;
        return next > now ? next - now : TimeSpan.Zero;
    }

    internal void Take(Instant now, UiSignal signal)
    {
        switch (signal)
        {
            case UiSignal.Input { Event: InputEvent.Key { Code: KeyCode.Character, Modifiers: Modifiers.Control, Rune.Value: 'z' } }:
            case UiSignal.Suspend:
                screen.Suspend();
                Repaint();
                break;
            case UiSignal.Input input:
                machine.Handle(now, input.Event);
                _needsFrame = true;
                Obey(now);
                break;
            case UiSignal.View view:
                _askedAt = null;
                machine.Show(now, view.Shown);
                screen.Send(attention.Look(view.Shown));
                _needsFrame = true;
                break;
            case UiSignal.Command command:
                Obey(now, command.Asked);
                break;
            case UiSignal.Resized:
                Repaint();
                break;
            case UiSignal.Continued:
                screen.Resume();
                Repaint();
                break;
            case UiSignal.Stop or UiSignal.Closed:
                End(now, ExitCode.Interrupted);
                break;
            case UiSignal.Down:
                _isOver = _code is not null;
                break;
            case UiSignal.Crashed crash:
                throw new PhoneCrashException(crash.Error);
        }
    }

    private void Repaint()
    {
        screen.Forget();
        _needsFrame = true;
    }

    private void Obey(Instant now)
    {
        var any = false;
        while (machine.TryCommand(out var command))
        {
            Obey(now, command);
            any = true;
        }

        if (machine.Watched != _watched)
        {
            _phone.Watch(_watched = machine.Watched);
            any = true;
        }

        // What became of it is shown as soon as it was done.
        if (any) AskView(now);
    }

    private void Obey(Instant now, PhoneCommand command)
    {
        switch (command)
        {
            case PhoneCommand.Copy copy:
                screen.Send(Clipboard.Copy(copy.Text));
                break;
            case PhoneCommand.UseTheme use:
                if (Theme.Named(use.Name) is { } theme) screen.Use(theme);
                _needsFrame = true;
                _phone.Do(command);
                break;
            case PhoneCommand.Quit:
                End(now, ExitCode.Ok);
                break;
            default:
                _phone.Do(command);
                break;
        }
    }

    private void AskView(Instant now)
    {
        _viewDue = now + ViewPause;
        // A phone that is slow is not asked faster than it answers; an answer for which there was no room is gone.
        if (_askedAt is { } asked && now - asked < LostView) return;
        _askedAt = now;
        _phone.AskView();
    }

    private void End(Instant now, ExitCode code)
    {
        if (_code is not null)
        {
            _isOver |= now - _endingSince >= Insistence;
            return;
        }

        _code = code;
        _endingSince = now;
        _phone.Shutdown();
    }

    private void Draw(Instant now)
    {
        if (!_needsFrame || !screen.IsShown || (_drawnAt is { } drawn && now - drawn < FramePause)) return;
        _needsFrame = false;
        _drawnAt = now;
        var (width, height) = screen.Size;
        if (width <= 0 || height <= 0) return;
        if (_frame.Width != width || _frame.Height != height)
        {
            _frame.Resize(width, height);
            screen.Forget();
        }

        machine.Draw(_frame);
        if (!screen.Show(_frame)) End(now, ExitCode.Interrupted);
    }

    private sealed class NoPhone : IPhoneLink
    {
        public void Do(PhoneCommand command)
        {
        }

        public void Watch(CallId? call)
        {
        }

        public void AskView()
        {
        }

        public void Shutdown()
        {
        }
    }
}
