using System.Diagnostics.CodeAnalysis;
using Softphone.Core;

namespace Softphone.Sip;

/// <summary>One hop that a request took (RFC 3261 §20.42): how it was sent, by whom, and where the response goes (RFC 3581).</summary>
public sealed record Via(string Transport, string Host, ushort? Port = null)
{
    /// <summary>What every branch made by RFC 3261 starts with (§8.1.1.7).</summary>
    public const string MagicCookie = "z9hG4bK";

    /// <summary>Protocol name and version, "SIP/2.0".</summary>
    public string Protocol { get; init; } = "SIP/2.0";

    public Parameters Parameters { get; init; } = Parameters.Empty;

    public string? Branch => Parameters["branch"];

    /// <summary>True when the branch is the cookie and something after it, so that it alone tells the transaction (§17.2.3).</summary>
    public bool HasMagicBranch => Branch is { Length: > 7 } branch && branch.StartsWith(MagicCookie, StringComparison.OrdinalIgnoreCase);

    /// <summary>The source address that the receiver noted; null when absent.</summary>
    public string? Received => Parameters["received"]?.Trim('[', ']');

    /// <summary>Whether <c>rport</c> is there, with or without a value (RFC 3581 §3).</summary>
    public bool HasRport => Parameters.Has("rport");

    /// <summary>The source port that the receiver noted; null when absent or empty.</summary>
    public ushort? Rport => Grammar.TryNumber(Parameters["rport"], out var port) && port is > 0 and <= ushort.MaxValue ? (ushort)port : null;

    public string? Maddr => Parameters["maddr"];

    /// <summary>The port of sent-by, else the default of the transport (§18.2.2).</summary>
    public ushort EffectivePort => Port ?? (Transport.Equals("TLS", StringComparison.OrdinalIgnoreCase) ? (ushort)5061 : (ushort)5060);

    /// <summary>As sent: branch last but for an empty rport when asked for.</summary>
    public static Via Create(Softphone.Core.Transport transport, string host, ushort? port, string branch, bool rport) =>
        new(transport.ToString().ToUpperInvariant(), host, port)
        {
            Parameters = rport ? Parameters.Empty.With("branch", branch).With("rport") : Parameters.Empty.With("branch", branch),
        };

    /// <summary>
    /// As a server notes where a request really came from (§18.2.1, RFC 3581 §4): rport filled when asked for, received whenever
    /// the host differs or rport is there.
    /// </summary>
    public Via WithSource(Address source)
    {
        var parameters = HasRport ? Parameters.With("rport", source.Port.ToString()) : Parameters;
        var isSame = IpAddress.TryParse(Host, out var host) && host == source.Ip.WithoutScope();
        // What the sender says of itself never stands: it would turn our responses on somebody else.
        return this with { Parameters = isSame && !HasRport ? parameters.Without("received") : parameters.With("received", source.Ip.ToString()) };
    }

    public override string ToString()
    {
        var host = Host.Contains(':') ? $"[{Host}]" : Host;
        return Port is { } port ? $"{Protocol}/{Transport} {host}:{port}{Parameters}" : $"{Protocol}/{Transport} {host}{Parameters}";
    }

    public static bool TryParse(string text, [NotNullWhen(true)] out Via? via, out ParseError error)
    {
        via = null;
        var at = 0;
        if (!TryPart(text, ref at, '/', out var name)) return Fail("no protocol name", at, out error);
        if (!TryPart(text, ref at, '/', out var version)) return Fail("no protocol version", at, out error);
        var length = Grammar.TokenLength(text.AsSpan(at));
        if (length == 0) return Fail("no transport", at, out error);
        var transport = text.Substring(at, length);
        at += length;
        var host = Grammar.SkipSpace(text, at);
        if (host == at) return Fail("no space before sent-by", at, out error);
        var end = text.IndexOf(';', host);
        if (end < 0) end = text.Length;
        // White space is legal around the colon of sent-by (§25.1), nowhere else within it.
        var sentBy = text[host..end].TrimEnd(' ', '\t');
        var colon = sentBy.LastIndexOf(':');
        if (colon > 0) sentBy = sentBy[..colon].TrimEnd(' ', '\t') + ":" + sentBy[(colon + 1)..].TrimStart(' ', '\t');
        if (!SipUri.TryHostPort(sentBy, out var sentByHost, out var port)) return Fail("bad sent-by", host, out error);
        if (!Parameters.TryParse(text, end, out var parameters, out error)) return false;
        via = new Via(transport, sentByHost, port) { Protocol = $"{name}/{version}", Parameters = parameters };
        return true;
    }

    private static bool TryPart(string text, ref int at, char end, out string part)
    {
        at = Grammar.SkipSpace(text, at);
        var length = Grammar.TokenLength(text.AsSpan(at));
        part = text.Substring(at, length);
        at = Grammar.SkipSpace(text, at + length);
        if (length == 0 || at >= text.Length || text[at] != end) return false;
        at = Grammar.SkipSpace(text, at + 1);
        return true;
    }

    private static bool Fail(string what, int at, out ParseError error)
    {
        error = new ParseError(what, at);
        return false;
    }
}
