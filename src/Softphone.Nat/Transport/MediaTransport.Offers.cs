using Softphone.Core;

namespace Softphone.Nat;

/// <summary>What a call needs for its later offers and answers (RFC 8839 §4.3.4, §4.4).</summary>
public sealed partial class MediaTransport
{
    private (Address Rtp, Address? Rtcp) _remoteDefaults;
    private (Address Rtp, Address Rtcp) _toldDefaults;
    private bool _isAnswerAwaited;

    /// <summary>
    /// False while the answer to the last offer must wait: candidates are being gathered for a restart of the peer, or a pair that the
    /// peer has nominated is still being checked (RFC 8839 §4.4.2).
    /// </summary>
    public bool MayAnswer => !_isAnswerAwaited;

    /// <summary>
    /// True when nomination is over, we control, and the nominated pair is not what both descriptions show as default, with a peer that
    /// does not say ice2: its servers and it want to read the outcome in one more offer (RFC 8839 §4.3.4).
    /// </summary>
    public bool NeedsUpdatedOffer
    {
        get
        {
            if (_agent is not { Role: IceRole.Controlling, IsConcluded: true, HasIce2: false } agent) return false;
            for (var component = 1; component <= agent.Components; component++)
            {
                if (!agent.TrySelected(component, out var local, out var remote) || local.Transport != Transport.Udp) continue;
                var (ours, theirs) = component == 1 ? (_toldDefaults.Rtp, _remoteDefaults.Rtp) : (_toldDefaults.Rtcp, _remoteDefaults.Rtcp ?? remote.Address);
                if (local.Address != ours || remote.Address != theirs) return true;
            }

            return false;
        }
    }

    /// <summary>
    /// The user has taken the call, or the caller is known otherwise: checks go out without <see cref="MediaTransportOptions.SendsBeforeTrust"/>.
    /// </summary>
    public void Trust(Instant now)
    {
        _agent?.Trust(now);
        Drain(now);
    }

    private void AwaitAnswer() => _isAnswerAwaited = !_gatherer.IsReady || _agent?.IsConfirming == true;

    private void TellAnswerReady()
    {
        if (!_isAnswerAwaited || !_gatherer.IsReady || _agent?.IsConfirming == true || _phase != Phase.Open) return;
        _isAnswerAwaited = false;
        Describe();
        _described = Local;
        if (Local is not null) _events.Enqueue(new MediaTransportEvent.AnswerReady(Local));
    }

    /// <summary>The peer says which pairs it uses: our candidate of each component, and its own default address.</summary>
    private void Confirm(Instant now, RemoteMedia remote)
    {
        foreach (var item in remote.RemoteCandidates)
            if (item.Component == 1 || remote.Rtcp is not null)
                _agent!.Confirm(now, item.Component, item.Address, item.Component == 1 ? remote.Rtp : remote.Rtcp!.Value);
    }

    private void Describe()
    {
        var candidates = _gatherer.Candidates;
        if (!_isAnnounced || DefaultCandidates.Rtp(candidates) is not { } rtp) return;
        var rtcp = DefaultCandidates.Rtcp(candidates, rtp);
        Local = new LocalIce
        {
            Ufrag = _agent?.Ufrag ?? "",
            Pwd = _agent?.Pwd ?? "",
            Candidates = _agent is null ? [] : candidates,
            DefaultRtp = rtp.Address,
            DefaultRtcp = rtcp?.Address ?? default,
            Pacing = _options.Ice.Pacing,
        };
        if (_agent is { IsConcluded: true } && !_plain) DescribeNominated();
        else _toldDefaults = (Local.DefaultRtp, Local.DefaultRtcp);
    }

    /// <summary>Only what was nominated, and that as default (RFC 8839 §4.4.1.2.2).</summary>
    private void DescribeNominated()
    {
        List<Candidate> ours = [];
        List<RemoteCandidate> theirs = [];
        for (var component = 1; component <= _agent!.Components; component++)
        {
            // DEVIATION: RFC 6544 §4.5, §8.1 want the nominated TCP candidates alone, and a TCP default in the m-line, which a peer without
            // ICE-TCP could not read: over TCP the description stays as it was (IceTcpTests.Describe_AfterTcpWasNominated_ShowsAllCandidates).
            if (!_agent.TrySelected(component, out var local, out var remote) || local.Transport != Transport.Udp) return;
            ours.Add(local);
            theirs.Add(new RemoteCandidate(component, remote.Address));
        }

        Local = Local! with
        {
            Candidates = ours,
            RemoteCandidates = _agent.Role == IceRole.Controlling ? theirs : [],
            DefaultRtp = ours[0].Address,
            DefaultRtcp = ours.Count > 1 ? ours[1].Address : default,
        };
    }
}
