using System.Globalization;

namespace Softphone.Sockets;

/// <summary>What resolv.conf(5) says, as far as it matters to us: servers, search list and the options ndots, timeout, attempts and rotate.</summary>
/// <param name="Servers">In the order to ask.</param>
/// <param name="Search">Domains that short names are tried in.</param>
/// <param name="Dots">A name with this many dots is tried as it stands first.</param>
/// <param name="Patience">How long the last question waits. The system's 5 s is cut to 3: a call waits for it.</param>
/// <param name="Attempts">How often each server is asked.</param>
/// <param name="Rotates">Begin with another server each time.</param>
internal sealed record DnsSettings(IReadOnlyList<Address> Servers, IReadOnlyList<string> Search, int Dots, TimeSpan Patience, int Attempts, bool Rotates)
{
    private const int LongestPatience = 3;
    private const int MostAttempts = 5;
    private const int MostDots = 15;

    public static DnsSettings Of(IReadOnlyList<Address> servers) => new(servers, [], 1, TimeSpan.FromSeconds(LongestPatience), 2, false);

    /// <summary>Reads the file's text; the last of "search" and "domain" counts. Without servers the one on this machine is meant.</summary>
    public static DnsSettings Parse(string text)
    {
        var settings = Of(DnsServers.Parse(text));
        foreach (var line in text.Split('\n'))
        {
            var words = line.Split((char[])[' ', '\t', '\r'], StringSplitOptions.RemoveEmptyEntries);
            if (words.Length < 2) continue;
            if (words[0] is "search" or "domain") settings = settings with { Search = [.. words[1..].Select(w => w.Trim('.')).Where(w => w.Length > 0)] };
            if (words[0] != "options") continue;
            foreach (var option in words[1..]) settings = settings.With(option);
        }

        return settings;
    }

    /// <summary>The names that a name may stand for, in the order to try.</summary>
    public IEnumerable<string> Candidates(string name)
    {
        if (name.EndsWith('.')) return [name.TrimEnd('.')];
        var searched = Search.Select(domain => $"{name}.{domain}");
        return name.Count(c => c == '.') >= Dots ? [name, .. searched] : [.. searched, name];
    }

    private DnsSettings With(string option)
    {
        if (option == "rotate") return this with { Rotates = true };
        var colon = option.IndexOf(':', StringComparison.Ordinal);
        if (colon < 0 || !int.TryParse(option.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var value)) return this;
        return option[..colon] switch
        {
            "ndots" => this with { Dots = Math.Min(value, MostDots) },
            "timeout" => this with { Patience = TimeSpan.FromSeconds(Math.Clamp(value, 1, LongestPatience)) },
            "attempts" => this with { Attempts = Math.Clamp(value, 1, MostAttempts) },
            _ => this,
        };
    }
}
