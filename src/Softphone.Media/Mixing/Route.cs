namespace Softphone.Media;

/// <summary>Somebody hears somebody: a place in the talker's voice and a switch that does not click.</summary>
internal sealed class Route
{
    private Follower _follower;
    private Fade _fade;

    public Route(Voice from)
    {
        From = from;
        _follower = new Follower(from);
    }

    public Voice From { get; }

    /// <summary>Whether the talker is heard; fades within the next frame.</summary>
    public bool IsOpen
    {
        get => _fade.IsOn;
        set
        {
            if (value && _fade.IsSilent) _follower.Join();
            _fade.IsOn = value;
        }
    }

    /// <summary>The talker is gone; the route goes when it is silent.</summary>
    public bool IsLeaving { get; set; }

    /// <summary>Closed, and faded out.</summary>
    public bool IsSilent => _fade.IsSilent;

    /// <summary>Open, and faded in: frames pass as they are.</summary>
    public bool IsFull => _fade.IsFull;

    /// <summary>Takes the newest frame next, whatever waits before it.</summary>
    public void Hurry() => _follower.Hurry();

    /// <summary>The next frame of a route that <see cref="IsFull"/>; empty for silence.</summary>
    public ReadOnlySpan<short> Take(Span<short> scratch) => _follower.Take(scratch);

    /// <summary>Adds the next frame to a sum.</summary>
    public void AddTo(Span<int> sum, Span<short> scratch)
    {
        var frame = _follower.Take(scratch);
        if (frame.IsEmpty) _fade.Settle();
        else _fade.Add(frame, sum);
    }
}
