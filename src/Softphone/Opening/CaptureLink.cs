using Softphone.Core;
using Softphone.Phone;
using Softphone.Sockets;
using Softphone.Tui;

namespace Softphone.Cli;

/// <summary>A capture in the place of a phone: its one view, and files of its messages.</summary>
/// <param name="sight">What is shown.</param>
/// <param name="inbox">Where views go.</param>
/// <param name="folders">Where files go.</param>
internal sealed class CaptureLink(CaptureSight sight, UiInbox inbox, KeptFolders folders) : IPhoneLink
{
    private PhoneView _view = sight.View;

    public void Do(PhoneCommand command)
    {
        if (command is PhoneCommand.SaveMessages save) Guarded.Begin(() => Tell(MessageFile.Write(folders, save, CaptureEvents.At)), e => Tell($"the messages cannot be written: {e.Message}", isProblem: true));
    }

    public void Watch(CallId? call)
    {
    }

    public void AskView() => inbox.TryAdd(new UiSignal.View(Volatile.Read(ref _view)));

    public void Shutdown() => inbox.TryAdd(new UiSignal.Down());

    private void Tell(string text, bool isProblem = false)
    {
        Volatile.Write(ref _view, sight.View with { Events = [new EventLine(DateTimeOffset.Now, PlainText.Clean(text, 300), isProblem) { IsAnswer = true }] });
        AskView();
    }
}
