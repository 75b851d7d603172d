using System.CommandLine;
using Softphone.Sip;

namespace Softphone.Cli;

/// <summary>--header 'Name: value': headers of an INVITE that somebody wants beside those of the phone, such as Subject or those of a queue.</summary>
internal static class HeaderFlag
{
    /// <summary>What the phone writes itself: another value there breaks the call, or tells something that is not so.</summary>
    private static readonly string[] Own =
    [
        HeaderName.Via, HeaderName.From, HeaderName.To, HeaderName.CallId, HeaderName.CSeq, HeaderName.MaxForwards, HeaderName.Contact, HeaderName.Route, HeaderName.RecordRoute,
        HeaderName.ContentType, HeaderName.ContentLength, HeaderName.ContentEncoding, HeaderName.Authorization, HeaderName.ProxyAuthorization, HeaderName.Require, HeaderName.ProxyRequire,
        HeaderName.Supported, HeaderName.Allow, HeaderName.SessionExpires, HeaderName.MinSE, HeaderName.Replaces, HeaderName.RAck,
    ];

    public static Option<KeyValuePair<string, string>[]> Create() => new("--header")
    {
        HelpName = "NAME: VALUE",
        Description = "A header of the INVITE beside the phone's own, as often as wanted: 'Subject: lunch', 'X-Queue: 7'",
        CustomParser = result =>
        {
            var all = new List<KeyValuePair<string, string>>();
            foreach (var token in result.Tokens)
            {
                if (Mistake(token.Value, out var header) is { } mistake) result.AddError($"--header \"{token.Value}\": {mistake}");
                else all.Add(header);
            }

            return [.. all];
        },
    };

    private static string? Mistake(string text, out KeyValuePair<string, string> header)
    {
        var colon = text.IndexOf(':');
        header = colon < 0 ? default : new(text[..colon].Trim(), text[(colon + 1)..].Trim());
        if (colon < 0 || header.Value.Length == 0) return "write 'Name: value'";
        if (!header.Key.All(c => char.IsAsciiLetterOrDigit(c) || "-.!%*_+`'~".Contains(c)) || header.Key.Length == 0) return "a header's name has letters, digits and strokes";
        if (text.Any(char.IsControl)) return "a header is one line";
        var name = header.Key;
        return Array.Exists(Own, own => HeaderName.AreSame(own, name)) ? "the phone writes that one itself" : null;
    }
}
