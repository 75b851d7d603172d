using Softphone.Core;

namespace Softphone.Nat;

/// <summary>Channels: four octets of overhead in the place of thirty-six (RFC 8656 §12).</summary>
public sealed partial class TurnClient
{
    private const int FirstChannel = 0x4000;
    private const int MostChannels = 0x1000;
    private static readonly TimeSpan ChannelLife = TimeSpan.FromSeconds(600);
    private static readonly TimeSpan ChannelRefresh = TimeSpan.FromSeconds(540);

    /// <summary>A number may serve another peer only this long after its binding expired (RFC 8656 §12).</summary>
    private static readonly TimeSpan ChannelRest = TimeSpan.FromMinutes(5);
    private readonly List<Channel> _channels = [];
    private readonly Dictionary<Address, int> _channelOf = [];

    private enum ChannelState
    {
        /// <summary>To be asked for when the relay is there.</summary>
        Wanted,
        Asked,
        Bound,
        Refused,

        /// <summary>Not kept alive any more; its number rests.</summary>
        Forgotten,
    }

    /// <summary>
    /// Binds a channel to a peer, which also permits its IP, and keeps it. Until it is bound, and whenever it is not, data goes by
    /// Send indications; it never waits. Called before the relay is there, it is remembered.
    /// </summary>
    public void Bind(Instant now, Address peer)
    {
        peer = peer with { Ip = peer.Ip.WithoutScope() };
        if (_state is State.Closing or State.Over || !peer.IsValid) return;
        if (IsAllocated && peer.Ip.IsV4 != Relayed.Ip.IsV4) return;
        if (!_channelOf.TryGetValue(peer, out var at))
        {
            if (!TryNumber(now, out at)) return;
            _channels[at] = new Channel(peer, ChannelState.Wanted, default);
            _channelOf[peer] = at;
        }
        else if (_channels[at].State is ChannelState.Asked or ChannelState.Wanted || _channels[at].IsUsable(now))
        {
            return;
        }

        if (IsAllocated) AskChannel(now, at);
        else _channels[at] = _channels[at] with { State = ChannelState.Wanted };
    }

    private bool TryNumber(Instant now, out int at)
    {
        at = _channels.Count;
        if (at < MostChannels)
        {
            _channels.Add(default);
            return true;
        }

        at = _channels.FindIndex(channel => channel.State == ChannelState.Forgotten && now >= channel.Until + ChannelRest);
        if (at < 0) return false;
        _channelOf.Remove(_channels[at].Peer);
        return true;
    }

    private void AskWanted(Instant now)
    {
        AskPermissions(now);
        for (var at = 0; at < _channels.Count; at++)
            if (_channels[at].State == ChannelState.Wanted && _channels[at].Peer.Ip.IsV4 == Relayed.Ip.IsV4)
                AskChannel(now, at);
    }

    private void AskChannel(Instant now, int at)
    {
        var channel = _channels[at];
        _channels[at] = channel with { State = ChannelState.Asked };
        if (!_permissions.TryGetValue(channel.Peer.Ip, out var known) || known.State == PermissionState.Refused)
            _permissions[channel.Peer.Ip] = new Permission(PermissionState.Asked, default);
        Ask(now, new TurnRequest(TurnRequest.Wish.Bind) { Channel = at });
    }

    private void RefreshChannel(Instant now, int at)
    {
        if (_channels[at].State == ChannelState.Bound) Ask(now, new TurnRequest(TurnRequest.Wish.Bind) { Channel = at });
    }

    private void BindGranted(Instant now, Instant since, int at)
    {
        var channel = _channels[at];
        if (channel.State == ChannelState.Forgotten)
        {
            _channels[at] = channel with { Until = since + ChannelLife };
            return;
        }

        _channels[at] = channel with { State = ChannelState.Bound, Until = since + ChannelLife };
        _timers.Set((int)Timer.Channel + at, since + ChannelRefresh);
        if (channel.State != ChannelState.Bound)
            Emit(now, new TurnEvent.ChannelBound(channel.Peer, (ushort)(FirstChannel + at)), $"channel {FirstChannel + at:x4} bound to {channel.Peer}");
        PermitGranted(now, since, [channel.Peer.Ip]);
    }

    private void BindRefused(Instant now, int at, int code)
    {
        var channel = _channels[at];
        if (channel.State == ChannelState.Forgotten) return;
        if (code != 0) _channels[at] = channel with { State = ChannelState.Refused };
        var isOnlyAsked = _permissions.TryGetValue(channel.Peer.Ip, out var permission) && permission.State == PermissionState.Asked;
        if (isOnlyAsked || code == StunErrorCode.Forbidden) RefusePeer(now, channel.Peer.Ip, code);

        // Silence is no refusal: the server may have bound it and send by it, all its answers lost, and is asked as long as the relay lives.
        if (code == 0) Ask(now, new TurnRequest(TurnRequest.Wish.Bind) { Channel = at });
    }

    private void ForgetChannels(IpAddress peer)
    {
        for (var at = 0; at < _channels.Count; at++)
        {
            if (_channels[at].Peer.Ip != peer || _channels[at].State == ChannelState.Forgotten) continue;
            _channels[at] = _channels[at] with { State = ChannelState.Forgotten };
            _timers.Cancel((int)Timer.Channel + at);
        }
    }

    private readonly record struct Channel(Address Peer, ChannelState State, Instant Until)
    {
        public bool IsUsable(Instant now) => State == ChannelState.Bound && now < Until;
    }
}
