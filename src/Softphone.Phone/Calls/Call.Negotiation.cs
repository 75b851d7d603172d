using Softphone.Core;
using Softphone.Media;
using Softphone.Nat;
using Softphone.Sdp;

namespace Softphone.Phone;

internal sealed partial class Call
{
    /// <summary>Two for each component to a caller's reflexive and relayed address, and a pair more: what opens our NAT, and no more.</summary>
    private const int SendsWhileRinging = 6;

    private static readonly TimeSpan SilenceBeforeWarning = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan PeerNameLimit = TimeSpan.FromSeconds(10);

    // What the peer calls the stream. Ours have no name of their own: with one line an INFO needs none (RFC 8840 §9.2), and there are peers
    // that take a=mid beside a=rtcp-mux for a promise and drop RTCP from their candidates.
    private string? _mid;

    private MediaTransportOptions TransportOptions()
    {
        var nat = _phone.Options.Nat;
        var trickles = CallerTrickles;
        return new MediaTransportOptions
        {
            Mode = nat.Mode switch
            {
                NatMode.Ice => IceMode.IceOnly,
                NatMode.Relay => IceMode.RelayOnly,
                NatMode.None => IceMode.None,
                _ => IceMode.Auto,
            },
            StunServers = _phone.Servers.StunServers,
            TurnServers = _phone.Servers.TurnServers,
            Mobility = nat.Mobility,
            SkipInterfaces = nat.SkipInterfaces,
            PreferredNow = () => _phone.SipAddress,
            Memory = _phone.TurnMemory,
            SendsBeforeTrust = SendsWhileRinging,
            HoldsBack = true,
            Tcp = nat.Tcp,
            UseLoopback = _phone.SipAddress.IsLoopback,
            GatherBudget = trickles && nat.GatherBudget > TricklingBudget ? TricklingBudget : nat.GatherBudget,
            GatherGrace = trickles ? TricklingGrace : TimeSpan.FromMilliseconds(300),
            GatherExtension = trickles ? TimeSpan.Zero : TimeSpan.FromMilliseconds(700),
            Ice = new IceOptions { Pacing = nat.Pacing, Nomination = nat.NominateImmediately ? NominationPolicy.Immediate : NominationPolicy.Adaptive },
        };
    }

    private MediaCapabilities Capabilities(bool isOffer) => new()
    {
        Codecs = _phone.Options.Codecs,
        Rtp = _local!.DefaultRtp,
        Rtcp = _local.DefaultRtcp.IsValid ? _local.DefaultRtcp : null,
        Ptime = _phone.Options.PtimeMs,
        Mux = _phone.Options.Mux,
        // Who is offered events waits for them, and hears no tones.
        TelephoneEvents = _phone.Options.Keys != DtmfMode.Inband,
        StrictIce = _phone.Options.StrictIce,
        Direction = _wantHold ? MediaDirection.SendOnly : MediaDirection.SendRecv,
        Mid = isOffer && _peerTrickles && _local.Candidates.Count > 0 ? _mid : null,
        Ice = _local.Candidates.Count == 0 ? null : new SdpIce
        {
            Options = isOffer || _peerTrickles || CallerTrickles ? ["ice2", "trickle"] : ["ice2"],
            EndOfCandidates = (isOffer || _peerTrickles || CallerTrickles) && IsLocalWhole,

            Ufrag = _local.Ufrag,
            Password = _local.Pwd,
            Candidates = [.. _local.Candidates.Select(ToSdp)],
            Pacing = (int)_local.Pacing.TotalMilliseconds,
            RemoteCandidates = isOffer ? [.. _local.RemoteCandidates.Select(r => new SdpRemoteCandidate(r.Component, r.Address))] : [],
        },
    };

    /// <summary>What offer and answer agreed on takes effect: the transport learns the peer, the media session the formats.</summary>
    private void Agree(Instant now, NegotiatedAudio agreed, bool isAnswer)
    {
        var mayCheckAnew = _agreed is null || (IsUp && agreed.RemoteIce?.Ufrag != _agreed.RemoteIce?.Ufrag);
        _agreed = agreed;
        var remote = new RemoteMedia
        {
            Rtp = agreed.RemoteRtp,
            Rtcp = agreed.RemoteRtcp.IsValid ? agreed.RemoteRtcp : null,
            Mux = agreed.Mux,
            IsAnswer = isAnswer,
            Sources = _peerSources,
            Signalling = _signalling,
            PayloadTypes = [.. agreed.Receive.Keys, .. agreed.ReceiveEvents.Keys],
            RemoteCandidates = isAnswer || agreed.RemoteIce is null ? [] : [.. agreed.RemoteIce.RemoteCandidates.Select(r => new RemoteCandidate(r.Component, r.Address))],
            Ice = agreed.RemoteIce is { } ice ? FromSdp(ice, agreed.IceComponents) : null,
        };
        _usesIce = remote.Ice is not null;
        if (mayCheckAnew) _checksFrom = now;
        _transport!.SetRemote(now, remote);
        LearnTrickle(now, agreed.RemoteIce);
        if (agreed.RemoteName is { } named) AskPeer(now, agreed, named, isAnswer);
        // The peer may have restarted ICE, or have none: our next description says so.
        _local = _transport.Local ?? _local;
        _audio.Agree(now, MediaOptionsOf(agreed));
    }

    /// <summary>The peer wrote a name where its address should stand (RFC 8866 §5.7): media waits for the answer, signalling does not.</summary>
    private void AskPeer(Instant now, NegotiatedAudio agreed, SdpNamedHost named, bool isAnswer)
    {
        var isAsked = _phone.ResolvePeer(named.Name, Id, PeerNameLimit, (at, addresses) =>
        {
            if (!ReferenceEquals(_agreed, agreed) || State == CallState.Ended || _transport is null) return;
            if (addresses.Count == 0) EndWith(at, Nowhere(named));
            else Agree(at, agreed.At(addresses.Where(a => a.IsV6 == named.IsV6).Append(addresses[0]).First()), isAnswer);
        });
        if (!isAsked) EndWith(now, Nowhere(named));
    }

    private static Fault Nowhere(SdpNamedHost named) =>
        new(Layer.Dns, $"the peer's description sends media to {named.Name}, which has no address here", "let the peer write an IP address into c=, or give the name one");

    private MediaOptions MediaOptionsOf(NegotiatedAudio agreed)
    {
        var jitter = _phone.Options.JitterBuffer;
        return new MediaOptions
        {
            Send = new MediaFormat(agreed.Send.Name, agreed.Send.PayloadType, agreed.Send.ClockRate),
            Receive = [.. agreed.Receive.Values.Select(c => new MediaFormat(c.Name, c.PayloadType, c.ClockRate))],
            SendEvents = agreed.EventFormatFor(agreed.Send.ClockRate) is { } events ? new EventFormat(events.PayloadType, events.ClockRate) : null,
            KeysInBand = _phone.Options.Keys is DtmfMode.Auto or DtmfMode.Inband,
            HearsKeys = agreed.SendEvents.Count == 0,
            ReceiveEvents = [.. agreed.ReceiveEvents.Select(e => new EventFormat(e.Key, e.Value))],
            Direction = (AudioDirection)agreed.LocalDirection,
            PtimeMs = agreed.SendPtime,
            BitrateBps = Math.Min(32_000, agreed.SendOpus.MaxAverageBitrate ?? 32_000),
            FecAllowed = agreed.SendOpus.UseInbandFec,
            RtcpMux = agreed.Mux,
            IsSourceProven = _usesIce,
            Jitter = new JitterOptions(jitter.Least, jitter.Most),
            SilenceTimeout = SilenceBeforeWarning,
        };
    }

    private static SdpCandidate ToSdp(Candidate candidate) =>
        new(candidate.Foundation, candidate.Component, candidate.Transport == Transport.Udp ? "UDP" : "TCP", candidate.Priority, candidate.Address, candidate.Type switch
        {
            CandidateType.Host => SdpCandidateType.Host,
            CandidateType.ServerReflexive => SdpCandidateType.Srflx,
            CandidateType.PeerReflexive => SdpCandidateType.Prflx,
            _ => SdpCandidateType.Relay,
        })
        {
            // Must stand there and is for show: the value that tells nothing (RFC 8839 §5.1) is the shortest, and keeps the local network to itself.
            Related = candidate.RelatedAddress.IsValid ? new Address(candidate.RelatedAddress.Ip.IsV6 ? IpAddress.Parse("::") : IpAddress.AnyV4, 9) : null,
            Extensions = candidate.TcpType == TcpType.None ? [] : [new("tcptype", Candidate.Name(candidate.TcpType))],
        };

    /// <summary>Nothing will follow what the description shows; said once, it needs no INFO.</summary>
    private bool IsLocalWhole
    {
        get
        {
            if (_transport?.HasAllLocal != true || _local is null) return false;
            _endOf = _toldEndOf = _local.Ufrag;
            return true;
        }
    }

    /// <summary>TCP candidates count where the profile has them (RFC 6544).</summary>
    private bool Takes(SdpCandidate candidate) => candidate.IsUdp || _phone.Options.Nat.Tcp;

    private RemoteIce FromSdp(SdpIce ice, int components) => new()
    {
        Ufrag = ice.Ufrag,
        Pwd = ice.Password,
        IsLite = ice.Lite,
        HasIce2 = ice.IsIce2,
        Pacing = ice.Pacing is { } ms ? TimeSpan.FromMilliseconds(ms) : null,
        Components = components,
        EndOfCandidates = (!ice.Trickles || ice.EndOfCandidates) && !ice.NamedCandidates.Any(Takes),
        Candidates = [.. ice.Candidates.Where(c => c.Type != SdpCandidateType.Other && Takes(c)).Select(FromSdp)],
    };

    private static Candidate FromSdp(SdpCandidate candidate) => Candidate.Remote(candidate.Type switch
    {
        SdpCandidateType.Host => CandidateType.Host,
        SdpCandidateType.Srflx => CandidateType.ServerReflexive,
        SdpCandidateType.Prflx => CandidateType.PeerReflexive,
        _ => CandidateType.Relayed,
    }, candidate.Component, candidate.Address, candidate.Priority, candidate.Foundation) with
    {
        Transport = candidate.IsUdp ? Transport.Udp : Transport.Tcp,
        TcpType = candidate.TcpType switch
        {
            "active" => TcpType.Active,
            "passive" => TcpType.Passive,
            "so" => TcpType.SimultaneousOpen,
            _ => TcpType.None,
        },
    };
}
