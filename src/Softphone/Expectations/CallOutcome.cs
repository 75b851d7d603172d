namespace Softphone.Cli;

/// <summary>What expectations are held against: how a call went in the end.</summary>
internal sealed record CallOutcome
{
    /// <summary>INVITE to answer; null when it was not answered.</summary>
    public TimeSpan? Setup { get; init; }

    /// <summary>host, srflx, prflx or relay; null when no path was found.</summary>
    public string? Path { get; init; }

    /// <summary>two-way, send-only, receive-only or none.</summary>
    public string Audio { get; init; } = "none";

    public double? Mos { get; init; }

    /// <summary>The worse of both directions, in percent; null when nothing was measured.</summary>
    public double? LossPct { get; init; }

    public string? Codec { get; init; }

    /// <summary>From the start of checks to the last component selected.</summary>
    public TimeSpan? Ice { get; init; }

    /// <summary>Keys that the peer pressed.</summary>
    public string Digits { get; init; } = "";

    /// <summary>The suite in use; null for plain RTP.</summary>
    public string? Srtp { get; init; }
}
