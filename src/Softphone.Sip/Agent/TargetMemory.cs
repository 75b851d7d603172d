using Softphone.Core;

namespace Softphone.Sip;

/// <summary>
/// What requests have learnt of the ways to servers, for those that follow: which places did not answer, and by which address family those of
/// both were reached (RFC 8305 §4). It holds for one network: whoever moves to another forgets it.
/// </summary>
internal sealed class TargetMemory
{
    private const int Most = 64;

    private static readonly TimeSpan KeepFor = TimeSpan.FromMinutes(10);

    private readonly Dictionary<(PathId Path, Address Place), Silence> _silent = [];
    private readonly Dictionary<(PathId Path, Address Place), Answering> _answering = [];
    private (bool IsV4, Instant Until)? _family;

    /// <summary>Whether IPv4 is the family that works; null while neither is known to.</summary>
    public bool? PrefersV4(Instant now) => _family is { } family && now < family.Until ? family.IsV4 : null;

    public void Prefer(Instant now, IpAddress reached) => _family = (reached.IsV4, now + KeepFor);

    /// <summary>It is tried after the others.</summary>
    public bool IsSilent(Instant now, PathId path, Address place) => _silent.TryGetValue((path, place), out var silence) && now < silence.Until;

    public void NoteSilence(Instant now, in Flow flow)
    {
        _answering.Remove((flow.Path, flow.Remote));
        var isTold = _silent.TryGetValue((flow.Path, flow.Remote), out var known) && known.IsTold;
        if (_silent.Count >= Most && known.Until == default) _silent.Remove(_silent.MinBy(pair => pair.Value.Until.Nanoseconds).Key);
        _silent[(flow.Path, flow.Remote)] = new Silence(now + KeepFor, isTold);
    }

    /// <param name="now">The time.</param>
    /// <param name="flow">The way to it.</param>
    /// <param name="took">How long it took; null where that was not its own doing.</param>
    public void NoteAnswer(Instant now, in Flow flow, TimeSpan? took)
    {
        var before = _answering.GetValueOrDefault((flow.Path, flow.Remote)).Took;
        _silent.Remove((flow.Path, flow.Remote));
        if (_answering.Count >= Most && !_answering.ContainsKey((flow.Path, flow.Remote))) _answering.Remove(_answering.MinBy(pair => pair.Value.Until.Nanoseconds).Key);
        _answering[(flow.Path, flow.Remote)] = new Answering(now + KeepFor, took ?? before);
    }

    /// <summary>It has answered lately, and was not silent since.</summary>
    public bool IsAnswering(Instant now, in Flow flow) => _answering.TryGetValue((flow.Path, flow.Remote), out var answering) && now < answering.Until;

    /// <summary>How long it took when it answered last; zero where that is not known.</summary>
    public TimeSpan Took(in Flow flow) => _answering.GetValueOrDefault((flow.Path, flow.Remote)).Took;

    /// <summary>Whether its silence is news, once until it answers.</summary>
    public bool IsNews(in Flow flow)
    {
        if (!_silent.TryGetValue((flow.Path, flow.Remote), out var silence) || silence.IsTold) return false;
        _silent[(flow.Path, flow.Remote)] = silence with { IsTold = true };
        return true;
    }

    /// <summary>The family that worked may not any more.</summary>
    public void DoubtFamily() => _family = null;

    public void Forget()
    {
        _silent.Clear();
        _answering.Clear();
        _family = null;
    }

    private readonly record struct Silence(Instant Until, bool IsTold);

    private readonly record struct Answering(Instant Until, TimeSpan Took);
}
