namespace Softphone.Sockets;

/// <summary>The names of /etc/hosts (hosts(5)), which go before DNS.</summary>
internal static class HostsFile
{
    private const string FilePath = "/etc/hosts";

    public static List<IpAddress> Find(string name)
    {
        try
        {
            return File.Exists(FilePath) ? Find(File.ReadAllText(FilePath), name) : [];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    public static List<IpAddress> Find(string text, string name)
    {
        var found = new List<IpAddress>();
        name = name.TrimEnd('.');
        foreach (var line in text.Split('\n'))
        {
            var words = line.Split('#')[0].Split((char[])[' ', '\t', '\r'], StringSplitOptions.RemoveEmptyEntries);
            if (words.Length < 2 || !IpAddress.TryParse(words[0], out var ip) || found.Contains(ip)) continue;
            if (words[1..].Any(word => word.TrimEnd('.').Equals(name, StringComparison.OrdinalIgnoreCase))) found.Add(ip);
        }

        return found;
    }
}
