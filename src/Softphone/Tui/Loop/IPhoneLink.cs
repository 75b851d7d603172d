using Softphone.Phone;

namespace Softphone.Cli;

/// <summary>The phone as the UI thread reaches it. Nothing here waits.</summary>
internal interface IPhoneLink
{
    void Do(PhoneCommand command);

    /// <summary>The call whose trace goes into the views from now on.</summary>
    void Watch(CallId? call);

    /// <summary>Asks for a view; it comes as <see cref="UiSignal.View"/>, after what was asked before was done.</summary>
    void AskView();

    /// <summary>Hangs up, unregisters, gives everything back; then comes <see cref="UiSignal.Down"/>.</summary>
    void Shutdown();
}
