namespace Softphone.Sip;

/// <summary>A request (RFC 3261 §7.1).</summary>
public sealed class SipRequest : SipMessage
{
    /// <exception cref="ArgumentException">The method is no token.</exception>
    public SipRequest(string method, SipUri requestUri)
    {
        if (!Grammar.IsToken(method.AsSpan())) throw new ArgumentException("a method is a token", nameof(method));
        Method = method;
        RequestUri = requestUri;
    }

    /// <summary>Case-sensitive; see <see cref="SipMethod"/>.</summary>
    public string Method { get; }

    /// <summary>Of scheme "" when a request from the wire has none that can be read; the validator says 400 then.</summary>
    public SipUri RequestUri { get; set; }

    /// <summary>"SIP/2.0" unless a request from the wire says otherwise, which is owed 505.</summary>
    public string Version { get; internal init; } = "SIP/2.0";

    public override string StartLine => $"{Method} {RequestUri} {Version}";
}
