using Softphone.Core;

namespace Softphone.Nat;

/// <summary>
/// One offer, several answers: each phone that a proxy forked the INVITE to has credentials of its own, and gets an agent of its own on our
/// sockets, with the credentials of our offer (RFC 8839 §7.3). All run their checks; media goes by that of the last answer given to
/// <see cref="SetRemote"/>, and one that answers again finds its checks done. <see cref="Choose"/> ends the others.
/// </summary>
public sealed partial class MediaTransport
{
    private const int MostForks = 8;
    private readonly List<Fork> _forks = [];
    private bool _mayFork;
    private bool _isFreeing;

    /// <summary>The call is answered for good by the peer of the last <see cref="SetRemote"/>: other branches of a fork are left alone.</summary>
    public void Choose(Instant now)
    {
        _mayFork = false;
        if (_agent is not null)
        {
            _agent.MayFork = false;
            _agent.RefusesOthers |= _forks.Count > 0;
            // What is hopeless with this peer need not wait for another any more.
            _agent.Advance(now);
        }

        LeaveForks();
        if (_isFreeing && _agent is not null) FreeRelays(now);
        _isFreeing = false;
        Drain(now);
    }

    /// <summary>An answer of another peer than the last one: its agent takes the place of the current one, which goes on beside it.</summary>
    private void TurnTo(Instant now, string ufrag)
    {
        var known = _forks.Find(f => f.Ufrag == ufrag);
        if (known is null && (!_mayFork || _forks.Count == MostForks))
        {
            _agent!.ReplacePeer(now);
            return;
        }

        _forks.Add(new Fork(_remoteUfrag!, _agent!));
        if (known is null)
        {
            _agent = _agent!.Fork(now, _forks.Count, ufrag);
            return;
        }

        _forks.Remove(known);
        _agent = known.Agent;
        while (known.Held.TryDequeue(out var happened)) On(now, happened);
        for (var component = 1; component <= 2; component++)
            if (_agent.TryPath(component, out var path, out var remote)) _events.Enqueue(new MediaTransportEvent.PathUsable(component, remote, path.IsRelay));
    }

    private void LeaveForks()
    {
        foreach (var fork in _forks) fork.Agent.Close();
        _forks.Clear();
    }

    /// <summary>The agent that a check or an answer is for; the current one where its credentials are nobody's.</summary>
    private void HandToAgent(in Datagram datagram)
    {
        if (_forks.Count > 0 && _agent?.Knows(datagram) == false)
        {
            foreach (var fork in _forks)
            {
                if (!fork.Agent.Knows(datagram)) continue;
                fork.Agent.Receive(datagram);
                return;
            }
        }

        if (_agent is not { } agent) _drops.Note(DropLedger.Reason.StrayStun, datagram.Remote);
        else if (!agent.Take(datagram)) _drops.Note(DropLedger.Reason.UnreadStun, datagram.Remote);
    }

    private void DrainForks(Instant now)
    {
        foreach (var fork in _forks)
        {
            DrainTold(fork.Agent);
            while (fork.Agent.TryEvent(out var happened))
            {
                if (happened is IceEvent.PermissionWanted wanted) _gatherer.Find(wanted.Relay)?.Client.Permit(now, wanted.Peer);
                else if (happened is IceEvent.CandidatesFreed) _isFreeing = true;
                else if (happened is IceEvent.StateChanged or IceEvent.Selected) fork.Held.Enqueue(happened);
            }

            DrainChecks(now, fork.Agent);
        }
    }

    private sealed class Fork(string ufrag, IceAgent agent)
    {
        public string Ufrag { get; } = ufrag;

        public IceAgent Agent { get; } = agent;

        /// <summary>What happened to it while another one was current.</summary>
        public Queue<IceEvent> Held { get; } = [];
    }
}
