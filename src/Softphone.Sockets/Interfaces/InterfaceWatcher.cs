using System.Net.NetworkInformation;

namespace Softphone.Sockets;

/// <summary>
/// Tells the pump thread when the addresses of this machine, or which of them leads out, have changed: another wireless network, a VPN, a
/// cable. Changes come in bursts (an address goes, another comes, a route follows), so it waits until they have settled, and reports
/// only what differs.
/// </summary>
public sealed class InterfaceWatcher : IDisposable
{
    private readonly Func<Action, bool> _post;
    // Documentation addresses: no packet is sent, but the system says by which of our addresses one would leave.
    private static readonly IpAddress[] Far = [IpAddress.Parse("192.0.2.1"), IpAddress.Parse("2001:db8::1")];

    private readonly Func<IReadOnlyList<LocalInterface>> _list;
    private readonly Func<IpAddress, IpAddress> _route;
    private readonly Action<IReadOnlyList<LocalInterface>> _changed;
    private readonly Timer _settle;
    private readonly TimeSpan _patience;
    private readonly TimeSpan _lookAgain;
    private readonly bool _isOfSystem;
    private bool _hears;
    private HashSet<LocalInterface> _known;
    private IpAddress[] _ways;

    /// <param name="pump">On whose thread changes are reported.</param>
    /// <param name="changed">Called with all addresses that are up now.</param>
    public InterfaceWatcher(Pump pump, Action<IReadOnlyList<LocalInterface>> changed)
        : this(pump.Post, SystemInterfaces.Read, Way, changed, TimeSpan.FromMilliseconds(100))
    {
        _isOfSystem = true;
        Listen();
    }

    internal InterfaceWatcher(
        Func<Action, bool> post, Func<IReadOnlyList<LocalInterface>> list, Func<IpAddress, IpAddress> route, Action<IReadOnlyList<LocalInterface>> changed, TimeSpan patience)
    {
        _post = post;
        _list = list;
        _route = route;
        _changed = changed;
        _patience = patience;
        _lookAgain = 20 * patience;
        _settle = Guarded.Timer(Compare, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan, _ => Look(_lookAgain));
        try
        {
            _known = [.. list()];
            _ways = [.. Far.Select(route)];
        }
        catch (Exception)
        {
            (_known, _ways) = ([], []);
            Look(_lookAgain);
        }
    }

    public void Dispose()
    {
        if (_hears)
        {
            NetworkChange.NetworkAddressChanged -= OnAddressChanged;
            NetworkChange.NetworkAvailabilityChanged -= OnAvailabilityChanged;
        }

        _settle.Dispose();
    }

    /// <summary>Something moved: look again when it is quiet.</summary>
    internal void Poke() => Look(_patience);

    private void Look(TimeSpan after)
    {
        try
        {
            _settle.Change(after, Timeout.InfiniteTimeSpan);
        }
        catch (ObjectDisposedException)
        {
            // The last event of the system crossed our end.
        }
    }

    private static IpAddress Way(IpAddress remote) => SystemInterfaces.TryRoute(remote, out var local) ? local : default;

    private void OnAddressChanged(object? sender, EventArgs e) => Poke();

    private void OnAvailabilityChanged(object? sender, NetworkAvailabilityEventArgs e) => Poke();

    /// <summary>The system gives no news without a descriptor: then it is looked at now and then until it does.</summary>
    private void Listen()
    {
        try
        {
            NetworkChange.NetworkAddressChanged += OnAddressChanged;
            NetworkChange.NetworkAvailabilityChanged += OnAvailabilityChanged;
            _hears = true;
        }
        catch (Exception)
        {
            Look(_lookAgain);
        }
    }

    /// <summary>On a thread of the timer's, where an exception would end the process: the old list stands, and is looked at again.</summary>
    private void Compare()
    {
        try
        {
            if (_isOfSystem && !_hears) Listen();
            var now = _list();
            IpAddress[] ways = [.. Far.Select(_route)];
            _post(() =>
            {
                if (_known.SetEquals(now) && _ways.SequenceEqual(ways)) return;
                _known = [.. now];
                _ways = ways;
                _changed(now);
            });
        }
        catch (Exception)
        {
            Look(_lookAgain);
        }
    }
}
