using System.Globalization;

namespace Softphone.Sdp;

/// <summary>
/// The a=fmtp parameters of Opus (RFC 7587 §6.1): what the one who writes them would like to receive. Nothing in them makes a
/// negotiation fail; unknown names and values out of range are passed over.
/// </summary>
/// <param name="UseInbandFec">Forward error correction is of use.</param>
/// <param name="UseDtx">Silence may be left out.</param>
/// <param name="Stereo">Stereo is welcome; else send mono.</param>
/// <param name="ConstantBitrate">cbr.</param>
/// <param name="MaxAverageBitrate">Bits per second, 6000–510000; null when not limited.</param>
/// <param name="MaxPlaybackRate">Hz, the highest that the receiver can play.</param>
/// <param name="MinPtime">Milliseconds.</param>
public sealed record OpusParameters(
    bool UseInbandFec = false,
    bool UseDtx = false,
    bool Stereo = false,
    bool ConstantBitrate = false,
    int? MaxAverageBitrate = null,
    int MaxPlaybackRate = 48_000,
    int MinPtime = 3)
{
    public static OpusParameters Parse(string parameters)
    {
        var opus = new OpusParameters();
        foreach (var part in parameters.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var equals = part.IndexOf('=');
            if (equals < 0 || !int.TryParse(part.AsSpan(equals + 1).Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var n)) continue;
            opus = part[..equals].Trim().ToLowerInvariant() switch
            {
                "useinbandfec" => opus with { UseInbandFec = n == 1 },
                "usedtx" => opus with { UseDtx = n == 1 },
                "stereo" => opus with { Stereo = n == 1 },
                "cbr" => opus with { ConstantBitrate = n == 1 },
                "maxaveragebitrate" when n is >= 6_000 and <= 510_000 => opus with { MaxAverageBitrate = n },
                "maxplaybackrate" when n is >= 8_000 and <= 48_000 => opus with { MaxPlaybackRate = n },
                "minptime" when n is >= 3 and <= 120 => opus with { MinPtime = n },
                _ => opus,
            };
        }

        return opus;
    }

    /// <summary>The fmtp value, with what differs from the defaults.</summary>
    public override string ToString()
    {
        var parts = new List<string>();
        if (UseInbandFec) parts.Add("useinbandfec=1");
        if (UseDtx) parts.Add("usedtx=1");
        if (Stereo) parts.Add("stereo=1");
        if (ConstantBitrate) parts.Add("cbr=1");
        if (MaxAverageBitrate is { } bitrate) parts.Add($"maxaveragebitrate={bitrate}");
        if (MaxPlaybackRate != 48_000) parts.Add($"maxplaybackrate={MaxPlaybackRate}");
        if (MinPtime != 3) parts.Add($"minptime={MinPtime}");
        return string.Join(';', parts);
    }
}
