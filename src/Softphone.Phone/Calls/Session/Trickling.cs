using Softphone.Core;
using Softphone.Nat;
using Softphone.Sdp;
using Softphone.Sip;

namespace Softphone.Phone;

/// <summary>
/// Candidates by INFO (RFC 8840). Towards a peer of which nothing is known the offer is whole, with what came in time (half trickle); what
/// comes late follows by INFO where the peer takes it, else by another offer. A restart towards a peer that trickles does not wait for
/// any server.
/// </summary>
/// <param name="host">The call.</param>
/// <param name="path">To which candidates of the peer's are told.</param>
/// <param name="negotiation">The descriptions.</param>
/// <param name="offers">Whether one of ours is under way.</param>
internal sealed class Trickling(ICallHost host, CallPath path, Negotiation negotiation, OfferQueue offers)
{
    private const int MostNames = 16;
    private const int MostTrickled = 128;

    private static readonly TimeSpan LocalNameLimit = TimeSpan.FromSeconds(1);

    // That nothing more comes is news only to checks that have found no path by then.
    private static readonly TimeSpan EndWaits = TimeSpan.FromMilliseconds(500);

    /// <summary>Candidates of ours that came after the description with the same credentials.</summary>
    private readonly List<Candidate> _late = [];

    /// <summary>What the peer has trickled, so that what it repeats costs nothing.</summary>
    private readonly HashSet<(string Ufrag, int Component, Address Address, bool IsUdp)> _trickled = [];

    /// <summary>Names in candidates of the peer's that were looked up.</summary>
    private readonly HashSet<string> _names = [];

    /// <summary>The peer's credentials that the bounds are counted for.</summary>
    private string _trickledOf = "";

    /// <summary>Our credentials that <see cref="_late"/> is of.</summary>
    private string _lateOf = "";

    /// <summary>How many of <see cref="_late"/> the peer has been told.</summary>
    private int _told;

    /// <summary>The peer knows the dialog: an INFO reaches it.</summary>
    private bool _mayInform;

    /// <summary>An INFO of the package came: it shows that the peer knows the dialog, and has perhaps more candidates.</summary>
    public void OnInfo(Instant now, SipEvent.InfoReceived info)
    {
        if (path.Transport is not { } transport) return;
        _mayInform = true;
        if (host.Direction == CallDirection.Incoming && host.State == CallState.Ringing) host.Signalling.StopProgressRetransmission();
        if (info.ContentType.StartsWith(SdpFragment.ContentType, StringComparison.OrdinalIgnoreCase) && SdpFragment.TryParse(info.Body.Span, out var fragment, out _))
        {
            foreach (var candidate in fragment.Candidates)
            {
                if (negotiation.Takes(candidate) && _trickled.Count < MostTrickled && _trickled.Add((fragment.Ufrag, candidate.Component, candidate.Address, candidate.IsUdp)))
                    transport.AddRemote(now, fragment.Ufrag, SdpCandidates.Of(candidate));
            }

            AskNames(fragment.Ufrag, fragment.NamedCandidates);
            if (fragment.EndOfCandidates && _names.Count == 0) transport.EndOfRemote(now, fragment.Ufrag);
        }

        Tell(now);
    }

    /// <summary>A peer that refuses our INFO is told by offers.</summary>
    public void Answered(int status)
    {
        if (status >= 300) negotiation.PeerTrickles = false;
    }

    /// <summary>The peer has acknowledged the session.</summary>
    public void Confirmed(Instant now)
    {
        _mayInform = true;
        Tell(now);
    }

    public void LocalCandidate(Instant now, string ufrag, Candidate candidate)
    {
        if (_lateOf != ufrag)
        {
            _late.Clear();
            (_lateOf, _told) = (ufrag, 0);
        }

        _late.Add(candidate);
        Tell(now);
    }

    public void EndOfLocal(Instant now, string ufrag)
    {
        negotiation.EndsLocal(ufrag);
        Tell(now);
    }

    /// <summary>What a description of the peer says about trickling; an offerer shows at once that it knows the dialog (RFC 8840 §4.3.1).</summary>
    public void Learn(Instant now, SdpIce? ice)
    {
        negotiation.PeerTrickles = ice?.Trickles == true && host.Signalling.TakesInfo(SdpFragment.Package, negotiation.Dialog);
        if (ice is not null && host.IsUp && ice.Ufrag != _trickledOf)
        {
            // The bounds are for each generation of the peer: a long call restarts often.
            _trickledOf = ice.Ufrag;
            _trickled.RemoveWhere(t => t.Ufrag != ice.Ufrag);
            _names.Clear();
        }

        if (ice is not null) AskNames(ice.Ufrag, ice.NamedCandidates);
        if (host.Direction == CallDirection.Outgoing) _mayInform = true;
        Tell(now, isGreeting: host.Direction == CallDirection.Outgoing && host.AnsweredAt is null && ice?.EndOfCandidates == false);
    }

    /// <summary>Tells all late candidates of the description that the peer has, where there is news.</summary>
    public void Tell(Instant now, bool isGreeting = false, bool isEndDue = false)
    {
        if (!negotiation.PeerTrickles || !_mayInform || !host.Signalling.IsOpen || negotiation.Local is not { } local || host.State == CallState.Ended) return;
        var ufrag = offers.IsOpen ? local.Ufrag : negotiation.ToldUfrag;
        if (ufrag.Length == 0 || ufrag != local.Ufrag) return;
        var isLate = _lateOf == ufrag && _late.Skip(_told).Any(c => c.Component == 1 || negotiation.Agreed?.Mux != true);
        var isEnd = negotiation.EndOf == ufrag && negotiation.ToldEndOf != ufrag;
        if (!isLate && !isGreeting && isEnd && !isEndDue) host.Set(CallTimer.TellEnd, now + EndWaits);
        if (!isLate && !isGreeting && (!isEnd || !isEndDue || path.Transport?.State == IceState.Completed)) return;
        if (_lateOf == ufrag) _told = _late.Count;
        if (isEnd) negotiation.ToldEnd(ufrag);
        var fragment = new SdpFragment
        {
            Ufrag = ufrag,
            Password = local.Pwd,
            Mid = negotiation.Mid,
            Candidates = _lateOf == ufrag ? [.. _late.Select(SdpCandidates.Of)] : [],
            EndOfCandidates = negotiation.EndOf == ufrag,
        };
        host.Signalling.Info(now, negotiation.Dialog, SdpFragment.Package, SdpFragment.ContentType, fragment.ToBytes());
    }

    /// <summary>Names of the local network are looked up beside everything else; what is not found in a second is left out.</summary>
    private void AskNames(string ufrag, IReadOnlyList<SdpCandidate> named)
    {
        foreach (var candidate in named)
        {
            if (!negotiation.Takes(candidate) || _names.Count >= MostNames || !_names.Add($"{ufrag} {candidate.HostName} {candidate.Component} {candidate.Address.Port}{(candidate.IsUdp ? "" : " tcp")}")) continue;
            host.Resolve(candidate.HostName!, LocalNameLimit, (now, addresses) =>
            {
                if (addresses.Count > 0) path.Transport?.AddRemote(now, ufrag, SdpCandidates.Of(candidate with { HostName = null, Address = new Address(addresses[0], candidate.Address.Port) }));
            });
        }
    }
}
