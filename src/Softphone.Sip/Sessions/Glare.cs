using Softphone.Core;

namespace Softphone.Sip;

/// <summary>How long to wait after a 491, in steps of 10 ms: the owner of the Call-ID the longer (RFC 3261 §14.1).</summary>
internal static class Glare
{
    public static TimeSpan BackOff(bool isCaller, IEntropy entropy) =>
        TimeSpan.FromMilliseconds(isCaller ? 2100 + 10 * entropy.NextInt(191) : 10 * entropy.NextInt(201));
}
