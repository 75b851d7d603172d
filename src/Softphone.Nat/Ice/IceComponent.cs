using Softphone.Core;

namespace Softphone.Nat;

/// <summary>What carries the media of one component, and how well it does.</summary>
internal sealed class IceComponent
{
    /// <summary>Nominated.</summary>
    public Pair? Selected { get; set; }

    public Instant SelectedAt { get; set; }

    /// <summary>What media uses now: <see cref="Selected"/>; the best valid pair before there is one, and while it is in trouble.</summary>
    public Pair? Path { get; set; }

    /// <summary>Nothing may be sent on <see cref="Selected"/> any more: consent ran out or was taken back, or its interface is gone.</summary>
    public bool IsLost { get; set; }

    /// <summary>When <see cref="Selected"/> was first not answered.</summary>
    public Instant? TroubleSince { get; set; }

    /// <summary>Pairs proved since then may stand in for it.</summary>
    public Instant FreshFrom { get; set; }

    /// <summary>Consent checks in a row without an answer.</summary>
    public int Missed { get; set; }

    /// <summary>When <see cref="Selected"/> was last checked out of turn.</summary>
    public Instant? SuspectedAt { get; set; }

    /// <summary>A restart was asked for.</summary>
    public bool IsGivenUp { get; set; }

    public Check? Consent { get; set; }

    public void Take(Instant now, Pair pair)
    {
        Selected = pair;
        SelectedAt = now;
        Recover();
    }

    public void Recover()
    {
        IsLost = IsGivenUp = false;
        TroubleSince = null;
        Missed = 0;
    }

    public void Forget()
    {
        Selected = Path = null;
        Recover();
    }
}
