using Softphone.Core;

namespace Softphone.Phone;

/// <summary>What the phones tell, and what becomes of it.</summary>
public sealed partial class Desk
{
    /// <summary>How long a call that is over is still seen.</summary>
    private static readonly TimeSpan Afterglow = TimeSpan.FromSeconds(5);

    private readonly TimerTable<(DeskTimer Kind, CallId Call)> _timers = new();
    private readonly List<DeskCall> _calls = [];

    private DeskCall? Of(CallId id)
    {
        foreach (var call in _calls)
            if (call.Id == id) return call;
        return null;
    }

    private void On(DeskLine line, PhoneEvent happened)
    {
        switch (happened)
        {
            case PhoneEvent.Registration e:
                OnRegistration(line, e);
                break;
            case PhoneEvent.IncomingCall e:
                OnIncoming(line, e);
                break;
            case PhoneEvent.CallChanged e when Of(e.Call) is { } call:
                OnChanged(call, e);
                break;
            case PhoneEvent.DigitReceived e when Of(e.Call) is { } call:
                call.Heard.Append(e.Digit);
                break;
            case PhoneEvent.CallEnded e when Of(e.Call) is { } call:
                OnEnded(call, e);
                break;
            case PhoneEvent.ShutDown:
                line.IsDown = true;
                break;
        }
    }

    private void OnRegistration(DeskLine line, PhoneEvent.Registration happened)
    {
        var was = line.State;
        line.On(happened);
        var name = line.Account.Name;
        if (happened.State == RegistrationState.Registered && was != RegistrationState.Registered)
            Tell(happened.At, $"{name}: registered at {happened.Server}");
        else if (happened.State == RegistrationState.Failed)
            Problem(happened.At, $"{name}: {happened.Fault?.What ?? $"{happened.Status} {happened.Reason}"}", happened.Fault?.Remedy ?? "");
        else if (happened.State == RegistrationState.Unregistered)
            Tell(happened.At, $"{name}: not registered any more");
    }

    private void OnIncoming(DeskLine line, PhoneEvent.IncomingCall happened)
    {
        var call = new DeskCall(line, happened.Call, CallDirection.Incoming, PlainText.Clean(happened.Peer), happened.At) { ToldName = PlainText.Clean(happened.DisplayName) };
        Name(call);
        _calls.Add(call);
        Tell(happened.At, $"{Called(call)} calls {line.Account.Name}", call.Id);
    }

    private void OnChanged(DeskCall call, PhoneEvent.CallChanged happened)
    {
        var was = call.State;
        call.State = happened.State;
        if (happened.State == CallState.Connected && was is not (CallState.Connected or CallState.Held))
        {
            call.AnsweredAt = happened.At;
            Tell(happened.At, $"talking to {Called(call)}", call.Id);
        }
    }

    private void OnEnded(DeskCall call, PhoneEvent.CallEnded happened)
    {
        call.EndedAt = happened.At;
        call.Ending = $"{happened.Summary.Status} {PlainText.Clean(happened.Summary.Reason)}";
        call.Final = ViewOf(call, happened.At) with { Explanation = happened.Summary.Explanation, Media = happened.Summary.Media, Path = happened.Summary.Path };
        _timers.Set((DeskTimer.Forget, call.Id), happened.At + Afterglow);
        Tell(happened.At, $"call with {Called(call)} is over: {call.Ending}", call.Id);
    }

    private void OnTimer(Instant now, (DeskTimer Kind, CallId Call) timer)
    {
        switch (timer.Kind)
        {
            case DeskTimer.Forget:
                _calls.RemoveAll(c => c.Id == timer.Call);
                break;
        }
    }
}
