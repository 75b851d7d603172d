using Softphone.Core;

namespace Softphone.Lab;

/// <summary>Which peers a relay may be used towards, so that it is no door into its own host or network (RFC 8656 §21, checklist T41).</summary>
internal static class PeerRule
{
    public static bool Allows(IpAddress peer, bool privateToo)
    {
        if (peer.IsV4Mapped || peer.IsUnspecified || peer.IsLoopback || peer.IsLinkLocal || peer.IsMulticast) return false;
        if (peer.IsV4 && (peer.V4 >> 24 == 0 || peer.V4 == uint.MaxValue)) return false;
        return privateToo || !peer.IsPrivate;
    }
}
