using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Numerics;

namespace Softphone.Sdp;

/// <summary>One inline key of an a=crypto line (RFC 4568 §6.1). Its octets stay out of <see cref="ToString"/>.</summary>
/// <param name="KeyAndSalt">Master key and behind it the salt.</param>
/// <param name="Lifetime">How many packets it may protect at most; null where the line does not say.</param>
/// <param name="Mki">What stands in each packet to name the key; empty for nothing.</param>
public sealed record SdpKey(byte[] KeyAndSalt, ulong? Lifetime, byte[] Mki)
{
    private const int MostMki = 128;
    private const ulong MostPackets = 1UL << 48;

    public override string ToString() => "(secret)";

    /// <summary>Reads what stands behind "inline:": the key, and with bars between a lifetime, an MKI, both or none.</summary>
    internal static bool TryParse(string text, int keyLength, [NotNullWhen(true)] out SdpKey? key)
    {
        key = null;
        var parts = text.Split('|');
        if (parts.Length > 3 || !TryKey(parts[0], keyLength, out var octets)) return false;
        ulong? lifetime = null;
        byte[] mki = [];
        for (var i = 1; i < parts.Length; i++)
        {
            // The one with a colon is the MKI, and the last (RFC 4568 §9.2).
            if (parts[i].Contains(':'))
            {
                if (i != parts.Length - 1 || !TryMki(parts[i], out mki)) return false;
            }
            else
            {
                if (i != 1 || !TryLifetime(parts[i], out var packets)) return false;
                lifetime = packets;
            }
        }

        key = new SdpKey(octets, lifetime, mki);
        return true;
    }

    private static bool TryKey(string text, int wanted, [NotNullWhen(true)] out byte[]? octets)
    {
        octets = null;
        text = text.TrimEnd('=');
        var room = new byte[text.Length];
        if (!Convert.TryFromBase64String(text.PadRight((text.Length + 3) / 4 * 4, '='), room, out var length) || wanted == 0 || length != wanted) return false;
        octets = room[..length];
        return true;
    }

    private static bool TryLifetime(string text, out ulong packets)
    {
        packets = 0;
        if (!text.StartsWith("2^", StringComparison.Ordinal))
            return ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out packets) && packets is > 0 and <= MostPackets;
        if (!int.TryParse(text.AsSpan(2), NumberStyles.None, CultureInfo.InvariantCulture, out var power) || power > 48) return false;
        packets = 1UL << power;
        return true;
    }

    // Value and length in octets, both decimal.
    private static bool TryMki(string text, out byte[] mki)
    {
        mki = [];
        var colon = text.IndexOf(':');
        if (!int.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var length) || length is < 1 or > MostMki) return false;
        if (colon is 0 or > 310 || !BigInteger.TryParse(text.AsSpan(0, colon), NumberStyles.None, CultureInfo.InvariantCulture, out var value)) return false;
        if (value.GetByteCount(isUnsigned: true) > length) return false;
        mki = new byte[length];
        value.TryWriteBytes(mki.AsSpan(length - value.GetByteCount(isUnsigned: true)), out _, isUnsigned: true, isBigEndian: true);
        return true;
    }
}
