using Softphone.Core;

namespace Softphone.Internet;

/// <summary>The host's interfaces, which may come and go at any time, and which of them leads where.</summary>
public sealed partial class VirtualHost
{
    private readonly List<LocalInterface> _interfaces = [new("lo", IpAddress.LoopbackV4, 8, InterfaceKind.Loopback)];
    private readonly Dictionary<IpAddress, Plug> _plugs = [];
    private readonly Plug _loopback;
    private int _lastInterface;
    private bool _isChangePending;

    public IReadOnlyList<LocalInterface> Interfaces => _interfaces;

    /// <summary>Called, in a step of its own, after addresses came or went: what the interface watcher is to a real phone.</summary>
    public Action<Instant>? InterfacesChanged { get; set; }

    /// <summary>Gives the host an address on a segment: an interface comes up.</summary>
    /// <param name="segment">Where it is plugged in.</param>
    /// <param name="address">The address it gets there.</param>
    /// <param name="link">Its line; perfect when null.</param>
    /// <param name="kind">What it is. Among several that lead to a destination the first in the order of kinds is taken.</param>
    /// <param name="name">Its name, for a second address of one interface; "eth0" and so on when null.</param>
    public void Attach(Segment segment, IpAddress address, Link? link = null, InterfaceKind kind = InterfaceKind.Wired, string? name = null)
    {
        var plug = new Plug(segment, link ?? Link.Perfect) { Host = this };
        segment.Join(address, plug);
        _plugs.Add(address, plug);
        _interfaces.Add(new LocalInterface(name ?? $"eth{_lastInterface++}", address, segment.PrefixLengthFor(address), kind));
        TellChange();
    }

    /// <summary>Takes an address away: its interface goes down. Sockets bound to it stay open and fail to send.</summary>
    public void Detach(IpAddress address)
    {
        if (!_plugs.Remove(address, out var plug)) return;
        plug.Segment.Leave(address);
        plug.IsUp = false;
        _interfaces.RemoveAll(i => i.Address == address);
        TellChange();
    }

    /// <summary>The segment that this address of the host is on; null when the host does not have it.</summary>
    public Segment? SegmentOf(IpAddress address) => _plugs.GetValueOrDefault(address)?.Segment;

    /// <summary>Changes the line of one address.</summary>
    public void SetLink(IpAddress address, Link link) => _plugs[address].Link = link;

    /// <summary>Cuts the line of an address, or mends it. The address stays, so the machine is told nothing: it must find out.</summary>
    public void SetUp(IpAddress address, bool isUp) => _plugs[address].IsUp = isUp;

    public bool TryRoute(IpAddress remote, out IpAddress local)
    {
        local = default;
        if (_plugs.ContainsKey(remote) || remote.IsLoopback)
        {
            local = remote;
            return true;
        }

        var best = (OffLink: true, Kind: InterfaceKind.Unknown);
        foreach (var candidate in _interfaces)
        {
            if (candidate.Address.IsV4 != remote.IsV4 || !_plugs.TryGetValue(candidate.Address, out var plug)) continue;
            var offLink = !plug.Segment.HasOnLink(remote);
            if (offLink && plug.Segment.GatewayFor(remote) is null) continue;
            if (local.IsValid && (offLink, candidate.Kind).CompareTo(best) >= 0) continue;
            best = (offLink, candidate.Kind);
            local = candidate.Address;
        }

        return local.IsValid;
    }

    /// <summary>
    /// Answers a query of this host's machine as its resolver would: after the time that the world's DNS takes, with addresses of the
    /// families that the host has, IPv6 first (RFC 6724), and behind a NAT64 with IPv6 addresses for names that have none (RFC 6147).
    /// </summary>
    public void Resolve(NameQuery query, Action<NameAnswer> answer)
    {
        var names = _world.Names;
        if (names.AnswersAfter <= TimeSpan.Zero)
        {
            answer(ForMe(names.Answer(query)));
            return;
        }

        _world.Schedule(_world.Now + names.AnswersAfter, () => WhenAwake(() =>
        {
            answer(ForMe(names.Answer(query)));
            Settle();
        }));
    }

    private NameAnswer ForMe(NameAnswer answer)
    {
        if (answer.Addresses.Count == 0) return answer;
        bool v4 = false, v6 = false;
        IpAddress nat64 = default;
        foreach (var (address, plug) in _plugs)
        {
            v4 |= address.IsV4;
            v6 |= address.IsV6;
            if (address.IsV6 && !nat64.IsValid) nat64 = plug.Segment.Nat64Prefix;
        }

        var addresses = answer.Addresses.Where(a => a.IsV4 ? v4 : v6).OrderBy(a => a.IsV4).ToList();
        if (nat64.IsValid && !answer.Addresses.Any(a => a.IsV6)) addresses.InsertRange(0, answer.Addresses.Select(a => a.Embed(nat64)));
        return answer with { Addresses = addresses };
    }

    private void TellChange()
    {
        if (_isChangePending || _machine is null) return;
        _isChangePending = true;
        _world.Schedule(_world.Now, () =>
        {
            _isChangePending = false;
            WhenAwake(() =>
            {
                InterfacesChanged?.Invoke(_world.Now);
                Settle();
            });
        });
    }
}
