using System.Diagnostics.CodeAnalysis;
using Softphone.Core;
using Softphone.Sip;

namespace Softphone.Phone;

/// <summary>What a person asks, done. What cannot be done is told as an event line with the way out.</summary>
public sealed partial class Desk
{
    /// <summary>Calls at once over all accounts, as many as the one that may have most; one more that comes in is told that we are busy.</summary>
    private int CallLimit => _driven.Max(l => l.Phone.Options.CallLimit);

    private const string Keys = "0123456789*#ABCD";

    private string _inUse;

    /// <summary>The line that calls are placed with.</summary>
    private DeskLine? InUse => Find(_inUse) ?? (_lines.Count > 0 ? _lines[0] : null);

    /// <summary>Completes addresses where no account is there yet.</summary>
    private SipUri AnyIdentity => InUse?.Account.Identity.Aor ?? SipUri.Create(null, "invalid");

    /// <summary>Does what a person asked; what cannot be done is told as an event line. What is its shell's goes there.</summary>
    public void Do(Instant now, PhoneCommand command)
    {
        Guard(now, "", $"the command {command.GetType().Name}", () => Carry(now, command));
        Settle(now);
    }

    private void Carry(Instant now, PhoneCommand command)
    {
        switch (command)
        {
            case PhoneCommand.Dial c:
                Dial(now, c);
                break;
            case PhoneCommand.Answer c:
                With(now, c.Call, call => Answer(now, call));
                break;
            case PhoneCommand.Reject c:
                With(now, c.Call, call => Reject(now, call, c.Status));
                break;
            case PhoneCommand.Hangup c:
                With(now, c.Call, call => Hangup(now, call));
                break;
            case PhoneCommand.Hold c:
                With(now, c.Call, call => Hold(now, call, c.On));
                break;
            case PhoneCommand.SwitchTo c:
                With(now, c.Call, call => SwitchTo(now, call));
                break;
            case PhoneCommand.Dtmf c:
                With(now, c.Call, call => Press(now, call, c.Keys));
                break;
            case PhoneCommand.Transfer c:
                With(now, c.Call, call => Transfer(now, call, c.Target));
                break;
            case PhoneCommand.TransferTo c:
                With(now, c.Call, call => TransferTo(now, call, c.Other));
                break;
            case PhoneCommand.DecideTransfer c:
                DecideTransfer(now, c.Call, c.Follows);
                break;
            case PhoneCommand.Conference c:
                Confer(now, c.Calls);
                break;
            case PhoneCommand.Record c:
                With(now, c.Call, call => Record(now, call, c.On));
                break;
            case PhoneCommand.RestartIce c:
                With(now, c.Call, call => RestartIce(now, call));
                break;
            default:
                DoBesides(now, command);
                break;
        }
    }

    private void DoBesides(Instant now, PhoneCommand command)
    {
        switch (command)
        {
            case PhoneCommand.Mute c:
                _mixer.IsMuted = c.On;
                break;
            case PhoneCommand.Volume c:
                _mixer.VolumeDb = c.Decibels;
                break;
            case PhoneCommand.UseDevice c:
                _shell.UseDevice(c.Role, c.Name);
                break;
            case PhoneCommand.Meter c:
                _mixer.IsMetering = c.On;
                _shell.Meter(c.On);
                Mix(now);
                break;
            case PhoneCommand.TestRing:
                TestRing(now);
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
            case PhoneCommand.SendText c:
                SendText(now, c);
                break;
            case PhoneCommand.SeenTexts c:
                SeeTexts(c.Account, c.Peer);
                break;
            case PhoneCommand.SetManners c:
                WithLine(now, c.Account, line => SetManners(now, line, c.Manners));
                break;
            case PhoneCommand.SaveContact c:
                Save(now, c);
                break;
            case PhoneCommand.DeleteContact c:
                Delete(now, c.Contact);
                break;
            case PhoneCommand.Recall c:
                Recall(now, c.Number);
                break;
            case PhoneCommand.ForgetCall c:
                ForgetRow(now, c.Number);
                break;
            case PhoneCommand.RestoreCall c:
                RestoreRow(c.Number);
                break;
            case PhoneCommand.SeenMissed:
                SeeMissed();
                _shell.Do(command);
                break;
            default:
                _shell.Do(command);
                break;
        }
    }

    private void Dial(Instant now, PhoneCommand.Dial command)
    {
        var contact = _book.Named(command.Target);
        var wanted = command.Account ?? (contact?.Account is { Length: > 0 } account ? account : null);
        if ((wanted is null ? InUse : Find(wanted)) is not { } line)
            Problem(now, wanted is null ? "there is no account to call with" : $"there is no account {PlainText.Clean(wanted)}", wanted is null ? "make a profile first" : "choose another account");
        else if (_calls.Count(c => !c.IsOver) >= CallLimit)
            Problem(now, $"{CallLimit} calls are going on", "end one of them first");
        else if (TryTarget(now, command.Target, line, out var target, out var name))
            Place(now, line, target, name);
    }

    private void Place(Instant now, DeskLine line, SipUri target, string name)
    {
        // The call is known by its address from its first event on, so its port must be there before it has a number.
        var port = _mixer.Add();
        var id = line.Phone.Call(now, line.Account.Account, target, new CallOptions { Source = port, Sink = port });
        var call = Appear(line, id, CallDirection.Outgoing, (target with { Password = null }).ToString(), name, now);
        call.Port = port;
        HoldOthers(now, call);
        Tell(now, $"calling {call.Who}", call);
    }

    /// <summary>A contact's name, or whatever else can be dialled.</summary>
    private bool TryTarget(Instant now, string typed, DeskLine line, [NotNullWhen(true)] out SipUri? target, out string name)
    {
        var contact = _book.Named(typed);
        name = contact?.Name ?? "";
        if (DialTarget.TryRead(contact?.Uri ?? typed, line.Account.Identity.Aor, out target, out var fault)) return true;
        Problem(now, fault);
        return false;
    }

    private void Press(Instant now, DeskCall call, string keys)
    {
        if (keys.Length == 0) return;
        if (!keys.All(k => Keys.Contains(char.ToUpperInvariant(k)) || k is 'w' or 'W' or ',' or '!'))
        {
            Problem(now, $"\"{PlainText.Clean(keys, 20)}\" are no keys of a telephone", "0-9, *, #, A-D, and w for a pause", call);
        }
        else if (!call.IsUp && call.State != CallState.Early)
        {
            Problem(now, $"{call.Who} has not answered yet", "keys can be sent once it talks", call);
        }
        else if (call.Phone.SendDtmf(now, call.Id, keys))
        {
            call.AddSent(keys);
            foreach (var key in keys) _mixer.DigitTone(key);
            Mix(now);
        }
        else
        {
            Problem(now, $"{call.Who} takes no keys now", "media.dtmf: auto finds another way, where too many keys do not wait already", call);
        }
    }

    private void RestartIce(Instant now, DeskCall call)
    {
        if (!call.IsUp) Problem(now, $"{call.Who} has not answered yet", "ICE can restart once it talks", call);
        else if (call.Phone.Find(call.Id)?.UsesIce != true) Problem(now, $"the call with {call.Who} goes without ICE", "the profile, or the peer, has it switched off", call);
        else
        {
            call.Phone.RestartIce(now, call.Id);
            Tell(now, $"looking for a better path to {call.Who}", call);
        }
    }

    private void With(Instant now, CallId id, Action<DeskCall> act)
    {
        if (Of(id) is not { } call) Problem(now, $"there is no call {id}");
        else if (call.IsOver) Problem(now, $"the call with {call.Who} is over", call: call);
        else act(call);
    }

    private void WithLine(Instant now, string account, Action<DeskLine> act)
    {
        if (Find(account) is { } line) act(line);
        else Problem(now, $"there is no account {PlainText.Clean(account)}", _lines.Count == 0 ? "make a profile first" : $"there are {string.Join(", ", _lines.Select(l => l.Account.Name))}");
    }
}
