namespace Softphone.Captures;

/// <summary>What a frame turned out to be.</summary>
internal enum FrameVerdict
{
    Ip,

    /// <summary>ARP and the like.</summary>
    Other,

    UnknownLink,

    /// <summary>Headers that do not hold.</summary>
    Broken,
}
