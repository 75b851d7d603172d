using Softphone.Core;

namespace Softphone.Sip;

/// <summary>
/// A request or a response: start line, ordered headers, body (RFC 3261 §7). Content-Length need not be set: the writer says
/// how long the body is.
/// </summary>
public abstract class SipMessage
{
    private protected SipMessage()
    {
    }

    public SipHeaders Headers { get; } = new();

    public ReadOnlyMemory<byte> Body { get; set; }

    /// <summary>Headers of ours are written in compact form (RFC 3261 §7.3.3); see <see cref="Shorten"/>.</summary>
    public bool IsCompact { get; private set; }

    /// <summary>How many octets it took on the wire; 0 for one that was not received.</summary>
    public int Octets { get; internal set; }

    /// <summary>
    /// What is wrong with a request that could be framed just well enough to be answered: a header without a colon, a
    /// Content-Length that lies. The validator turns it into the status owed.
    /// </summary>
    public ParseError? Flaw { get; internal set; }

    /// <summary>Sets body and Content-Type.</summary>
    public void SetBody(string contentType, ReadOnlyMemory<byte> body)
    {
        Headers.Set(HeaderName.ContentType, contentType);
        Body = body;
    }

    /// <summary>
    /// Where the message is longer than that, turns to the compact forms and leaves out what can be done without, in this order. It counts
    /// on streams too: a proxy hands the headers on as they came, and to a phone that is registered by UDP.
    /// </summary>
    public void Shorten(int limit)
    {
        if (IsCompact || SipWriter.Measure(this) <= limit) return;
        IsCompact = true;
        if (this is not SipRequest) return;
        Headers.Remove(HeaderName.UserAgent);
        // Who does not know that we heed 199 only sends none (RFC 6228 §5).
        if (SipWriter.Measure(this) > limit && Headers.Get(HeaderName.Supported) is { } tags) Headers.Set(HeaderName.Supported, tags.Replace($",{OptionTags.Terminated}", "", StringComparison.Ordinal));
        // Credentials that name no algorithm are of MD5 (RFC 7616 §3.4, RFC 2617 §3.2.2).
        if (SipWriter.Measure(this) > limit) LeaveOutMd5();
        // DEVIATION: an INVITE should have Allow (§13.2.1). Without it the peer re-INVITEs where it would have sent UPDATE, until a later
        // message of ours tells it; a datagram that is cut into fragments may never come.
        if (SipWriter.Measure(this) > limit) Headers.Remove(HeaderName.Allow);
    }

    private void LeaveOutMd5()
    {
        foreach (var name in (ReadOnlySpan<string>)[HeaderName.Authorization, HeaderName.ProxyAuthorization])
        {
            var credentials = Headers.GetAll(name);
            if (credentials.Count > 0) Headers.SetAll(name, [.. credentials.Select(c => c.Replace(",algorithm=MD5,", ",", StringComparison.Ordinal))]);
        }
    }

    /// <summary>The start line, without CRLF.</summary>
    public abstract string StartLine { get; }

    /// <summary>The message as text with every secret in it masked: digest responses, SDES keys, ICE passwords.</summary>
    public string ToMaskedString() => Masking.Mask(this);

    /// <summary>The message as octets.</summary>
    public byte[] ToArray() => SipWriter.ToArray(this);

    public override string ToString() => StartLine;
}
