using Softphone.Core;

namespace Softphone.Media;

/// <summary>The two components of a stream, as the paths of a <see cref="MediaSession"/>. The transport below maps them to sockets.</summary>
public static class MediaPath
{
    /// <summary>Component 1.</summary>
    public static PathId Rtp => new(1);

    /// <summary>Component 2; unused where RTP and RTCP are multiplexed (RFC 5761).</summary>
    public static PathId Rtcp => new(2);
}
