namespace Softphone.Sdp;

/// <summary>Which way media of a stream flows, seen from the one who says it (RFC 8866 §6.7).</summary>
[Flags]
public enum MediaDirection
{
    Inactive = 0,
    SendOnly = 1,
    RecvOnly = 2,
    SendRecv = SendOnly | RecvOnly,
}

/// <summary>The rules of RFC 3264 §6.1 and §8.4 on directions.</summary>
public static class MediaDirectionExtensions
{
    public static bool Sends(this MediaDirection direction) => (direction & MediaDirection.SendOnly) != 0;

    public static bool Receives(this MediaDirection direction) => (direction & MediaDirection.RecvOnly) != 0;

    /// <summary>The same flow seen from the other end: what it sends is what we receive.</summary>
    public static MediaDirection Reversed(this MediaDirection direction) => direction switch
    {
        MediaDirection.SendOnly => MediaDirection.RecvOnly,
        MediaDirection.RecvOnly => MediaDirection.SendOnly,
        _ => direction,
    };

    /// <summary>The answer to an offered direction by one who would like <paramref name="wish"/>: what both sides allow (RFC 3264 §6.1).</summary>
    public static MediaDirection Answer(this MediaDirection offered, MediaDirection wish) => offered.Reversed() & wish;

    /// <summary>The attribute name: "sendrecv".</summary>
    public static string Name(this MediaDirection direction) => direction switch
    {
        MediaDirection.SendRecv => "sendrecv",
        MediaDirection.SendOnly => "sendonly",
        MediaDirection.RecvOnly => "recvonly",
        _ => "inactive",
    };

    internal static bool TryParse(string name, out MediaDirection direction)
    {
        (var known, direction) = name.ToLowerInvariant() switch
        {
            "sendrecv" => (true, MediaDirection.SendRecv),
            "sendonly" => (true, MediaDirection.SendOnly),
            "recvonly" => (true, MediaDirection.RecvOnly),
            "inactive" => (true, MediaDirection.Inactive),
            _ => (false, default),
        };
        return known;
    }
}
