namespace Softphone.Core;

/// <summary>A transport address: an IP address and a port.</summary>
public readonly record struct Address(IpAddress Ip, ushort Port)
{
    /// <summary>True when both the IP address and the port are there.</summary>
    public bool IsValid => Ip.IsValid && Port != 0;

    public static Address Parse(string text) =>
        TryParse(text, out var address) ? address : throw new FormatException($"not an address: {text}");

    /// <summary>"192.0.2.1:5060" or "[2001:db8::1]:5060".</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out Address address)
    {
        address = default;
        var colon = text.LastIndexOf(':');
        if (colon <= 0 || !ushort.TryParse(text[(colon + 1)..], System.Globalization.NumberStyles.None, null, out var port)) return false;
        var host = text[..colon];
        if (host.Contains(':') && host[0] != '[') return false;
        if (!IpAddress.TryParse(host, out var ip)) return false;
        address = new Address(ip, port);
        return true;
    }

    public override string ToString() => Ip.IsV6 ? $"[{Ip}]:{Port}" : $"{Ip}:{Port}";
}
