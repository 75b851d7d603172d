using System.Runtime.InteropServices;
using Softphone.Phone;
using Softphone.Terminal;

namespace Softphone.Cli;

/// <summary>What other threads tell the UI thread, as a closed union.</summary>
internal abstract record UiSignal
{
    private UiSignal()
    {
    }

    /// <summary>The person did something.</summary>
    public sealed record Input(InputEvent Event) : UiSignal;

    /// <summary>A view that was asked for.</summary>
    public sealed record View(PhoneView Shown) : UiSignal;

    /// <summary>The phone asks for something that only the terminal can do.</summary>
    public sealed record Command(PhoneCommand Asked) : UiSignal;

    /// <summary>The terminal has another size.</summary>
    public sealed record Resized : UiSignal;

    /// <summary>Somebody asks the process to stop until it is continued.</summary>
    public sealed record Suspend : UiSignal;

    /// <summary>The process goes on after it was stopped, perhaps in the background.</summary>
    public sealed record Continued : UiSignal;

    /// <summary>A signal asks the process to end.</summary>
    public sealed record Stop(PosixSignal Signal) : UiSignal;

    /// <summary>The terminal is gone.</summary>
    public sealed record Closed : UiSignal;

    /// <summary>Nothing of the phone is left in the network.</summary>
    public sealed record Down : UiSignal;

    /// <summary>A thread of the phone failed; the phone is dead.</summary>
    public sealed record Crashed(Exception Error) : UiSignal;
}
