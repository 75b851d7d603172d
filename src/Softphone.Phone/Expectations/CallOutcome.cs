namespace Softphone.Phone;

/// <summary>What expectations are held against: how a call went in the end.</summary>
public sealed record CallOutcome
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

    /// <summary>The longest time without a packet of the peer's audio, hold left out; null when nothing was heard.</summary>
    public TimeSpan? Gap { get; init; }

    /// <summary>The SIP status that decided the call; null when there was none.</summary>
    public int? Status { get; init; }

    /// <summary>The suite in use; null for plain RTP, and where a part of the call was plain.</summary>
    public string? Srtp { get; init; }

    /// <summary>Where its keys came from, "sdes"; null for plain RTP.</summary>
    public string? SrtpBy { get; init; }

    /// <summary>The outcome that a summary tells.</summary>
    public static CallOutcome Of(CallSummary summary) => new()
    {
        Setup = summary.Setup,
        Path = summary.Path.Length > 0 ? summary.Path : null,
        Audio = NameOf(summary.Audio),
        Mos = summary.Media?.Mos,
        LossPct = summary.Media is { } media ? Math.Max(media.Rx.LossPercent, media.Tx.LossPercent) : null,
        Codec = summary.Codec.Length > 0 ? summary.Codec : null,
        Ice = summary.Ice,
        Digits = summary.Digits,
        Gap = summary.Media is { Rx.Packets: > 0 } heard ? TimeSpan.FromMilliseconds(heard.LongestGapMs) : null,
        Status = summary.Status > 0 ? summary.Status : null,
        Srtp = summary.Security.IsSecured && !summary.WasPlainInPart ? summary.Security.Suite : null,
        SrtpBy = summary.Security.IsSecured && !summary.WasPlainInPart ? summary.Security.By : null,
    };

    /// <summary>two-way, send-only, receive-only or none.</summary>
    public static string NameOf(AudioOutcome audio) => audio switch
    {
        AudioOutcome.TwoWay => "two-way",
        AudioOutcome.SendOnly => "send-only",
        AudioOutcome.ReceiveOnly => "receive-only",
        _ => "none",
    };
}
