using System.Globalization;

namespace Softphone.Sockets;

/// <summary>The state of IPv6 addresses that .NET does not tell on Linux: /proc/net/if_inet6, flags as in if_addr.h.</summary>
internal static class Ipv6Flags
{
    public static Dictionary<IpAddress, int> Read()
    {
        try
        {
            return Parse(File.ReadAllText("/proc/net/if_inet6"));
        }
        catch (IOException)
        {
            return [];
        }
        catch (UnauthorizedAccessException)
        {
            return [];
        }
    }

    /// <summary>Lines of "address index prefix scope flags name", all but the name in hexadecimal.</summary>
    public static Dictionary<IpAddress, int> Parse(string text)
    {
        var flags = new Dictionary<IpAddress, int>();
        foreach (var line in text.Split('\n'))
        {
            var words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (words.Length < 6 || words[0].Length != 32) continue;
            if (!UInt128.TryParse(words[0], NumberStyles.HexNumber, CultureInfo.InvariantCulture, out _)) continue;
            if (!int.TryParse(words[4], NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var flag)) continue;
            flags[IpAddress.FromBytes(Convert.FromHexString(words[0]))] = flag;
        }

        return flags;
    }
}
