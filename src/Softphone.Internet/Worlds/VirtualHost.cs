using Softphone.Core;

namespace Softphone.Internet;

/// <summary>
/// A host of the virtual internet. It lends one machine its network, gives it what arrives, wakes it when its time has come and sends
/// what it transmits.
/// </summary>
public sealed partial class VirtualHost : INetwork
{
    private const int MaxSpins = 10_000;

    private readonly World _world;
    private readonly SeededEntropy _entropy;
    private IMachine? _machine;
    private Action<Instant>? _afterInput;
    private Instant? _wakeAt;
    private Instant _spinAt;
    private int _spins;
    private bool _isSettling;

    internal VirtualHost(World world, string name, int index, SeededEntropy entropy)
    {
        _world = world;
        Name = name;
        Index = index;
        _entropy = entropy;
        _loopback = new Plug(world.Public, Link.Perfect) { Host = this };
    }

    public string Name { get; }

    public World World => _world;

    /// <summary>The names, or addresses, in the certificate that the host's TLS servers show; without any it listens on no TLS port.</summary>
    public IReadOnlyList<string> CertificateNames { get; set; } = [];

    internal int Index { get; }

    /// <summary>
    /// Runs a machine here, in place of the one before. The world delivers to it, advances it at its timeouts and takes its transmits;
    /// after each input it calls <paramref name="afterInput"/>, where the owner drains the machine's events and may give further inputs.
    /// </summary>
    public void Run(IMachine machine, Action<Instant>? afterInput = null)
    {
        _machine = machine;
        _afterInput = afterInput;
        Settle();
    }

    /// <summary>Takes the machine away and closes every socket, as when its process ends.</summary>
    public void Stop()
    {
        TakeMachine();
        foreach (var path in _sockets.Values.Select(s => s.Path).ToList()) Close(path);
    }

    /// <summary>An input to this host's machine from outside, from any thread: it runs in the world's next step.</summary>
    public void Post(Action input) => _world.Post(this, input);

    /// <summary>Takes what the machine has to send now, tells its owner, and notes when it wants to be woken. Call it after an input given directly.</summary>
    public void Settle()
    {
        if (_machine is null || _isSettling || IsSuspended) return;
        _isSettling = true;
        Drain();
        if (_afterInput is not null)
        {
            _afterInput(_world.Now);
            Drain();
        }

        _isSettling = false;
        // The owner may have taken the machine away or put the host to sleep.
        if (_machine is null || IsSuspended) return;
        var wakeAt = _machine.NextTimeout;
        if (wakeAt == _wakeAt) return;
        _wakeAt = wakeAt;
        _world.WakeUp(this, wakeAt);
    }

    public override string ToString() => Name;

    internal void Wake()
    {
        _wakeAt = null;
        if (_machine is null || IsSuspended) return;
        if (_spinAt != _world.Now) _spins = 0;
        _spinAt = _world.Now;
        if (++_spins > MaxSpins) throw new InvalidOperationException($"the machine on {Name} stays due at {_world.Now} (seed {_world.Seed})");
        _machine.Advance(_world.Now);
        Settle();
    }

    private void Drain()
    {
        var buffer = _world.Buffer;
        while (_machine is { } machine && machine.TryTransmit(buffer, out var transmit)) Send(transmit, buffer.AsSpan(0, transmit.Length));
    }

    private void TakeMachine()
    {
        _machine = null;
        _afterInput = null;
        _wakeAt = null;
        _world.WakeUp(this, null);
    }

    private void Fail(PathId path, Address remote, PathError error)
    {
        if (IsSuspended)
        {
            _atResume.Enqueue(() => Fail(path, remote, error));
            return;
        }

        if (_machine is null || !_sockets.ContainsKey(path.Value)) return;
        _machine.Fail(new PathFailure(_world.Now, path, remote, error));
        Settle();
    }

    private void FailSoon(PathId path, Address remote, PathError error) => _world.Schedule(_world.Now, () => Fail(path, remote, error));
}
