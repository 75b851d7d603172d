using Softphone.Core;

namespace Softphone.Sockets.Tests;

/// <summary>A machine that throws once at one of its verbs, or at every turn of its timer.</summary>
internal sealed class FaultyMachine(EchoMachine inner, string where) : IMachine
{
    private bool _hasThrown;

    public Instant? NextTimeout
    {
        get
        {
            Throw("next");
            return inner.NextTimeout;
        }
    }

    public void Receive(in Datagram datagram)
    {
        inner.Receive(datagram);
        Throw("packet");
    }

    public void Fail(in PathFailure failure) => inner.Fail(failure);

    public void Advance(Instant now)
    {
        if (where == "always") throw new InvalidOperationException("bug");
        Throw("timer");
        inner.Advance(now);
    }

    public bool TryTransmit(Span<byte> buffer, out Transmit transmit)
    {
        if (inner.Received.Count > 0) Throw("send");
        return inner.TryTransmit(buffer, out transmit);
    }

    private void Throw(string at)
    {
        if (at != where || _hasThrown) return;
        _hasThrown = true;
        throw new InvalidOperationException("bug");
    }
}
