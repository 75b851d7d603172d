using Softphone.Core;

namespace Softphone.Sip;

/// <summary>
/// Servers whose TCP port did not answer when a long request tried it (RFC 3261 §18.1.1): the next one does not wait for it again. They are
/// asked anew after a while, and at once by another path of ours.
/// </summary>
internal sealed class MuteStreams
{
    private const int Most = 64;

    private static readonly TimeSpan Memory = TimeSpan.FromMinutes(10);

    private readonly Dictionary<(PathId Path, Address Server), Instant> _until = [];

    public void Note(Instant now, in Flow flow)
    {
        if (_until.Count >= Most && !_until.ContainsKey((flow.Path, flow.Remote))) _until.Remove(_until.MinBy(pair => pair.Value.Nanoseconds).Key);
        _until[(flow.Path, flow.Remote)] = now + Memory;
    }

    public bool Knows(Instant now, in Flow flow) => _until.TryGetValue((flow.Path, flow.Remote), out var until) && now < until;
}
