using Softphone.Core;
using Softphone.Sip;

namespace Softphone.Phone;

/// <summary>The places where something is handed to one call or to signalling: what it throws goes no further (<see cref="CallBarrier"/>).</summary>
public sealed partial class PhoneMachine
{
    private void ReceiveSip(in Datagram datagram)
    {
        try
        {
            Sip.Receive(datagram);
        }
        catch (Exception e)
        {
            _barrier.Broke(datagram.At, "a SIP packet", e);
        }
    }

    private void FailSip(in PathFailure failure)
    {
        try
        {
            Sip.Fail(failure);
        }
        catch (Exception e)
        {
            _barrier.Broke(failure.At, "a failure of SIP's path", e);
        }
    }

    private void AdvanceSip(Instant now)
    {
        if (_barrier.Signalling.Delay(now) > now) return;
        try
        {
            Sip.Advance(now);
            _barrier.Signalling.Worked();
        }
        catch (Exception e)
        {
            _barrier.Broke(now, "a timer of SIP", e);
        }
    }

    private void Take(Instant now, SipEvent happened)
    {
        _barrier.Serving = null;
        try
        {
            OnSip(now, happened);
        }
        catch (Exception e)
        {
            if (_barrier.Serving is { } call) _barrier.Broke(now, call, $"the event {happened.GetType().Name}", e);
            else _barrier.Broke(now, $"the event {happened.GetType().Name}", e);
        }
    }

    /// <summary>False when the call threw, which concerns others.</summary>
    private bool Receive(Call call, in Datagram datagram)
    {
        try
        {
            call.Receive(datagram);
            return true;
        }
        catch (Exception e)
        {
            _barrier.Broke(datagram.At, call, "a packet", e);
            return false;
        }
    }

    private void Fail(Call call, in PathFailure failure)
    {
        try
        {
            call.Fail(failure);
        }
        catch (Exception e)
        {
            _barrier.Broke(failure.At, call, "a failure of its path", e);
        }
    }

    private void Advance(Instant now, Call call)
    {
        try
        {
            call.Advance(now);
        }
        catch (Exception e)
        {
            _barrier.Broke(now, call, "a timer", e);
        }
    }

    private bool Settle(Instant now, Call call)
    {
        try
        {
            return call.Settle(now, _scratch);
        }
        catch (Exception e)
        {
            _barrier.Broke(now, call, "what its machines told", e);
            return true;
        }
    }

    private void Dispose(Instant now, Call call)
    {
        try
        {
            call.Dispose();
        }
        catch (Exception e)
        {
            _barrier.Broke(now, call, "its end", e);
        }
    }

    private bool TryTransmit(Call call, Span<byte> buffer, out Transmit transmit)
    {
        try
        {
            if (!call.TryTransmit(buffer, out transmit)) return false;
            Paths.Sent();
            return true;
        }
        catch (Exception e)
        {
            _barrier.Broke(_lastSeen, call, "what it sends", e);
            transmit = default;
            return false;
        }
    }
}
