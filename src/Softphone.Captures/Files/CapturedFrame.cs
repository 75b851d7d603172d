namespace Softphone.Captures;

/// <summary>One frame of a capture. Its octets are good until the next one is read.</summary>
/// <param name="At">When it was seen, counted from the beginning of 1970.</param>
/// <param name="Link">What its first octets are: a number of the registry of link types.</param>
/// <param name="Buffer">Its octets, from the first on.</param>
/// <param name="Length">How many were kept.</param>
/// <param name="OriginalLength">How many there were on the wire.</param>
public readonly record struct CapturedFrame(Instant At, LinkType Link, byte[] Buffer, int Length, long OriginalLength)
{
    /// <summary>The capture kept the beginning only.</summary>
    public bool IsCut => Length < OriginalLength;
}
