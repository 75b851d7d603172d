using Softphone.Core;

namespace Softphone.Media;

/// <summary>The canonical name of a call's streams: random, so that it tells nothing of user or host (RFC 7022 §4.2).</summary>
public static class Cname
{
    /// <summary>96 random bits in base64: 16 characters.</summary>
    public static string Create(IEntropy entropy)
    {
        Span<byte> octets = stackalloc byte[12];
        entropy.Fill(octets);
        return Convert.ToBase64String(octets);
    }
}
