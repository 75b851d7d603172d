using Softphone.Core;

namespace Softphone.Nat;

/// <summary>
/// The controlling peer's offer names the pairs it uses (a=remote-candidates, RFC 8839 §4.4.2). Where our check of such a pair is still
/// under way, the "losing pair" of the race between signalling and checks, the answer waits for it.
/// </summary>
public sealed partial class IceAgent
{
    private readonly List<Pair> _confirming = [];

    /// <summary>Some pair that the peer's offer names is still being checked.</summary>
    public bool IsConfirming => _confirming.Count > 0;

    /// <summary>The peer says that it uses this candidate of ours with that one of its own.</summary>
    public void Confirm(Instant now, int component, Address local, Address remote)
    {
        if (_dead || Role != IceRole.Controlled || component > _used || component < 1) return;
        if (_components[component - 1].Selected?.Generation == _generation) return;
        foreach (var pair in _generation.Checklist.Pairs)
        {
            if (pair.Component != component || pair.Remote.Address != remote || !IsAt(pair, local)) continue;
            pair.IsWanted = true;
            if (pair.State == PairState.Succeeded) Select(now, pair, "the peer's offer names it");
            else if (pair.State != PairState.Failed) _confirming.Add(pair);
            else AskForRestart($"the peer uses {remote}, which our checks could not reach");
            break;
        }

        Settle(now);
    }

    private bool IsAt(Pair pair, Address local)
    {
        if (pair.Local.Address == local || pair.Seen?.Address == local) return true;
        foreach (var candidate in _local)
            if (candidate.Address == local && candidate.Path == pair.Local.Path) return true;
        return false;
    }

    private void JudgeAnswer()
    {
        if (_confirming.Count == 0) return;
        for (var i = _confirming.Count - 1; i >= 0; i--)
        {
            var pair = _confirming[i];
            if (pair.Generation == _generation && pair.IsUnresolved && !pair.IsValid) continue;
            _confirming.RemoveAt(i);
            if (pair.State == PairState.Failed) AskForRestart($"the peer uses {pair.Remote.Address}, which our checks could not reach");
        }

        if (_confirming.Count == 0) _events.Enqueue(new IceEvent.AnswerReady());
    }
}
