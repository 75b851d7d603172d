using System.Globalization;
using Softphone.Core;

namespace Softphone.Sdp;

/// <summary>One triple of a=remote-candidates (RFC 8839 §5.2): what the controlling side chose of ours.</summary>
public readonly record struct SdpRemoteCandidate(int Component, Address Address)
{
    public override string ToString() => $"{Component} {Address.Ip} {Address.Port}";

    /// <summary>Reads the value; what cannot be read ends the list.</summary>
    internal static IReadOnlyList<SdpRemoteCandidate> ParseList(string value)
    {
        var parts = value.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var found = new List<SdpRemoteCandidate>();
        for (var i = 0; i + 2 < parts.Length; i += 3)
        {
            if (!int.TryParse(parts[i], NumberStyles.None, CultureInfo.InvariantCulture, out var component) || component is < 1 or > 256) break;
            if (!IpAddress.TryParse(parts[i + 1], out var ip)) break;
            if (!ushort.TryParse(parts[i + 2], NumberStyles.None, CultureInfo.InvariantCulture, out var port) || port == 0) break;
            found.Add(new SdpRemoteCandidate(component, new Address(ip.WithoutScope(), port)));
        }

        return found;
    }
}
