using Softphone.Core;

namespace Softphone.Lab;

/// <summary>
/// One direction of the signalling of a simulated call: messages arrive in order, late, and with loss only later, since they are sent
/// again as SIP does over UDP (RFC 3261 §17). While a side sleeps or has no network nothing goes through.
/// </summary>
internal sealed class SignalLine(VirtualHost sender, VirtualHost receiver, IEntropy chance, TimeSpan delay, double loss, Func<bool> isUp)
{
    private static readonly TimeSpan FirstWait = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(4);
    private readonly World _world = sender.World;
    private readonly Queue<Action<Instant>> _waiting = [];
    private bool _isBusy;

    private bool IsOpen => isUp() && !sender.IsSuspended && !receiver.IsSuspended;

    /// <summary>The receiver gets it once; after that its machine is drained.</summary>
    public void Send(Action<Instant> arrived)
    {
        _waiting.Enqueue(arrived);
        if (!_isBusy) Try(FirstWait);
    }

    private void Try(TimeSpan wait)
    {
        _isBusy = true;
        if (IsOpen && chance.NextDouble() >= loss) _world.Schedule(_world.Now + delay, () => Arrive(wait));
        else Wait(wait);
    }

    private void Wait(TimeSpan wait) => _world.Schedule(_world.Now + wait, () => Try(wait * 2 < LongestWait ? wait * 2 : LongestWait));

    private void Arrive(TimeSpan wait)
    {
        if (!IsOpen)
        {
            Wait(wait);
            return;
        }

        _waiting.Dequeue()(_world.Now);
        receiver.Settle();
        _isBusy = false;
        if (_waiting.Count > 0) Try(FirstWait);
    }
}
