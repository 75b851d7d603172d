using System.Globalization;
using Softphone.Core;

namespace Softphone.Phone;

/// <summary>
/// A STUN or TURN server as a person writes it: stun:, stuns: (RFC 7064), turn:, turns: (RFC 7065). The default port is 3478, with
/// TLS 5349.
/// </summary>
/// <param name="IsTurn">TURN, not just STUN.</param>
/// <param name="Host">A name or an address, without brackets.</param>
/// <param name="Port">The port.</param>
/// <param name="Transport">How to reach it.</param>
public readonly record struct ServerUri(bool IsTurn, string Host, ushort Port, Transport Transport)
{
    /// <summary>No port is named, and the host is a name: the domain's SRV records come first (RFC 7064 §3.2, RFC 5928 §3).</summary>
    public bool IsService { get; init; }

    /// <summary>The ways in which such a URI may look, for messages.</summary>
    public const string TurnForms = "turn:host[:port][?transport=udp|tcp] or turns:host[:port]";

    public const string StunForms = "stun:host[:port] or stuns:host[:port]";

    public static bool TryParse(string text, out ServerUri uri)
    {
        uri = default;
        var colon = text.IndexOf(':');
        if (colon < 0) return false;
        var scheme = text[..colon].ToLowerInvariant();
        if (scheme is not ("stun" or "stuns" or "turn" or "turns")) return false;
        var isTurn = scheme[0] == 't';
        var isTls = scheme[^1] == 's';

        var rest = text[(colon + 1)..];
        var query = rest.IndexOf('?');
        var transport = isTls ? Transport.Tls : Transport.Udp;
        if (query >= 0)
        {
            // turns with transport=udp would be DTLS, which nobody here speaks (RFC 7065 §3.1).
            if (!isTurn) return false;
            transport = (rest[(query + 1)..].ToLowerInvariant(), isTls) switch
            {
                ("transport=udp", false) => Transport.Udp,
                ("transport=tcp", false) => Transport.Tcp,
                ("transport=tcp", true) => Transport.Tls,
                _ => (Transport)(-1),
            };
            if ((int)transport < 0) return false;
            rest = rest[..query];
        }

        if (!TrySplit(rest, out var host, out var portText)) return false;
        ushort port = isTls ? (ushort)5349 : (ushort)3478;
        if (portText is not null && (!ushort.TryParse(portText, NumberStyles.None, CultureInfo.InvariantCulture, out port) || port == 0)) return false;
        uri = new ServerUri(isTurn, host, port, transport) { IsService = portText is null && !IpAddress.TryParse(host, out _) };
        return true;
    }

    public override string ToString()
    {
        var host = Host.Contains(':') ? $"[{Host}]" : Host;
        var scheme = (IsTurn ? "turn" : "stun") + (Transport == Transport.Tls ? "s" : "");
        return $"{scheme}:{host}{(IsService ? "" : $":{Port}")}{(Transport == Transport.Tcp ? "?transport=tcp" : "")}";
    }

    private static bool TrySplit(string text, out string host, out string? port)
    {
        port = null;
        host = text;
        if (text.StartsWith('['))
        {
            var close = text.IndexOf(']');
            if (close < 0 || !IpAddress.TryParse(text.AsSpan(1, close - 1), out var ip) || !ip.IsV6) return false;
            host = text[1..close];
            if (close + 1 == text.Length) return true;
            if (text[close + 1] != ':') return false;
            port = text[(close + 2)..];
            return true;
        }

        var colon = text.IndexOf(':');
        if (colon >= 0) (host, port) = (text[..colon], text[(colon + 1)..]);
        return host.Length is > 0 and <= 253 && host.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_');
    }
}
