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
internal sealed partial class Call
{
    private const int MostNames = 16;
    private const int MostTrickled = 128;

    // A caller that trickles is answered with what came by then; waiting for a slow server would only make it ring later.
    private static readonly TimeSpan TricklingBudget = TimeSpan.FromMilliseconds(150);
    private static readonly TimeSpan TricklingGrace = TimeSpan.FromMilliseconds(50);

    private static readonly TimeSpan LocalNameLimit = TimeSpan.FromSeconds(1);

    // That nothing more comes is news only to checks that have found no path by then.
    private static readonly TimeSpan EndWaits = TimeSpan.FromMilliseconds(500);

    private readonly List<Candidate> _late = [];
    private readonly HashSet<(string Ufrag, int Component, Address Address, bool IsUdp)> _trickled = [];
    private readonly HashSet<string> _names = [];
    private string _trickledOf = "";
    private string _lateOf = "";
    private string _endOf = "";
    private string _toldEndOf = "";
    private bool _peerTrickles;
    private bool _mayInform;
    private int _told;

    /// <summary>The remote tag of the dialog that the peer's description came in; empty for the one that stays.</summary>
    private string InfoDialog => Direction == CallDirection.Outgoing ? _answeredDialog : "";

    private bool CallerTrickles =>
        Direction == CallDirection.Incoming && _session.IsOpen && _received?.Audio is { } audio && _received.IceOf(audio)?.Trickles == true
        && _session.TakesInfo(SdpFragment.Package);

    /// <summary>
    /// An INFO came. One of the package shows that the peer knows the dialog, and has perhaps more candidates; one without any may be a
    /// key.
    /// </summary>
    public void OnInfo(Instant now, SipEvent.InfoReceived info)
    {
        if (info.Package.Length == 0 && IsUp && KeyByInfo.TryParse(info.ContentType, info.Body.Span, out var key)) _keys.Hear(now, key.Key, key.DurationMs, "info");
        if (info.Package != SdpFragment.Package || _transport is null) return;
        _mayInform = true;
        if (Direction == CallDirection.Incoming && State == CallState.Ringing) _session.StopProgressRetransmission();
        if (info.ContentType.StartsWith(SdpFragment.ContentType, StringComparison.OrdinalIgnoreCase) && SdpFragment.TryParse(info.Body.Span, out var fragment, out _))
        {
            foreach (var candidate in fragment.Candidates)
                if (Takes(candidate) && _trickled.Count < MostTrickled && _trickled.Add((fragment.Ufrag, candidate.Component, candidate.Address, candidate.IsUdp))) _transport.AddRemote(now, fragment.Ufrag, FromSdp(candidate));
            AskNames(fragment.Ufrag, fragment.NamedCandidates);
            if (fragment.EndOfCandidates && _names.Count == 0) _transport.EndOfRemote(now, fragment.Ufrag);
        }

        TellLate(now);
    }

    /// <summary>A peer that refuses our INFO is told by offers.</summary>
    public void OnInfoAnswered(Instant now, SipEvent.InfoAnswered answered)
    {
        if (answered.Package.Length == 0) _keys.Answered(now, answered.Status);
        if (answered.Package == SdpFragment.Package && answered.Status >= 300) _peerTrickles = false;
    }

    private void OnLocalCandidate(Instant now, string ufrag, Candidate candidate)
    {
        if (_lateOf != ufrag)
        {
            _late.Clear();
            (_lateOf, _told) = (ufrag, 0);
        }

        _late.Add(candidate);
        TellLate(now);
    }

    private void OnEndOfLocal(Instant now, string ufrag)
    {
        _endOf = ufrag;
        TellLate(now);
    }

    /// <summary>What a description of the peer says about trickling; an offerer shows at once that it knows the dialog (RFC 8840 §4.3.1).</summary>
    private void LearnTrickle(Instant now, SdpIce? ice)
    {
        _peerTrickles = ice?.Trickles == true && _session.IsOpen && _session.TakesInfo(SdpFragment.Package, InfoDialog);
        if (ice is not null && IsUp && ice.Ufrag != _trickledOf)
        {
            // The bounds are for each generation of the peer: a long call restarts often.
            _trickledOf = ice.Ufrag;
            _trickled.RemoveWhere(t => t.Ufrag != ice.Ufrag);
            _names.Clear();
        }

        if (ice is not null) AskNames(ice.Ufrag, ice.NamedCandidates);
        if (Direction == CallDirection.Outgoing) _mayInform = true;
        TellLate(now, isGreeting: Direction == CallDirection.Outgoing && _answeredAt is null && ice?.EndOfCandidates == false);
    }

    /// <summary>Tells all late candidates of the description that the peer has, where there is news.</summary>
    private void TellLate(Instant now, bool isGreeting = false, bool isEndDue = false)
    {
        if (!_peerTrickles || !_mayInform || !_session.IsOpen || _local is not { } local || State == CallState.Ended) return;
        var ufrag = _isOfferOpen ? local.Ufrag : _toldUfrag;
        if (ufrag.Length == 0 || ufrag != local.Ufrag) return;
        var isLate = _lateOf == ufrag && _late.Skip(_told).Any(c => c.Component == 1 || _agreed?.Mux != true);
        var isEnd = _endOf == ufrag && _toldEndOf != ufrag;
        if (!isLate && !isGreeting && isEnd && !isEndDue) Set(CallTimer.TellEnd, now + EndWaits);
        if (!isLate && !isGreeting && (!isEnd || !isEndDue || _transport?.State == IceState.Completed)) return;
        if (_lateOf == ufrag) _told = _late.Count;
        if (isEnd) _toldEndOf = ufrag;
        var fragment = new SdpFragment
        {
            Ufrag = ufrag,
            Password = local.Pwd,
            Mid = _mid ?? "",
            Candidates = _lateOf == ufrag ? [.. _late.Select(ToSdp)] : [],
            EndOfCandidates = _endOf == ufrag,
        };
        _session.Info(now, InfoDialog, SdpFragment.Package, SdpFragment.ContentType, fragment.ToBytes());
    }

    /// <summary>Names of the local network are looked up beside everything else; what is not found in a second is left out.</summary>
    private void AskNames(string ufrag, IReadOnlyList<SdpCandidate> named)
    {
        foreach (var candidate in named)
        {
            if (!Takes(candidate) || _names.Count >= MostNames || !_names.Add($"{ufrag} {candidate.HostName} {candidate.Component} {candidate.Address.Port}{(candidate.IsUdp ? "" : " tcp")}")) continue;
            _phone.ResolvePeer(candidate.HostName!, Id, LocalNameLimit, (now, addresses) =>
            {
                if (addresses.Count > 0) _transport?.AddRemote(now, ufrag, FromSdp(candidate with { HostName = null, Address = new Address(addresses[0], candidate.Address.Port) }));
            });
        }
    }
}
