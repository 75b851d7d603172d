using System.Diagnostics.CodeAnalysis;
using Softphone.Core;

namespace Softphone.Nat;

/// <summary>What media and offers ask: by which path it goes, whose it is, what was nominated (RFC 8445 §12).</summary>
public sealed partial class IceAgent
{
    /// <summary>Every component has its nominated pair, in the current generation.</summary>
    public bool IsConcluded
    {
        get
        {
            for (var c = 1; c <= _used; c++)
                if (_components[c - 1].Selected?.Generation != _generation) return false;
            return true;
        }
    }

    /// <summary>The peer says ice2 (RFC 8445 §10).</summary>
    public bool HasIce2 => _generation.Remote?.HasIce2 == true;

    /// <summary>Some component has lost its nominated path, or media has none at all.</summary>
    public bool IsInTrouble
    {
        get
        {
            for (var c = 1; c <= _used; c++)
                if (_components[c - 1].TroubleSince is not null) return true;
            return _components[0].Path is null || State is IceState.Failed or IceState.Disconnected;
        }
    }

    /// <summary>What was nominated for the first component goes, or went, by a relay of ours.</summary>
    public bool IsRelayed => _components[0].Selected?.Local.Path.IsRelay == true;

    /// <summary>By which path media of the component may leave now: the selected pair, or before nomination the best valid one.</summary>
    public bool TryPath(int component, out PathId path, out Address remote)
    {
        var pair = component is 1 or 2 ? _components[component - 1].Path : null;
        path = pair?.Local.Path ?? PathId.None;
        remote = pair?.Remote.Address ?? default;
        return pair is not null;
    }

    /// <summary>
    /// True when the peer proved that it sends from there: a check of ours was answered, or an authenticated one of it arrived. Media
    /// from anywhere else is the peer's only where <see cref="Signals"/> says so.
    /// </summary>
    public bool Accepts(Instant now, PathId path, Address remote, out int component) =>
        IsProved(now, _generation, path, remote, out component) || (_previous is not null && IsProved(now, _previous, path, remote, out component));

    /// <summary>
    /// The peer's description has this candidate, in the component of our socket: whoever gives candidates may send from each of them before
    /// any check has passed, and is to be heard (RFC 8445 §12.2). What checks alone have shown, or nothing, is not enough.
    /// </summary>
    public bool Signals(PathId path, Address remote, out int component)
    {
        component = 0;
        if (_dead || _generation.Remote is null || BaseOf(path) is not { Transport: Transport.Udp } local || local.Component > _used) return false;
        component = local.Component;
        foreach (var candidate in _generation.RemoteCandidates)
            if (candidate.Address == remote && candidate.Component == component && candidate.Transport == Transport.Udp && candidate.Type != CandidateType.PeerReflexive) return true;
        return false;
    }

    /// <summary>The peer has checked us there, or we it.</summary>
    public bool HasPair(PathId path, Address remote) =>
        _generation.Checklist.Find(path, remote) is not null || _previous?.Checklist.Find(path, remote) is not null;

    /// <summary>The selected candidates of a component.</summary>
    public bool TrySelected(int component, [NotNullWhen(true)] out Candidate? local, [NotNullWhen(true)] out Candidate? remote)
    {
        var pair = component is 1 or 2 ? _components[component - 1].Selected : null;
        local = pair is null ? null : pair.Seen ?? pair.Local;
        remote = pair?.Remote;
        return pair is not null;
    }

    private bool IsProved(Instant now, Generation generation, PathId path, Address remote, out int component)
    {
        var pair = generation.Checklist.Find(path, remote);
        component = pair?.Component ?? 0;
        if (pair is null || (!pair.IsValid && pair.Received == 0)) return false;
        Listen(now, pair);
        return true;
    }
}
