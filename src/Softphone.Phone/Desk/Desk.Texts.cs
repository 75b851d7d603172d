using Softphone.Core;
using Softphone.Sip;

namespace Softphone.Phone;

/// <summary>Texts that come and go (RFC 3428), and their threads.</summary>
public sealed partial class Desk
{
    private const int LongestPreview = 80;

    private readonly Conversations _conversations = new();
    private readonly Dictionary<(DeskLine Line, TextId Text), TextThread> _sending = [];

    private void SendText(Instant now, PhoneCommand.SendText command)
    {
        var contact = _book.Named(command.Target);
        var wanted = command.Account ?? (contact?.Account is { Length: > 0 } account ? account : null);
        if (string.IsNullOrWhiteSpace(command.Text))
        {
            Problem(now, "there is no text to send");
        }
        else if ((wanted is null ? InUse : Find(wanted)) is not { } line)
        {
            Problem(now, wanted is null ? "there is no account to write with" : $"there is no account {PlainText.Clean(wanted)}", wanted is null ? "make a profile first" : "choose another account");
        }
        else if (TryTarget(now, command.Target, line, out var target, out _))
        {
            var thread = ThreadOf(line, target, "");
            // A thread is known by an address of record; where that was written to at a port or by a transport, so it is answered.
            if (command.Target != thread.Peer || thread.Target is null) thread.Target = target with { Password = null, Headers = "" };
            var id = line.Phone.SendText(now, line.Account.Account, thread.Target, command.Text);
            _conversations.Add(thread, id, new TextView(_shell.WallClock(now), TextState.Sending, PlainText.Lines(command.Text)));
            _sending[(line, id)] = thread;
        }
    }

    private void OnText(DeskLine line, PhoneEvent.TextReceived happened)
    {
        if (!SipUri.TryParse(happened.Peer, out var peer, out _)) return;
        var thread = ThreadOf(line, peer, happened.DisplayName);
        _conversations.Add(thread, null, new TextView(_shell.WallClock(happened.At), TextState.Received, PlainText.Lines(happened.Text)));
        Tell(happened.At, $"{thread.Who} writes: {PlainText.Clean(happened.Text, LongestPreview)}");
    }

    private void OnTextSent(DeskLine line, PhoneEvent.TextSent happened)
    {
        if (!_sending.Remove((line, happened.Text), out var thread)) return;
        var state = happened.Fault is not null ? TextState.Failed : happened.Status == 202 ? TextState.Stored : TextState.Delivered;
        var problem = happened.Fault is { } fault ? PlainText.Clean(fault.Remedy.Length > 0 ? $"{fault.What}; {fault.Remedy}" : fault.What, 256) : "";
        thread.Settle(happened.Text, state, problem);
        _conversations.Changed();
        if (happened.Fault is { } why) Problem(happened.At, $"the message to {thread.Who} was not delivered: {why.What}", why.Remedy);
    }

    private void SeeTexts(string account, string peer)
    {
        if (_conversations.Find(account, peer)?.See() == true) _conversations.Changed();
    }

    private TextThread ThreadOf(DeskLine line, SipUri peer, string toldName)
    {
        var thread = _conversations.Of(line.Account.Name, PlainText.Clean(peer.AddressOfRecord.ToString(), 256));
        if (toldName.Length > 0) thread.ToldName = PlainText.Clean(toldName);
        Name(thread);
        return thread;
    }

    private void Name(TextThread thread) => thread.Name = _book.At(thread.Peer)?.Name ?? thread.ToldName;

    private void NameThreads()
    {
        foreach (var thread in _conversations.Threads) Name(thread);
        _conversations.Changed();
    }
}
