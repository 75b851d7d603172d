using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using Softphone.Core;

namespace Softphone.Sdp;

/// <summary>
/// The value of an a=candidate line (RFC 8839 §5.1). This room knows no ICE agent; whoever has one maps its candidates from and to
/// these.
/// </summary>
/// <param name="Foundation">1–32 characters; equal ones share a fate.</param>
/// <param name="Component">1 for RTP, 2 for RTCP; up to 256.</param>
/// <param name="Transport">"UDP" or "TCP" as it was written.</param>
/// <param name="Priority">1 to 2³¹−1.</param>
/// <param name="Address">Never with a zone.</param>
/// <param name="Type">What kind of candidate.</param>
public sealed record SdpCandidate(
    string Foundation, int Component, string Transport, uint Priority, Address Address, SdpCandidateType Type)
{
    /// <summary>The word after "typ".</summary>
    public string TypeName { get; init; } = NameOf(Type);

    /// <summary>raddr and rport: the base of a reflexive, the mapped address of a relayed candidate; not valid when absent.</summary>
    public Address? Related { get; init; }

    /// <summary>Pairs of name and value after the known fields, such as tcptype and generation, in order.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Extensions { get; init; } = [];

    /// <summary>
    /// A name of the local network in place of the address, "….local", which multicast DNS resolves; null as a rule. Then
    /// <see cref="Address"/> has the port alone.
    /// </summary>
    public string? HostName { get; init; }

    public bool IsUdp => Transport.Equals("UDP", StringComparison.OrdinalIgnoreCase);

    /// <summary>The word after "tcptype" of a TCP candidate, in small letters: active, passive or so (RFC 6544 §4.5); null when it has none of these.</summary>
    public string? TcpType
    {
        get
        {
            if (!Transport.Equals("TCP", StringComparison.OrdinalIgnoreCase)) return null;
            var type = Extensions.FirstOrDefault(e => e.Key.Equals("tcptype", StringComparison.OrdinalIgnoreCase)).Value?.ToLowerInvariant();
            return type is "active" or "passive" or "so" ? type : null;
        }
    }

    /// <summary>
    /// Reads the value, with or without the "candidate:" that some write twice. A name instead of an address, priority 0 and
    /// port 0 are errors here, for which RFC 8839 §5.1 has the line passed over.
    /// </summary>
    public static bool TryParse(string value, [NotNullWhen(true)] out SdpCandidate? candidate, out ParseError error) =>
        TryParse(value, takesLocalNames: false, out candidate, out error);

    /// <summary>The same; a name that ends in ".local" is taken too (see <see cref="HostName"/>).</summary>
    public static bool TryParse(string value, bool takesLocalNames, [NotNullWhen(true)] out SdpCandidate? candidate, out ParseError error)
    {
        candidate = null;
        var parts = value.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (parts.Length < 8 || !parts[6].Equals("typ", StringComparison.OrdinalIgnoreCase)) return Fail("a candidate has eight fields", out error);
        var foundation = parts[0].StartsWith("candidate:", StringComparison.OrdinalIgnoreCase) ? parts[0][10..] : parts[0];
        if (foundation.Length is 0 or > 32) return Fail("a foundation has 1 to 32 characters", out error);
        if (!int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var component) || component is < 1 or > 256)
            return Fail($"component {parts[1]} is not 1 to 256", out error);
        if (!uint.TryParse(parts[3], NumberStyles.None, CultureInfo.InvariantCulture, out var priority) || priority is 0 or > int.MaxValue)
            return Fail($"priority {parts[3]} is not 1 to 2147483647", out error);
        var isName = !IpAddress.TryParse(parts[4], out var ip);
        if (isName && !(takesLocalNames && IsLocalName(parts[4]))) return Fail($"{parts[4]} is a name, not an address", out error);
        if (!ushort.TryParse(parts[5], NumberStyles.None, CultureInfo.InvariantCulture, out var port) || port == 0)
            return Fail($"port {parts[5]} is not 1 to 65535", out error);

        var type = parts[7].ToLowerInvariant() switch
        {
            "host" => SdpCandidateType.Host,
            "srflx" => SdpCandidateType.Srflx,
            "prflx" => SdpCandidateType.Prflx,
            "relay" => SdpCandidateType.Relay,
            _ => SdpCandidateType.Other,
        };
        candidate = new SdpCandidate(foundation, component, parts[2], priority, new Address(ip.WithoutScope(), port), type)
        {
            TypeName = type == SdpCandidateType.Other ? parts[7] : NameOf(type),
            Related = ReadRelated(parts, out var next),
            Extensions = ReadExtensions(parts, next),
            HostName = isName ? parts[4] : null,
        };
        error = default;
        return true;
    }

    /// <summary>The attribute value, without "a=candidate:".</summary>
    public override string ToString()
    {
        var text = new StringBuilder(96);
        text.Append(CultureInfo.InvariantCulture, $"{Foundation} {Component} {Transport} {Priority} {HostName ?? Address.Ip.ToString()} {Address.Port} typ {TypeName}");
        if (Related is { } related) text.Append(CultureInfo.InvariantCulture, $" raddr {related.Ip} rport {related.Port}");
        foreach (var (name, value) in Extensions) text.Append(CultureInfo.InvariantCulture, $" {name} {value}");
        return text.ToString();
    }

    public bool Equals(SdpCandidate? other) => other is not null && ToString() == other.ToString();

    public override int GetHashCode() => HashCode.Combine(Foundation, Component, Priority, Address);

    private static bool IsLocalName(string name) =>
        name.Length is > 6 and <= 253 && name.EndsWith(".local", StringComparison.OrdinalIgnoreCase) && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_');

    private static string NameOf(SdpCandidateType type) => type switch
    {
        SdpCandidateType.Host => "host",
        SdpCandidateType.Srflx => "srflx",
        SdpCandidateType.Prflx => "prflx",
        SdpCandidateType.Relay => "relay",
        _ => "other",
    };

    // Servers cut raddr short or write words into it; it is for show only, so an unreadable one is no reason to lose the candidate.
    private static Address? ReadRelated(string[] parts, out int next)
    {
        next = 8;
        string? host = null, port = null;
        if (next + 1 < parts.Length && parts[next].Equals("raddr", StringComparison.OrdinalIgnoreCase))
        {
            host = parts[next + 1];
            next += 2;
        }

        if (next + 1 < parts.Length && parts[next].Equals("rport", StringComparison.OrdinalIgnoreCase))
        {
            port = parts[next + 1];
            next += 2;
        }

        return IpAddress.TryParse(host, out var ip) && ushort.TryParse(port, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? new Address(ip.WithoutScope(), number)
            : null;
    }

    private static List<KeyValuePair<string, string>> ReadExtensions(string[] parts, int next)
    {
        var extensions = new List<KeyValuePair<string, string>>();
        for (; next + 1 < parts.Length; next += 2) extensions.Add(new(parts[next], parts[next + 1]));
        return extensions;
    }

    private static bool Fail(string what, out ParseError error)
    {
        error = new ParseError(what);
        return false;
    }
}
