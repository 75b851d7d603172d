using System.Globalization;
using System.Net;
using System.Text;

namespace Softphone.Interop;

/// <summary>A SIP message as it came, read by hand: what attacks the phone has nothing of the phone's own reader in it.</summary>
internal sealed record WireMessage(string Text, IPEndPoint From)
{
    public string FirstLine => Text[..Math.Max(0, Text.IndexOf("\r\n", StringComparison.Ordinal))];

    public bool IsSip => FirstLine.Contains("SIP/2.0", StringComparison.Ordinal);

    /// <summary>Of a response; 0 for a request.</summary>
    public int Status => Text.StartsWith("SIP/2.0 ", StringComparison.Ordinal) && int.TryParse(Text.AsSpan(8, 3), NumberStyles.None, CultureInfo.InvariantCulture, out var status) ? status : 0;

    /// <summary>Of a request; of a response the one that it answers.</summary>
    public string Method => Status == 0 ? Text.Split(' ', 2)[0] : Header("CSeq").Split(' ')[^1];

    public string Body => Text.Split("\r\n\r\n", 2) is [_, var body] ? body : "";

    /// <summary>It gives a proof of the password away.</summary>
    public bool HasCredentials => Header("Authorization").Length > 0 || Header("Proxy-Authorization").Length > 0;

    /// <summary>Where its description wants audio.</summary>
    public IPEndPoint Audio
    {
        get
        {
            var lines = Body.Split("\r\n");
            var address = lines.First(l => l.StartsWith("c=IN IP4 ", StringComparison.Ordinal))[9..];
            var port = lines.First(l => l.StartsWith("m=audio ", StringComparison.Ordinal)).Split(' ')[1];
            return new IPEndPoint(IPAddress.Parse(address), int.Parse(port, CultureInfo.InvariantCulture));
        }
    }

    /// <summary>The first of this name; empty without one.</summary>
    public string Header(string name) => Headers(name).FirstOrDefault() ?? "";

    public IEnumerable<string> Headers(string name) =>
        Text.Split("\r\n\r\n", 2)[0].Split("\r\n").Where(l => Is(l, name) || Is(l, Compact(name))).Select(l => l[(l.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim());

    private static bool Is(string line, string name) => line.StartsWith(name + ":", StringComparison.OrdinalIgnoreCase);

    /// <summary>Its name in a long message (RFC 3261 §7.3.3).</summary>
    private static string Compact(string name) => name switch
    {
        "Via" => "v",
        "From" => "f",
        "To" => "t",
        "Call-ID" => "i",
        "Contact" => "m",
        "Content-Type" => "c",
        "Content-Length" => "l",
        "Supported" => "k",
        _ => name,
    };

    /// <summary>A response to it.</summary>
    public string Response(string status, string headers = "", string body = "")
    {
        var text = new StringBuilder($"SIP/2.0 {status}\r\n");
        foreach (var via in Headers("Via")) text.Append(CultureInfo.InvariantCulture, $"Via: {via}\r\n");
        foreach (var name in (string[])["From", "Call-ID", "CSeq"]) text.Append(CultureInfo.InvariantCulture, $"{name}: {Header(name)}\r\n");
        var to = Header("To");
        return text.Append(CultureInfo.InvariantCulture, $"To: {to}{(to.Contains(";tag=", StringComparison.Ordinal) ? "" : ";tag=there")}\r\n{headers}Content-Length: {body.Length}\r\n\r\n{body}").ToString();
    }
}
