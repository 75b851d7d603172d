using Softphone.Core;
using Softphone.Sip;

namespace Softphone.Phone;

/// <summary>What a person asks, done. What cannot be done is told as an event line with the way out.</summary>
public sealed partial class Desk
{
    private string _inUse;

    /// <summary>The line that calls are placed with.</summary>
    private DeskLine? InUse => Find(_inUse) ?? (_lines.Count > 0 ? _lines[0] : null);

    /// <summary>Does what a person asked; what cannot be done is told as an event line.</summary>
    public void Do(Instant now, PhoneCommand command)
    {
        switch (command)
        {
            case PhoneCommand.Dial c:
                Dial(now, c);
                break;
            case PhoneCommand.Answer c:
                With(now, c.Call, call => call.Phone.Answer(now, call.Id, Ends()));
                break;
            case PhoneCommand.Reject c:
                With(now, c.Call, call => call.Phone.Reject(now, call.Id, c.Status));
                break;
            case PhoneCommand.Hangup c:
                With(now, c.Call, call => call.Phone.Hangup(now, call.Id));
                break;
            case PhoneCommand.Hold c:
                With(now, c.Call, call => call.Phone.Hold(now, call.Id, call.IsHeldHere = c.On));
                break;
            case PhoneCommand.Dtmf c:
                With(now, c.Call, call =>
                {
                    call.Sent.Append(c.Keys);
                    call.Phone.SendDtmf(now, call.Id, c.Keys);
                });
                break;
            case PhoneCommand.Register c:
                WithLine(now, c.Account, line => line.Phone.Register(now, line.Account.Account));
                break;
            case PhoneCommand.Unregister c:
                WithLine(now, c.Account, line => line.Phone.Unregister(now, line.Account.Account));
                break;
            case PhoneCommand.UseAccount c:
                WithLine(now, c.Account, line => _inUse = line.Account.Name);
                break;
            default:
                _shell.Do(command);
                break;
        }

        Settle(now);
    }

    private void Dial(Instant now, PhoneCommand.Dial command)
    {
        if ((command.Account is { } name ? Find(name) : InUse) is not { } line)
        {
            Problem(now, command.Account is null ? "there is no account to call with" : $"there is no account {command.Account}", "make a profile first");
            return;
        }

        if (!SipUri.TryParse(command.Target, out var target, out var error))
        {
            Problem(now, $"cannot call {command.Target}: {error}", "");
            return;
        }

        var id = line.Phone.Call(now, line.Account.Account, target, Ends());
        _calls.Add(new DeskCall(line, id, CallDirection.Outgoing, target.ToString(), now));
    }

    private CallOptions Ends() => new() { Source = _shell.Microphone, Sink = _shell.Speaker };

    private void With(Instant now, CallId id, Action<DeskCall> act)
    {
        if (Of(id) is { IsOver: false } call) act(call);
        else Problem(now, $"call {id} is over", "");
    }

    private void WithLine(Instant now, string account, Action<DeskLine> act)
    {
        if (Find(account) is { } line) act(line);
        else Problem(now, $"there is no account {account}", "");
    }
}
