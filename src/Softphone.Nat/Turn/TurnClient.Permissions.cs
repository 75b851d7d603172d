using Softphone.Core;

namespace Softphone.Nat;

/// <summary>Who may reach the relay: one permission for each peer IP, whatever its port (RFC 8656 §9, §10).</summary>
public sealed partial class TurnClient
{
    /// <summary>How many peers a client asks for at most.</summary>
    private const int MostPeers = 512;
    private static readonly TimeSpan PermissionLife = TimeSpan.FromSeconds(300);
    private static readonly TimeSpan PermissionRefresh = TimeSpan.FromSeconds(240);
    private readonly Dictionary<IpAddress, Permission> _permissions = [];

    private enum PermissionState
    {
        /// <summary>To be asked for when the relay is there.</summary>
        Wanted,
        Asked,
        Granted,
        Refused,
    }

    /// <summary>
    /// Lets peers through to the relay, all in one request where they fit, and keeps letting them through until
    /// <see cref="Forget"/>. Called before the relay is there, it is remembered.
    /// </summary>
    public void Permit(Instant now, params ReadOnlySpan<IpAddress> peers)
    {
        if (_state is State.Closing or State.Over) return;
        foreach (var peer in peers)
        {
            var ip = peer.WithoutScope();
            if (!ip.IsValid || (_permissions.TryGetValue(ip, out var known) && known.State != PermissionState.Refused)) continue;
            if (_permissions.Count < MostPeers || _permissions.ContainsKey(ip)) _permissions[ip] = new Permission(PermissionState.Wanted, default);
            else Emit(now, new TurnEvent.PermissionFailed(ip, StunErrorCode.InsufficientCapacity), $"too many peers: {ip} left out");
        }

        if (_state == State.Allocated) AskPermissions(now);
    }

    /// <summary>Keeps permission and channels of a peer alive no longer; they end when they expire.</summary>
    public void Forget(IpAddress peer)
    {
        var ip = peer.WithoutScope();
        _permissions.Remove(ip);
        ForgetChannels(ip);
    }

    /// <summary>Wishes for permissions and channels that its predecessor on the same socket was told before it had a relay.</summary>
    internal void TakeWishesOf(Instant now, TurnClient predecessor)
    {
        foreach (var peer in predecessor._permissions.Keys) Permit(now, peer);
        foreach (var peer in predecessor._channelOf.Keys) Bind(now, peer);
    }

    private bool IsPermitted(IpAddress peer, Instant now) =>
        _permissions.TryGetValue(peer, out var permission)
        && (permission.State == PermissionState.Asked || (permission.State == PermissionState.Granted && now < permission.Until));

    private void AskPermissions(Instant now)
    {
        var wanted = new List<IpAddress>();
        foreach (var (peer, permission) in _permissions)
            if (permission.State == PermissionState.Wanted)
                wanted.Add(peer);
        foreach (var peer in wanted)
        {
            if (peer.IsV4 == Relayed.Ip.IsV4) _permissions[peer] = new Permission(PermissionState.Asked, default);
            else RefusePeer(now, peer, StunErrorCode.PeerAddressFamilyMismatch);
        }

        wanted.RemoveAll(peer => peer.IsV4 != Relayed.Ip.IsV4);
        AskPermissionsFor(now, wanted);
    }

    private void AskPermissionsFor(Instant now, List<IpAddress> peers)
    {
        // Without a known path MTU a request keeps to 548 octets, or 1280 less the headers for IPv6 (RFC 8489 §6.1).
        var room = (_server.Ip.IsV4 ? 548 : 1232) - StunHeader.Length - _credentials.Overhead - 4 - StunHeader.Padded(_options.Software.Length * 3);
        var most = Math.Max(1, room / (Relayed.Ip.IsV4 ? 12 : 24));
        for (var at = 0; at < peers.Count; at += most)
            Ask(now, new TurnRequest(TurnRequest.Wish.Permit) { Peers = [.. peers.Skip(at).Take(most)] });
    }

    private void RefreshPermissions(Instant now)
    {
        var granted = new List<IpAddress>();
        foreach (var (peer, permission) in _permissions)
            if (permission.State == PermissionState.Granted)
                granted.Add(peer);
        AskPermissionsFor(now, granted);
    }

    private void PermitGranted(Instant now, Instant since, ReadOnlySpan<IpAddress> peers)
    {
        foreach (var peer in peers)
        {
            if (!_permissions.TryGetValue(peer, out var permission)) continue;
            _permissions[peer] = new Permission(PermissionState.Granted, since + PermissionLife);
            if (permission.State != PermissionState.Granted) Emit(now, new TurnEvent.Permitted(peer), $"permitted {peer}");
        }

        if (_permissions.Count != 0 && _timers.DueOf((int)Timer.Permissions) is null)
            _timers.Set((int)Timer.Permissions, since + PermissionRefresh);
    }

    private void PermitRefused(Instant now, IpAddress[] peers, int code)
    {
        // A request is granted or refused as a whole (RFC 8656 §10.2), so one peer that is forbidden takes the others with it: each
        // is asked for alone.
        if (code != 0 && peers.Length > 1)
        {
            foreach (var peer in peers) Ask(now, new TurnRequest(TurnRequest.Wish.Permit) { Peers = [peer] });
            return;
        }

        var again = new List<IpAddress>();
        foreach (var peer in peers)
        {
            if (!_permissions.TryGetValue(peer, out var permission)) continue;
            if (code == 0 && permission.State == PermissionState.Granted && now < permission.Until) again.Add(peer);
            else RefusePeer(now, peer, code);
        }

        if (again.Count != 0) AskPermissionsFor(now, again);
    }

    private void RefusePeer(Instant now, IpAddress peer, int code)
    {
        _permissions[peer] = new Permission(PermissionState.Refused, default);
        Emit(now, new TurnEvent.PermissionFailed(peer, code), $"no permission for {peer} ({code})");
    }

    private readonly record struct Permission(PermissionState State, Instant Until);
}
