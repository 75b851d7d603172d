using System.Net.NetworkInformation;

namespace Softphone.Sockets;

/// <summary>
/// Tells the pump thread when the addresses of this machine have changed: another wireless network, a VPN, a cable. Changes come in
/// bursts (an address goes, another comes, a route follows), so it waits until they have settled, and reports only what differs.
/// </summary>
public sealed class InterfaceWatcher : IDisposable
{
    private readonly Func<Action, bool> _post;
    private readonly Func<IReadOnlyList<LocalInterface>> _list;
    private readonly Action<IReadOnlyList<LocalInterface>> _changed;
    private readonly Timer _settle;
    private readonly TimeSpan _patience;
    private HashSet<LocalInterface> _known;

    /// <param name="pump">On whose thread changes are reported.</param>
    /// <param name="changed">Called with all addresses that are up now.</param>
    public InterfaceWatcher(Pump pump, Action<IReadOnlyList<LocalInterface>> changed)
        : this(pump.Post, SystemInterfaces.List, changed, TimeSpan.FromMilliseconds(300))
    {
        NetworkChange.NetworkAddressChanged += OnAddressChanged;
        NetworkChange.NetworkAvailabilityChanged += OnAvailabilityChanged;
    }

    internal InterfaceWatcher(
        Func<Action, bool> post, Func<IReadOnlyList<LocalInterface>> list, Action<IReadOnlyList<LocalInterface>> changed, TimeSpan patience)
    {
        _post = post;
        _list = list;
        _changed = changed;
        _patience = patience;
        _known = [.. list()];
        _settle = new Timer(_ => Compare());
    }

    public void Dispose()
    {
        NetworkChange.NetworkAddressChanged -= OnAddressChanged;
        NetworkChange.NetworkAvailabilityChanged -= OnAvailabilityChanged;
        _settle.Dispose();
    }

    /// <summary>Something moved: look again when it is quiet.</summary>
    internal void Poke()
    {
        try
        {
            _settle.Change(_patience, Timeout.InfiniteTimeSpan);
        }
        catch (ObjectDisposedException)
        {
            // The last event of the system crossed our end.
        }
    }

    private void OnAddressChanged(object? sender, EventArgs e) => Poke();

    private void OnAvailabilityChanged(object? sender, NetworkAvailabilityEventArgs e) => Poke();

    private void Compare()
    {
        try
        {
            var now = _list();
            _post(() =>
            {
                if (_known.SetEquals(now)) return;
                _known = [.. now];
                _changed(now);
            });
        }
        catch (NetworkInformationException)
        {
            Poke();
        }
    }
}
