using Softphone.Core;

namespace Softphone.Sip;

/// <summary>
/// The flow by which our server reaches us in a call, a connection only where we opened it: a proxy knows no other way to who is behind a NAT, whatever
/// our Contact says. It may be another than that of the registration, which nobody would miss: so it is kept alive too (RFC 5626 §3.5, §4.4).
/// </summary>
internal sealed class CallFlow(AgentCore core)
{
    /// <summary>A server that ends its connections time after time wants it so, and is not told each time.</summary>
    private const int MostDrops = 3;

    private KeptFlow? _kept;
    private Instant _since;
    private int _drops;

    /// <summary>It has ended, and the server was not yet reached by another.</summary>
    public bool IsLost { get; private set; }

    public bool Holds(in Flow flow) => _kept?.Flow == flow;

    /// <summary>A request that shows where we are was answered by this flow.</summary>
    public void Use(Instant now, in Flow flow)
    {
        IsLost = false;
        if (_kept is { IsForgotten: false } && _kept.Flow == flow) return;
        Release();
        if (flow.IsReliable && !core.Transport.IsOurs(flow)) return;
        _since = now;
        core.Transport.Keeper.Keep(now, flow, null, out _kept);
    }

    /// <summary>Looks whether the flow is still there.</summary>
    /// <returns>The one that is not, where that matters.</returns>
    public Flow? Miss(Instant now)
    {
        if (_kept is not { IsForgotten: true, Flow: var flow }) return null;
        _kept = null;
        _drops = now - _since < RegistrationSchedule.StableAfter ? _drops + 1 : 0;
        IsLost = _drops <= MostDrops;
        return IsLost ? flow : null;
    }

    public void Release()
    {
        if (_kept is { } kept) core.Transport.Keeper.Release(kept);
        _kept = null;
    }
}
