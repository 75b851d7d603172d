using Softphone.Phone;

namespace Softphone.Tui;

/// <summary>Short words for times and people, as every screen writes them.</summary>
internal static class Wording
{
    /// <summary>"0:06", "12:40", "1:02:03".</summary>
    public static string Clock(TimeSpan time) => time.TotalHours >= 1
        ? $"{(int)time.TotalHours}:{time.Minutes:00}:{time.Seconds:00}"
        : $"{Math.Max(time.Minutes, 0)}:{Math.Max(time.Seconds, 0):00}";

    /// <summary>"Bob  202", "202@pbx.example": the name where one is known, and enough of the address to tell who it is.</summary>
    public static string Peer(string name, string uri)
    {
        var address = Address(uri);
        if (name.Length == 0 || name == address) return address;
        var at = address.IndexOf('@', StringComparison.Ordinal);
        var user = at > 0 ? address[..at] : address;
        return name.Equals(user, StringComparison.OrdinalIgnoreCase) ? name : $"{name}  {user}";
    }

    /// <summary>As <see cref="Peer(string, string)"/>, without the domain when it is our account's own: "202" at the office.</summary>
    public static string Peer(PhoneView view, string account, string name, string uri) => Peer(name, AtHome(view, account, uri));

    /// <summary>The address without the domain of this account, or the whole one of another domain.</summary>
    public static string AtHome(PhoneView view, string account, string uri)
    {
        var address = Address(uri);
        var at = address.IndexOf('@', StringComparison.Ordinal);
        for (var i = 0; at > 0 && i < view.Accounts.Count; i++)
            if (view.Accounts[i].Name == account) return Host(address).Equals(Host(view.Accounts[i].Aor), StringComparison.OrdinalIgnoreCase) ? address[..at] : address;
        return address;
    }

    public static string Peer(CallView call) => Peer(call.Name, call.Peer);

    /// <summary>The name, or the address when there is none.</summary>
    public static string Who(CallView call) => call.Name.Length > 0 ? call.Name : User(call.Peer);

    /// <summary>A URI without its scheme, password and parameters: "202@pbx.example", "+4930123".</summary>
    public static string Address(string uri)
    {
        var start = uri.StartsWith("sip:", StringComparison.OrdinalIgnoreCase) || uri.StartsWith("tel:", StringComparison.OrdinalIgnoreCase) ? 4
            : uri.StartsWith("sips:", StringComparison.OrdinalIgnoreCase) ? 5 : 0;
        uri = WithoutPassword(uri, start);
        var end = uri.AsSpan(start).IndexOfAny(';', '?');
        return start == 0 && end < 0 ? uri : end < 0 ? uri[start..] : uri.Substring(start, end);
    }

    /// <summary>A person may have typed "sip:user:password@host".</summary>
    private static string WithoutPassword(string uri, int user)
    {
        var at = uri.LastIndexOf('@');
        var colon = at > user ? uri.IndexOf(':', user, at - user) : -1;
        return colon < 0 ? uri : uri.Remove(colon, at - colon);
    }

    private static ReadOnlySpan<char> Host(string address)
    {
        const string UsualPort = ":5060";
        var host = address.AsSpan(address.IndexOf('@', StringComparison.Ordinal) + 1);
        var end = host.IndexOfAny(';', '?');
        if (end >= 0) host = host[..end];
        return host.EndsWith(UsualPort, StringComparison.Ordinal) ? host[..^UsualPort.Length] : host;
    }

    /// <summary>What stands before the "@".</summary>
    public static string User(string uri)
    {
        var address = Address(uri);
        var at = address.IndexOf('@', StringComparison.Ordinal);
        return at > 0 ? address[..at] : address;
    }
}
