using System.Diagnostics.CodeAnalysis;
using Softphone.Core;
using Softphone.Media;
using Softphone.Nat;
using Softphone.Sdp;

namespace Softphone.Phone;

/// <summary>
/// What both sides have said of the media of a call, and what they agreed on. The descriptions are made and compared by <see cref="OfferAnswer"/>;
/// when one may leave is up to others.
/// </summary>
/// <param name="host">The call.</param>
/// <param name="path">Our side as it is now.</param>
/// <param name="session">Our descriptions' session, which has said nothing yet.</param>
/// <param name="crypto">The keys that they tell.</param>
internal sealed class Negotiation(ICallHost host, CallPath path, SdpSession session, CallCrypto crypto)
{
    private static readonly TimeSpan PeerNameLimit = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan SilenceBeforeWarning = TimeSpan.FromSeconds(5);

    /// <summary>The descriptions so far, from which the next one's version and order of lines follow.</summary>
    private SdpSession _session = session;

    /// <summary>What the peer calls the stream. Ours have no name of their own: with one line an INFO needs none (RFC 8840 §9.2), and there are peers
    /// that take a=mid beside a=rtcp-mux for a promise and drop RTCP from their candidates.</summary>
    private string? _mid;

    /// <summary>The ways the peer's signalling came, from which its media may come as well.</summary>
    private IReadOnlyList<IpAddress> _peerSources = [];

    /// <summary>Where the peer's signalling comes from.</summary>
    private IpAddress _signalling;

    /// <summary>Our side of the transport, as the next description shows it; null before it is gathered.</summary>
    public LocalIce? Local { get; private set; }

    /// <summary>The last offer of ours.</summary>
    public SessionDescription? Offer { get; private set; }

    /// <summary>The offer that came with the call; null where it had none.</summary>
    public SessionDescription? Received { get; private set; }

    public NegotiatedAudio? Agreed { get; private set; }

    /// <summary>The keys that descriptions tell.</summary>
    public CallCrypto Crypto { get; } = crypto;

    /// <summary>The remote tag of the dialog that the peer's description came in; empty for the one that stays.</summary>
    public string Dialog { get; private set; } = "";

    /// <summary>Of our credentials that the peer has been told last; empty before.</summary>
    public string ToldUfrag { get; private set; } = "";

    /// <summary>The peer takes candidates by INFO.</summary>
    public bool PeerTrickles { get; set; }

    /// <summary>The credentials of ours for which all candidates are there.</summary>
    public string EndOf { get; private set; } = "";

    /// <summary>Those for which the peer has been told that all are there.</summary>
    public string ToldEndOf { get; private set; } = "";

    public string Mid => _mid ?? "";

    /// <summary>The caller, whose offer we have, takes candidates by INFO.</summary>
    public bool CallerTrickles =>
        host.Direction == CallDirection.Incoming && host.Signalling.IsOpen && Received?.Audio is { } audio && Received.IceOf(audio)?.Trickles == true
        && host.Signalling.TakesInfo(SdpFragment.Package);

    /// <summary>Candidates that come after our description are told by INFO; after the end a peer takes none (RFC 8838 §14).</summary>
    public bool TakesLateByInfo => PeerTrickles && ToldEndOf != Local?.Ufrag;

    /// <summary>Whether a candidate of the peer's is of use to us.</summary>
    public bool Takes(SdpCandidate candidate) => SdpCandidates.Takes(candidate, host.Options.Nat.Tcp);

    /// <summary>Where the other side's signalling comes from: its media may as well.</summary>
    public void Meet(IpAddress signalling, IReadOnlyList<IpAddress> sources) => (_signalling, _peerSources) = (signalling, sources);

    /// <summary>Reads the offer that came with the call.</summary>
    public bool TryReceive(ReadOnlySpan<byte> offer, out ParseError error)
    {
        var isGood = SessionDescription.TryParse(offer, out var received, out error);
        Received = received;
        return isGood;
    }

    public void Gathered(LocalIce local) => Local = local;

    /// <summary>The peer may have restarted ICE, or have none: our next description says so.</summary>
    public void RefreshLocal() => Local = path.Transport?.Local ?? Local;

    /// <summary>No candidate of these credentials follows.</summary>
    public void EndsLocal(string ufrag) => EndOf = ufrag;

    public void ToldEnd(string ufrag) => ToldEndOf = ufrag;

    public void ToldBy(SessionDescription description) => ToldUfrag = UfragOf(description);

    public void Name(string? mid) => _mid = mid;

    /// <summary>Makes the offer of what holds now.</summary>
    public SessionDescription CreateOffer(bool hold) => Offer = OfferAnswer.CreateOffer(Capabilities(null, hold), _session);

    /// <summary>The first offer, which counts as sent from the start.</summary>
    public SessionDescription CreateFirstOffer(bool hold)
    {
        var offer = CreateOffer(hold);
        _session = _session.Sent(offer);
        return offer;
    }

    public bool TryAnswer(
        SessionDescription offer, bool hold, [NotNullWhen(true)] out SessionDescription? answer, [NotNullWhen(true)] out NegotiatedAudio? agreed, [NotNullWhen(false)] out OfferRejection? rejection) =>
        OfferAnswer.TryAnswer(offer, Capabilities(offer, hold), _session, out answer, out agreed, out rejection);

    public bool TrySuspend(SessionDescription offer, bool hold, [NotNullWhen(true)] out SessionDescription? answer)
    {
        answer = null;
        return Agreed is not null && OfferAnswer.TrySuspend(offer, Capabilities(offer, hold), _session, out answer);
    }

    /// <summary>Our answer to the peer's offer leaves.</summary>
    public void Answered(SessionDescription offer, SessionDescription answer) => _session = _session.Received(offer).Sent(answer);

    /// <summary>The answer to our first offer came, in this dialog.</summary>
    public void FirstAnswered(string dialog, SessionDescription answer)
    {
        Dialog = dialog;
        _session = _session.Received(answer);
        ToldBy(Offer!);
    }

    /// <summary>The answer to another offer of ours came.</summary>
    public void OfferAnswered(SessionDescription answer) => _session = _session.Sent(Offer!).Received(answer);

    /// <summary>What offer and answer agreed on takes effect on the way: the transport learns the peer.</summary>
    public void Agree(Instant now, NegotiatedAudio agreed, bool isAnswer)
    {
        var mayCheckAnew = Agreed is null || (host.IsUp && agreed.RemoteIce?.Ufrag != Agreed.RemoteIce?.Ufrag);
        Agreed = agreed;
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
            Ice = agreed.RemoteIce is { } ice ? SdpCandidates.Of(ice, agreed.IceComponents, host.Options.Nat.Tcp) : null,
        };
        if (mayCheckAnew) path.Log.ChecksBegin(now);
        path.SetRemote(now, remote);
    }

    /// <summary>The peer wrote a name where its address should stand (RFC 8866 §5.7): media waits for the answer, signalling does not.</summary>
    public void AskPeer(Instant now, bool isAnswer)
    {
        if (Agreed is not { RemoteName: { } named } agreed) return;
        var isAsked = host.Resolve(named.Name, PeerNameLimit, (at, addresses) =>
        {
            if (!ReferenceEquals(Agreed, agreed) || host.State == CallState.Ended || path.Transport is null) return;
            if (addresses.Count == 0) host.EndWith(at, Nowhere(named));
            else host.Agree(at, agreed.At(addresses.Where(a => a.IsV6 == named.IsV6).Append(addresses[0]).First()), isAnswer);
        });
        if (!isAsked) host.EndWith(now, Nowhere(named));
    }

    /// <summary>The peer took the stream out for a while: nothing flows until the next offer.</summary>
    public void Rest() => Agreed = Agreed! with { RemoteDirection = MediaDirection.Inactive, LocalDirection = MediaDirection.Inactive };

    /// <summary>What the media session is to do by what was agreed.</summary>
    public MediaOptions MediaOptions()
    {
        var agreed = Agreed!;
        var jitter = host.Options.JitterBuffer;
        return new MediaOptions
        {
            Send = new MediaFormat(agreed.Send.Name, agreed.Send.PayloadType, agreed.Send.ClockRate),
            Receive = [.. agreed.Receive.Values.Select(c => new MediaFormat(c.Name, c.PayloadType, c.ClockRate))],
            SendEvents = agreed.EventFormatFor(agreed.Send.ClockRate) is { } events ? new EventFormat(events.PayloadType, events.ClockRate) : null,
            KeysInBand = host.Options.Keys is DtmfMode.Auto or DtmfMode.Inband,
            HearsKeys = agreed.SendEvents.Count == 0,
            ReceiveEvents = [.. agreed.ReceiveEvents.Select(e => new EventFormat(e.Key, e.Value))],
            Direction = DirectionOf(agreed.LocalDirection),
            PtimeMs = agreed.SendPtime,
            BitrateBps = Math.Min(32_000, agreed.SendOpus.MaxAverageBitrate ?? 32_000),
            FecAllowed = agreed.SendOpus.UseInbandFec,
            RtcpMux = agreed.Mux,
            Security = agreed.Dtls is null ? CallCrypto.KeysOf(agreed) : Crypto.Dtls.Security,
            AwaitsKeys = agreed.Dtls is not null,
            SecuresReportsApart = agreed.Dtls is not null && Crypto.Dtls.HasReportsApart,
            ReportSecurity = agreed.Dtls is null ? null : Crypto.Dtls.ReportSecurity,
            IsSourceProven = path.UsesIce,
            Jitter = new JitterOptions(jitter.Least, jitter.Most),
            SilenceTimeout = SilenceBeforeWarning,
        };
    }

    public static string UfragOf(SessionDescription description) =>
        description.Audio is { } audio ? description.ValueOf(audio, "ice-ufrag") ?? "" : "";

    private static Fault Nowhere(SdpNamedHost named) =>
        new(Layer.Dns, $"the peer's description sends media to {named.Name}, which has no address here", "let the peer write an IP address into c=, or give the name one");

    /// <param name="theirs">The offer that is to be answered; null for an offer of ours.</param>
    /// <param name="hold">The peer is to be held.</param>
    private MediaCapabilities Capabilities(SessionDescription? theirs, bool hold)
    {
        var isOffer = theirs is null;
        var saysTrickle = isOffer || PeerTrickles || CallerTrickles;
        return new MediaCapabilities
        {
            Codecs = host.Options.Codecs,
            Rtp = Local!.DefaultRtp,
            Rtcp = Local.DefaultRtcp.IsValid ? Local.DefaultRtcp : null,
            Ptime = host.Options.PtimeMs,
            Mux = host.Options.Mux,
            // Who is offered events waits for them, and hears no tones.
            TelephoneEvents = host.Options.Keys != DtmfMode.Inband,
            StrictIce = host.Options.StrictIce,
            Srtp = Crypto.Policy,
            Crypto = Crypto.Lines(isOffer),
            Dtls = Crypto.Dtls.Describe(theirs),
            OffersDtls = Crypto.Dtls.IsOffered,
            NoDtls = theirs?.Audio is { IsDtls: true } ? CallCrypto.WhyNoDtls(host.Options) : null,
            Direction = hold ? MediaDirection.SendOnly : MediaDirection.SendRecv,
            Mid = isOffer && PeerTrickles && Local.Candidates.Count > 0 ? _mid : null,
            Ice = Local.Candidates.Count == 0 ? null : new SdpIce
            {
                Options = saysTrickle ? ["ice2", "trickle"] : ["ice2"],
                EndOfCandidates = saysTrickle && SayWhole(Local.Ufrag),
                Ufrag = Local.Ufrag,
                Password = Local.Pwd,
                Candidates = [.. Local.Candidates.Select(SdpCandidates.Of)],
                Pacing = (int)Local.Pacing.TotalMilliseconds,
                RemoteCandidates = isOffer ? [.. Local.RemoteCandidates.Select(r => new SdpRemoteCandidate(r.Component, r.Address))] : [],
            },
        };
    }

    /// <summary>Nothing will follow what the description shows; said once, it needs no INFO.</summary>
    private bool SayWhole(string ufrag)
    {
        if (path.Transport?.HasAllLocal != true) return false;
        EndOf = ToldEndOf = ufrag;
        return true;
    }

    private static AudioDirection DirectionOf(MediaDirection direction) =>
        (direction.Sends() ? AudioDirection.SendOnly : AudioDirection.Inactive)
        | (direction.HasFlag(MediaDirection.RecvOnly) ? AudioDirection.ReceiveOnly : AudioDirection.Inactive);
}
