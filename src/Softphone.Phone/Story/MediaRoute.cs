using Softphone.Nat;

namespace Softphone.Phone;

/// <summary>The way that media takes.</summary>
public abstract record MediaRoute
{
    private MediaRoute()
    {
    }

    /// <summary>The pair that ICE selected.</summary>
    public sealed record Pair(Candidate Local, Candidate Remote) : MediaRoute
    {
        public bool IsRelayed => Local.IsThroughRelay || Remote.IsThroughRelay;
    }

    /// <summary>Plain RTP; with null nothing is known of it yet.</summary>
    public sealed record Plain(PlainMedia? Media) : MediaRoute;
}
