using Softphone.Core;

namespace Softphone.Nat;

/// <summary>Several peers answer one offer: an agent for each, with the same credentials and candidates of ours (RFC 8839 §7.3).</summary>
public sealed partial class IceAgent
{
    private const int FirstPairOfAFork = 1000;

    /// <summary>
    /// An offer of ours is out that may come to several peers: a check that names another one than ours is answered, for our password
    /// vouches for it, and kept for the agent of that peer.
    /// </summary>
    public bool MayFork { get; set; }

    /// <summary>Other peers answered our offer too, and were not chosen: their consent is taken back (RFC 7675 §5.2).</summary>
    public bool RefusesOthers { get; set; }

    /// <summary>An agent for another peer that answers the same offer.</summary>
    public IceAgent Fork(Instant now, int number, string ufrag)
    {
        var fork = new IceAgent(IceRole.Controlling, _options, _entropy, _trace, _source, _pacer)
        {
            MayFork = MayFork,
            _pairs = number * FirstPairOfAFork,
            _endOfLocal = _endOfLocal,
            _isHeard = true,
        };
        fork._generation.Close();
        fork._generation = _generation.Successor();
        foreach (var local in _local)
            if (local.Type != CandidateType.PeerReflexive) fork.AddLocal(now, local);
        foreach (var early in _generation.Foreign)
            if (early.Ufrag == ufrag) fork._generation.Early.Add(early.Check);
        return fork;
    }

    /// <summary>An answer to a check of ours, or a check of our peer by the name it gave.</summary>
    public bool Knows(in Datagram datagram)
    {
        if (!StunReader.TryParse(datagram.Payload, out var message, out _)) return false;
        if (message.Class is StunClass.Success or StunClass.Error) return _checks.ContainsKey(message.TransactionId);
        return message.TryGetUsername(out var username) && username.StartsWith(_generation.LocalPrefix) && !IsForeign(_generation, username);
    }

    /// <summary>The part of the name after the colon is another peer's.</summary>
    private static bool IsForeign(Generation generation, ReadOnlySpan<byte> username)
    {
        if (generation.Remote is not { } remote) return false;
        var theirs = username[generation.LocalPrefix.Length..];
        if (theirs.Length != remote.Ufrag.Length) return true;
        for (var i = 0; i < theirs.Length; i++)
            if (theirs[i] != remote.Ufrag[i]) return true;
        return false;
    }

    private static void Remember(Generation generation, string ufrag, Generation.EarlyCheck check)
    {
        var at = generation.Foreign.FindIndex(f => f.Ufrag == ufrag && f.Check.Base.Path == check.Base.Path && f.Check.Remote == check.Remote);
        if (at >= 0) generation.Foreign[at] = (ufrag, check with { UseCandidate = check.UseCandidate || generation.Foreign[at].Check.UseCandidate });
        else if (generation.Foreign.Count < MostEarlyChecks) generation.Foreign.Add((ufrag, check));
    }
}
