using Softphone.Core;

namespace Softphone.Sip;

/// <summary>
/// By which flow an account is registered where the profile leaves that open, since a description with candidates is longer than a packet. The
/// registration goes by UDP at once, while a long request asks beside it whether the same place answers TCP; then it moves there and stays. A place that does not
/// is not asked again for ten minutes. On what the account is registered by, long messages are tested once for each network.
/// DEVIATION: RFC 3263 §4.1 has a name without SRV records mean UDP, and NAPTR's order decide; TCP at the same address and port is preferred where it
/// answers (FlowChoiceTests).
/// </summary>
internal sealed class FlowChoice(AgentCore core, Account account) : ITimed
{
    /// <summary>How long a stream that did not last is left alone.</summary>
    private static readonly TimeSpan Rest = TimeSpan.FromMinutes(10);

    /// <summary>While somebody talks the registration stays where the call knows it to be.</summary>
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(2);

    private readonly FlowMemory _tested = new();
    private LongTest? _trial;
    private LongTest? _test;
    private Flow? _answering;
    private Instant _askedAt;
    private Instant _chosenAt;
    private Instant _restUntil;
    private bool _isTold;

    /// <summary>The stream that takes the place of UDP there; null while UDP does.</summary>
    public Target? Chosen { get; private set; }

    private bool PrefersStream => account.PrefersStream;

    private bool IsRegistered => account.Registration is { IsRegistered: true };

    public bool IsChosen(in Flow flow) => Chosen is { } chosen && chosen.Address == flow.Remote && chosen.Transport == flow.Transport;

    /// <summary>A REGISTER goes there: whether the place speaks TCP is found out beside it.</summary>
    public void OnAsked(Instant now, in Flow flow)
    {
        if (flow.IsReliable || IsRegistered || !Try(now, flow)) return;
        _askedAt = now;
    }

    /// <summary>The registrar answered by this flow.</summary>
    public void OnRegistered(Instant now, in Flow flow)
    {
        if (IsChosen(flow))
        {
            if (!_isTold) core.Emit(new SipEvent.WayFound(account.Id, WayKind.StreamChosen, flow.Remote, flow.Transport, SipFaults.StreamChosen(flow)));
            _isTold = true;
            _tested.Note(now, flow);
            return;
        }

        if (Chosen is not null) GiveUp(now);
        if (flow.IsReliable || !Try(now, flow)) Test(now, flow);
        Consider(now);
    }

    /// <summary>The registration lost its flow. What was chosen and did not stand for long is not chosen again soon.</summary>
    public void OnFlowLost(Instant now, in Flow flow)
    {
        _test?.Stop();
        _test = null;
        if (!IsChosen(flow)) return;
        Chosen = null;
        // By datagrams that are cut no call comes, so even a stream that ends now and then is the better way.
        if (now - _chosenAt >= RegistrationSchedule.StableAfter || IsCut(now, flow.Remote)) return;
        _restUntil = now + Rest;
        core.Emit(new SipEvent.WayFound(account.Id, WayKind.StreamGivenUp, flow.Remote, flow.Transport, SipFaults.StreamGivenUp(flow)));
    }

    /// <summary>The registrar takes no REGISTER by the stream that was chosen.</summary>
    public void GiveUp(Instant now)
    {
        if (Chosen is not { } given) return;
        Chosen = null;
        _restUntil = now + Rest;
        core.Emit(new SipEvent.WayFound(account.Id, WayKind.StreamGivenUp, given.Address, given.Transport, SipFaults.StreamGivenUp(new Flow(default, given.Address, given.Transport))));
    }

    /// <summary>The network is another.</summary>
    public void Reset()
    {
        Stop();
        Chosen = null;
        _restUntil = default;
    }

    /// <summary>Nothing is registered any more.</summary>
    public void Stop()
    {
        _trial?.Stop();
        _test?.Stop();
        _trial = _test = null;
        _answering = null;
        core.Timers.Cancel((this, SipTimer.Choose));
    }

    public void OnTimer(Instant now, SipTimer timer) => Consider(now);

    /// <returns>False where no stream to the place is worth a trial.</returns>
    private bool Try(Instant now, in Flow flow)
    {
        if (_trial is { } running)
        {
            if (running.Flow.Remote == flow.Remote) return true;
            running.Stop();
            _trial = null;
        }

        if (_answering is { } answering)
        {
            if (answering.Remote == flow.Remote && core.Transport.Find(answering.Path) is not null) return true;
            _answering = null;
        }

        if (!PrefersStream || Chosen is not null || now < _restUntil || core.Transport.Select(Transport.Tcp, flow.Remote.Ip) is not { } stack) return false;
        var stream = new Flow(stack.Id, flow.Remote, Transport.Tcp);
        if (core.MuteStreams.Knows(now, stream)) return false;
        _trial = new LongTest(core, account, stream, OnTried);
        _trial.Start(now);
        return _trial is not null || _answering is not null;
    }

    private void OnTried(Instant now, LongTest trial, bool? passes)
    {
        if (trial != _trial) return;
        _trial = null;
        if (passes == true)
        {
            _answering = trial.Flow;
            // Whatever was silent or refused there before, such as a server that has restarted since.
            core.Targets.NoteAnswer(now, trial.Flow, null);
        }
        else
        {
            Forget(now, trial.Flow);
        }

        if (passes != true && account.Registration?.Kept is { IsReliable: false } kept) Test(now, kept);
        Consider(now);
    }

    private bool IsCut(Instant now, Address remote) =>
        core.Transport.Select(Transport.Udp, remote.Ip) is { } path && core.CutDatagrams.Knows(now, new Flow(path.Id, remote, Transport.Udp));

    private void Forget(Instant now, in Flow mute)
    {
        core.MuteStreams.Note(now, mute);
        if (!core.Transactions.IsUsed(mute)) core.Transport.End(now, mute);
    }

    /// <summary>Moves to the stream that answers, when that disturbs nobody.</summary>
    private void Consider(Instant now)
    {
        if (_answering is not { } flow || account.Registration is not { } registration) return;
        var waits = registration.IsRegistered ? core.IsTalking() : now - _askedAt < TargetPace.Patience;
        if (waits)
        {
            core.Timers.Set((this, SipTimer.Choose), registration.IsRegistered ? now + LookAgain : _askedAt + TargetPace.Patience);
            return;
        }

        _answering = null;
        Chosen = new Target(flow.Transport, flow.Remote);
        _chosenAt = now;
        _isTold = false;
        registration.Move(now);
    }

    private void Test(Instant now, in Flow flow)
    {
        if (_tested.Knows(now, flow) || _test is not null) return;
        _tested.Note(now, flow);
        _test = new LongTest(core, account, flow, OnTested);
        _test.Start(now);
    }

    private void OnTested(Instant now, LongTest test, bool? passes)
    {
        if (test != _test) return;
        _test = null;
        var flow = test.Flow;
        if (passes != false || flow.IsReliable) return;
        core.CutDatagrams.Note(now, flow);
        core.Emit(new SipEvent.WayFound(account.Id, WayKind.DatagramsCut, flow.Remote, flow.Transport, SipFaults.DatagramsCut(flow, account.Settings.Transport is null)));
        _restUntil = default;
        Try(now, flow);
    }
}
