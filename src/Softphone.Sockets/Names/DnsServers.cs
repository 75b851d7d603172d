using System.Net.NetworkInformation;

namespace Softphone.Sockets;

/// <summary>The DNS servers that the system asks, read anew for each question because networks change.</summary>
internal static class DnsServers
{
    private const string ResolvConf = "/etc/resolv.conf";

    /// <summary>Whether a file tells all there is to know of DNS here. macOS has one too, which does not count for its own resolver.</summary>
    public static bool AreInFile => OperatingSystem.IsLinux() && File.Exists(ResolvConf);

    public static DnsSettings OfSystem()
    {
        try
        {
            if (File.Exists(ResolvConf)) return DnsSettings.Parse(File.ReadAllText(ResolvConf));
        }
        catch (IOException)
        {
        }
        catch (UnauthorizedAccessException)
        {
        }

        var found = new List<Address>();
        foreach (var nic in NetworkInterface.GetAllNetworkInterfaces())
        {
            if (nic.OperationalStatus != OperationalStatus.Up) continue;
            foreach (var server in nic.GetIPProperties().DnsAddresses)
            {
                var address = new Address(IpAddress.From(server), 53);
                if (!found.Contains(address)) found.Add(address);
            }
        }

        return DnsSettings.Of(found);
    }

    /// <summary>The nameserver lines of resolv.conf(5); without any it means the server on this machine.</summary>
    public static List<Address> Parse(string text)
    {
        var found = new List<Address>();
        foreach (var line in text.Split('\n'))
        {
            var words = line.Split((char[])[' ', '\t', '\r'], StringSplitOptions.RemoveEmptyEntries);
            if (words.Length >= 2 && words[0] == "nameserver" && IpAddress.TryParse(words[1], out var ip)) found.Add(new Address(ip, 53));
        }

        return found.Count > 0 ? found : [new Address(IpAddress.LoopbackV4, 53)];
    }
}
