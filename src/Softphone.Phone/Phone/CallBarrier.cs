using Softphone.Core;
using Softphone.Sip;

namespace Softphone.Phone;

/// <summary>
/// What stands between the calls of one phone, and between them and its signalling: what throws ends the call that it is of and is told once,
/// with what was under way, for a report. Whatever belongs to no call is told and left alone for a moment.
/// </summary>
internal sealed class CallBarrier(PhoneMachine phone)
{
    /// <summary>Signalling that throws at every turn must not hold the thread.</summary>
    public Respite Signalling { get; } = new();

    /// <summary>The call that an event of signalling was handed to; what throws then is of this one.</summary>
    public Call? Serving { get; set; }

    public void Guard(Instant now, Call call, Action<Instant> act, string where)
    {
        try
        {
            act(now);
        }
        catch (Exception e)
        {
            Broke(now, call, where, e);
        }
    }

    /// <summary>The call threw.</summary>
    public void Broke(Instant now, Call call, string where, Exception error)
    {
        Tell(now, call.Id, call.Source, where, error);
        var fault = new Fault(Layer.Internal, $"an error of this program ({error.GetType().Name} at {where})", "please report it; other calls and accounts go on");
        if (call.Break(now, fault) is { } again) Tell(now, call.Id, call.Source, $"the end of {call.Id}", again);
        phone.Paths.All();
    }

    /// <summary>Signalling threw where no call was concerned, or the phone itself.</summary>
    public void Broke(Instant now, string where, Exception error)
    {
        Tell(now, null, phone.Options.Name, where, error);
        Signalling.Failed(now);
    }

    /// <summary>What the agent has caught itself.</summary>
    public void Told(Instant now, SipEvent.Broke broke) => Tell(now, null, phone.Options.Name, broke.Where, broke.Error);

    private void Tell(Instant now, CallId? call, string source, string where, Exception error)
    {
        phone.Emit(new PhoneEvent.Broke(now, call, where, error));
        try
        {
            if (phone.Trace.IsOn) phone.Trace.Emit(new CallTrace.Broke(now, source, where, error.GetType().Name));
        }
        catch (Exception)
        {
            // Whoever listens to the trace throws: that is told already.
        }
    }
}
