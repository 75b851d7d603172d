using Softphone.Core;

namespace Softphone.Sip;

/// <summary>
/// Flows of which one thing was seen. It holds for a while and for one network, since another one has other paths of ours; then it is found out anew.
/// </summary>
internal sealed class FlowMemory
{
    private const int Most = 64;

    private static readonly TimeSpan KeepFor = TimeSpan.FromMinutes(10);

    private readonly Dictionary<(PathId Path, Address Server), Instant> _until = [];

    public void Note(Instant now, in Flow flow)
    {
        if (_until.Count >= Most && !_until.ContainsKey((flow.Path, flow.Remote))) _until.Remove(_until.MinBy(pair => pair.Value.Nanoseconds).Key);
        _until[(flow.Path, flow.Remote)] = now + KeepFor;
    }

    public bool Knows(Instant now, in Flow flow) => _until.TryGetValue((flow.Path, flow.Remote), out var until) && now < until;
}
