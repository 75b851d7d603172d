using System.Diagnostics.CodeAnalysis;
using Softphone.Core;

namespace Softphone.Sip;

public sealed partial class SipHeaders
{
    /// <summary>The Call-ID; null when absent. Compared with case (§20.8).</summary>
    public string? CallId => Get(HeaderName.CallId);

    /// <summary>0 to 255; null when absent or out of range.</summary>
    public int? MaxForwards => Number(HeaderName.MaxForwards) is { } hops and <= 255 ? (int)hops : null;

    /// <summary>Seconds; null when absent or not a number; an overflow is 2^32-1 (RFC 4475 §3.1.2.4).</summary>
    public uint? Expires => Number(HeaderName.Expires);

    /// <summary>Seconds (§20.23); null when absent or not a number.</summary>
    public uint? MinExpires => Number(HeaderName.MinExpires);

    /// <summary>Octets of the body as declared; null when absent or not a number.</summary>
    public uint? ContentLength => Number(HeaderName.ContentLength);

    /// <summary>Seconds until a retry makes sense (§20.33); a comment and a duration are skipped. Null when absent or malformed.</summary>
    public uint? RetryAfter
    {
        get
        {
            var text = Get(HeaderName.RetryAfter).AsSpan();
            var end = text.IndexOfAny(" \t(;");
            return Grammar.TryNumber(end < 0 ? text : text[..end], out var seconds) ? seconds : null;
        }
    }

    /// <summary>The number of a reliable provisional response (RFC 3262 §7.1).</summary>
    public uint? RSeq => Number(HeaderName.RSeq);

    /// <summary>The Content-Type; null when absent or malformed.</summary>
    public MediaType? ContentType => MediaType.TryParse(Get(HeaderName.ContentType), out var type) ? type : null;

    public IReadOnlyList<string> Allow => Tokens(HeaderName.Allow);

    public IReadOnlyList<string> Supported => Tokens(HeaderName.Supported);

    public IReadOnlyList<string> Require => Tokens(HeaderName.Require);

    public IReadOnlyList<string> Unsupported => Tokens(HeaderName.Unsupported);

    /// <summary>True for a Contact that is the single <c>*</c> of a REGISTER that removes every binding (§10.2.2).</summary>
    public bool ContactIsStar => CountOf(HeaderName.Contact) == 1 && Get(HeaderName.Contact) == "*";

    public bool TryVia([NotNullWhen(true)] out Via? top)
    {
        top = null;
        var elements = new List<string>(1);
        if (Get(HeaderName.Via) is not { } value) return false;
        Grammar.SplitList(value, elements);
        return Via.TryParse(elements[0], out top, out _);
    }

    /// <summary>Every Via, topmost first; false when there is none or one is broken.</summary>
    public bool TryVias(out IReadOnlyList<Via> vias)
    {
        var all = new List<Via>();
        vias = all;
        foreach (var text in GetList(HeaderName.Via))
        {
            if (!Via.TryParse(text, out var via, out _)) return false;
            all.Add(via);
        }

        return all.Count > 0;
    }

    /// <summary>The Vias that can be read, topmost first, up to the first broken one.</summary>
    public IReadOnlyList<Via> Vias()
    {
        TryVias(out var vias);
        return vias;
    }

    public bool TryFrom([NotNullWhen(true)] out NameAddr? from) => TryAddress(HeaderName.From, out from);

    public bool TryTo([NotNullWhen(true)] out NameAddr? to) => TryAddress(HeaderName.To, out to);

    /// <summary>The first Contact; false when there is none, it is <c>*</c>, or it is broken.</summary>
    public bool TryContact([NotNullWhen(true)] out NameAddr? contact)
    {
        contact = TryContacts(out var all) && all.Count > 0 ? all[0] : null;
        return contact is not null;
    }

    /// <summary>Every Contact in order, none when there is none; false when one is broken or <c>*</c>.</summary>
    public bool TryContacts(out IReadOnlyList<NameAddr> contacts) => TryAddresses(HeaderName.Contact, out contacts);

    /// <summary>The Route entries, first hop first; none when one is broken.</summary>
    public IReadOnlyList<NameAddr> Routes() => TryAddresses(HeaderName.Route, out var routes) ? routes : [];

    /// <summary>The Record-Route entries as written, topmost first; none when one is broken.</summary>
    public IReadOnlyList<NameAddr> RecordRoutes() => TryAddresses(HeaderName.RecordRoute, out var routes) ? routes : [];

    /// <summary>The first value of any header that holds one address: Refer-To, Referred-By, P-Asserted-Identity…</summary>
    public bool TryAddress(string name, [NotNullWhen(true)] out NameAddr? address)
    {
        address = null;
        return Get(name) is { } value && NameAddr.TryParse(value, out address, out _);
    }

    /// <summary>All values of a header that lists addresses: Path, Service-Route, Route…; false when one is broken.</summary>
    public bool TryAddresses(string name, out IReadOnlyList<NameAddr> addresses)
    {
        var all = new List<NameAddr>();
        addresses = all;
        var isRoute = HeaderName.Canonical(name) is HeaderName.Route or HeaderName.RecordRoute or HeaderName.Path or HeaderName.ServiceRoute;
        foreach (var text in GetList(name))
        {
            if (!(isRoute ? NameAddr.TryParseRoute(text, out var address, out _) : NameAddr.TryParse(text, out address, out _))) return false;
            all.Add(address);
        }

        return true;
    }

    public bool TryCSeq(out CSeq cseq)
    {
        cseq = default;
        return Get(HeaderName.CSeq) is { } value && Softphone.Sip.CSeq.TryParse(value, out cseq, out _);
    }

    /// <summary>A header that is a value with parameters: Session-Expires, Event, Subscription-State, Replaces, Content-Disposition…</summary>
    public bool TryValue(string name, out string value, out Parameters parameters)
    {
        value = "";
        parameters = Parameters.Empty;
        if (Get(name) is not { } text) return false;
        var end = text.IndexOf(';', StringComparison.Ordinal);
        value = (end < 0 ? text : text[..end]).Trim(' ', '\t');
        return end < 0 || Parameters.TryParse(text, end, out parameters, out _);
    }

    /// <summary>Whether a list header names this option tag or method.</summary>
    public bool Lists(string name, string element) => GetList(name).Contains(element, StringComparer.OrdinalIgnoreCase);

    // An empty element ("100rel, ,timer") names nothing, and must not end up in a 420.
    private List<string> Tokens(string name) => [.. GetList(name).Where(token => token.Length > 0)];

    private uint? Number(string name) => Grammar.TryNumber(Get(name), out var number) ? number : null;
}
