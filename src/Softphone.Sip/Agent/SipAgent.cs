using System.Diagnostics.CodeAnalysis;
using Softphone.Core;

namespace Softphone.Sip;

/// <summary>
/// A whole SIP user agent core as one pure machine: transports, transactions, digest, registration, dialogs and INVITE sessions
/// (RFC 3261 with RFC 6026, 3581, 3263, and 3311 as server). Its owner drains transmits, DNS questions and events after each
/// input. A verb for a session or account that is no more is ignored, since the other side may have been faster.
/// </summary>
public sealed partial class SipAgent : IMachine<SipEvent>
{
    private readonly AgentCore _core;
    private readonly SessionTable _sessions = new();
    private readonly Intake _intake;
    private bool _isShuttingDown;
    private Instant _shutdownEnd;

    /// <param name="options">Presentation, timers and bounds.</param>
    /// <param name="entropy">For tags, branches, Call-IDs, client nonces and jitter.</param>
    /// <param name="trace">Where <see cref="SipTrace"/> entries go.</param>
    public SipAgent(SipAgentOptions options, IEntropy entropy, Trace trace)
    {
        var gate = new Gate(this);
        _core = new AgentCore(options, entropy, trace, gate) { IsTalking = () => _sessions.Count > 0 };
        _intake = new Intake(_core, _sessions);
    }

    public Instant? NextTimeout => Instant.Earlier(_core.NextTimeout, _isShuttingDown && !IsQuiet ? _shutdownEnd : null);

    /// <summary>True when nothing is registered, no session is up, and no request of ours waits: the agent may be dropped.</summary>
    public bool IsIdle => IsQuiet && _core.Accounts.Values.All(account => account.Registration is not { IsIdle: false });

    private bool IsQuiet => _sessions.Count == 0 && _sessions.DialogCount == 0 && _core.Exchanges.Count == 0 && _core.Farewells.Count == 0;

    /// <summary>
    /// Lends the agent a local UDP socket, or a TCP or TLS stack. Bound port 0: a stack that does not listen; where its connections leave from is
    /// told by <see cref="SipAgentOptions.ConnectsFrom"/>, else the first request names no port, and the registrar has to tell.
    /// </summary>
    /// <param name="path">The socket or stack.</param>
    /// <param name="transport">What it speaks.</param>
    /// <param name="bound">Where it is bound.</param>
    /// <param name="now">The time; need not be told before anything was asked of the agent.</param>
    public void AddPath(PathId path, Transport transport, Address bound, Instant now = default)
    {
        _core.Transport.AddPath(new LocalPath(path, transport, bound));
        _core.Targets.Forget();
        foreach (var account in _core.Accounts.Values) account.Registration?.TryNow(now);
        foreach (var farewell in _core.Farewells) farewell.TryNow(now);
    }

    /// <summary>
    /// The path is gone: requests on it are sent again by another path, or fail once; registrations move to another path at once.
    /// </summary>
    /// <param name="now">The time.</param>
    /// <param name="path">The path.</param>
    /// <param name="successor">The path that took its place, by which what is still to be answered is answered; none by default.</param>
    public void RemovePath(Instant now, PathId path, PathId successor = default)
    {
        _core.Transport.RemovePath(now, path);
        _core.Targets.Forget();
        _core.Transactions.Fail(now, path, successor);
        MissFlows(now);
        foreach (var account in _core.Accounts.Values) account.Registration?.OnPathRemoved(now, path);
    }

    /// <summary>
    /// Another path is better now: new requests go by others and registrations move at once, while what the peers still send to the old
    /// path is taken and answered there until <see cref="RemovePath"/>.
    /// </summary>
    public void RetirePath(Instant now, PathId path)
    {
        _core.Transport.Retire(path);
        _core.Targets.Forget();
        foreach (var account in _core.Accounts.Values) account.Registration?.OnPathRemoved(now, path);
    }

    /// <summary>Lends the agent a path for <see cref="Probe"/> alone; <see cref="RemovePath"/> takes it back.</summary>
    public void AddAside(PathId path, Transport transport, Address bound) => _core.Transport.AddAside(new LocalPath(path, transport, bound));

    /// <summary>Asks the server of an account by a path of <see cref="AddAside"/> whether it is reached that way; ProbeAnswered follows, or nothing.</summary>
    public void Probe(Instant now, PathId path, AccountId account)
    {
        if (!_core.Accounts.TryGetValue(account, out var asking) || asking.Registration?.Place is not { } place) return;
        _core.Probe.Ask(now, new Flow(path, place.Remote, place.Transport), asking);
    }

    /// <summary>Where the registrar of an account was asked last, and when it was heard; null when it was never asked.</summary>
    public RegistrarSeen? RegistrarOf(AccountId account) =>
        _core.Accounts.TryGetValue(account, out var found) && found.Registration is { Place: { } place } registration
            ? new RegistrarSeen(place.Path, place.Remote, place.Transport, registration.HeardAt) : null;

    /// <summary>Whether a request on this path waits for its final response.</summary>
    public bool IsInUse(PathId path) => _core.Transactions.IsUsed(path);

    /// <summary>
    /// Makes every binding again now, since NATs on the way may have forgotten us; connections on which nothing is under way are opened
    /// anew for the same reason.
    /// </summary>
    public void RenewBindings(Instant now)
    {
        _core.Transport.CloseStreams(_core.Transactions.IsUsed);
        MissFlows(now);
        _core.Targets.DoubtFamily();
        foreach (var account in _core.Accounts.Values) account.Registration?.Renew(now);
    }

    /// <summary>The network is back or another: registrations that wait for a retry try at once (RFC 5626 §4.5).</summary>
    public void NetworkUp(Instant now)
    {
        _core.Targets.Forget();
        foreach (var account in _core.Accounts.Values) account.Registration?.TryNow(now);
    }

    /// <summary>
    /// The machine slept: connections and NAT bindings of before are not to be relied on. Streams are opened anew, and every binding is
    /// made again at once; what waited for an answer on such a stream and is not asked anew has failed.
    /// </summary>
    public void Woke(Instant now)
    {
        var waiting = _core.Transactions.OnStreams();
        _core.Transport.CloseStreams(_ => false);
        MissFlows(now);
        RenewBindings(now);
        _core.Transactions.Fail(now, waiting, new FlowFailure(PathError.Closed, StreamFault.Slept));
    }

    private void MissFlows(Instant now)
    {
        foreach (var session in _sessions.Running) session.OnStreamsEnded(now);
    }

    /// <summary>Takes the next DNS question; false when there is none.</summary>
    public bool TryQuery(out NameQuery query) => _core.Resolver.TryQuery(out query);

    /// <summary>Brings the answer to one of them.</summary>
    public void Answer(Instant now, NameAnswer answer)
    {
        try
        {
            _core.Resolver.Answer(now, answer);
        }
        catch (Exception e)
        {
            // Whoever asked gives up by its own timer.
            _core.Barrier.Broke(now, null, "an answer of DNS", e);
        }
    }

    public void Receive(in Datagram datagram) => _core.Transport.Receive(datagram);

    public void Fail(in PathFailure failure)
    {
        _core.FailingFor = failure.Why;
        _core.Transport.Fail(failure);
        _core.FailingFor = null;
    }

    public void Advance(Instant now)
    {
        _core.Advance(now);
        if (_isShuttingDown && now >= _shutdownEnd) AbortAll();
    }

    public bool TryTransmit(Span<byte> buffer, out Transmit transmit) => _core.Transport.TryTransmit(buffer, out transmit);

    public void Sent(Instant now) => _core.Sent(now);

    public bool TryEvent([NotNullWhen(true)] out SipEvent? happened) => _core.TryEvent(out happened);

    /// <summary>Hangs up every session and removes every binding. <see cref="IsIdle"/> is true when done, within the shutdown limit.</summary>
    public void Shutdown(Instant now)
    {
        if (_isShuttingDown) return;
        _isShuttingDown = true;
        _shutdownEnd = now + _core.Options.ShutdownLimit;
        foreach (var session in _sessions.All) session.Hangup(now, null);
        foreach (var account in _core.Accounts.Values)
            if (account.Registration is { IsIdle: false } registration) registration.Unregister(now);
    }

    private void AbortAll()
    {
        foreach (var exchange in _core.Exchanges.ToList()) exchange.Abort();
        foreach (var farewell in _core.Farewells.ToList()) farewell.Abort();
        foreach (var referral in _core.Referrals.Values.ToList()) referral.Abort();
        _sessions.Clear();
        foreach (var account in _core.Accounts.Values)
        {
            account.Messages?.Abort();
            account.Registration?.Abort();
        }
    }

    /// <summary>Keeps the transport's callbacks out of the public surface.</summary>
    private sealed class Gate(SipAgent agent) : ITransportUser
    {
        public bool IsWelcome(Instant now, in Flow flow, ReadOnlySpan<byte> datagram) => agent._intake.IsWelcome(now, flow, datagram);

        public void OnRequest(Instant now, in Flow flow, SipRequest request)
        {
            try
            {
                agent._intake.OnRequest(now, flow, request);
            }
            catch (Exception e)
            {
                agent._intake.OnBroke(now, flow, request, e);
            }
        }

        public void OnResponse(Instant now, in Flow flow, SipResponse response)
        {
            try
            {
                agent._intake.OnResponse(now, flow, response);
            }
            catch (Exception e)
            {
                agent._core.Barrier.Broke(now, null, $"a response {response.Status}", e);
            }
        }

        public void OnBroken(Instant now, in Flow flow, SipStreamItem.Broken broken) => agent._intake.OnBroken(now, flow, broken);

        public void OnFlowFailed(Instant now, in Flow flow, FlowFailure failure)
        {
            if (flow.IsReliable) agent.MissFlows(now);
            agent._core.Transactions.Fail(now, flow, failure);
            foreach (var account in agent._core.Accounts.Values)
                if (flow.IsReliable) account.Registration?.OnFlowFailed(now, flow, failure);
        }

        public void OnProbeDue(Instant now, in Flow flow)
        {
            foreach (var account in agent._core.Accounts.Values)
            {
                if (account.Registration?.Kept != flow) continue;
                agent._core.Probe.Ask(now, flow, account);
                return;
            }

            foreach (var session in agent._sessions.Running)
            {
                if (!session.Holds(flow) || session.Account is not { } account) continue;
                agent._core.Probe.Ask(now, flow, account);
                return;
            }
        }

        public void OnMapped(Instant now, in Flow flow, Address was, Address mapped)
        {
            foreach (var account in agent._core.Accounts.Values) account.Registration?.OnMapped(now, flow, was, mapped);
        }

        public void OnFaint(Instant now, in Flow flow, Instant since)
        {
            foreach (var account in agent._core.Accounts.Values)
            {
                if (account.Registration?.Kept != flow) continue;
                agent._core.Emit(new SipEvent.ServerFaint(account.Id, since));
                return;
            }
        }

        public void OnLate(Instant now, in Flow flow)
        {
            foreach (var account in agent._core.Accounts.Values) account.Registration?.OnLate(now, flow);
        }

        public void OnDoubted(Instant now, in Flow flow, PathError error, Instant since)
        {
            agent._core.Targets.DoubtFamily();
            if (flow.IsReliable) agent._core.Transport.EndIfSilent(now, flow, since);
            else foreach (var account in agent._core.Accounts.Values) account.Registration?.OnDoubted(now, flow, error);
        }
    }
}
