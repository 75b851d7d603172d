using Softphone.Core;

namespace Softphone.Lab;

/// <summary>
/// The signalling of a simulated call: messages of each direction arrive in order, late, and with loss only later, since they are sent
/// again as SIP does over UDP (RFC 3261 §17). While a side has no network nothing of it arrives.
/// </summary>
internal sealed class SignalLine(World world, IEntropy chance, TimeSpan delay, double loss, Func<bool> isUp)
{
    private static readonly TimeSpan FirstWait = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(4);
    private readonly Queue<Action<Instant>> _waiting = [];
    private bool _isBusy;

    /// <summary>The receiver gets it once; after that its machine is drained.</summary>
    public void Send(VirtualHost receiver, Action<Instant> arrived)
    {
        _waiting.Enqueue(now =>
        {
            arrived(now);
            receiver.Settle();
        });
        if (!_isBusy) Try(FirstWait);
    }

    private void Try(TimeSpan wait)
    {
        _isBusy = true;
        if (isUp() && chance.NextDouble() >= loss) world.Schedule(world.Now + delay, Arrive);
        else world.Schedule(world.Now + wait, () => Try(wait * 2 < LongestWait ? wait * 2 : LongestWait));
    }

    private void Arrive()
    {
        _waiting.Dequeue()(world.Now);
        _isBusy = false;
        if (_waiting.Count > 0) Try(FirstWait);
    }
}
