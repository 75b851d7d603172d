using System.Text;

namespace Softphone.Captures;

/// <summary>
/// Secrets of TLS connections, as browsers, OpenSSL and others write them for whoever may read along (SSLKEYLOGFILE: draft-ietf-tls-keylogfile). They are held to
/// decrypt with, and never told.
/// </summary>
public sealed class KeyLog
{
    private const int Most = 100_000;

    /// <summary>The random octets of a ClientHello, and those of no secret of any cipher are more.</summary>
    private const int RandomOctets = 32;
    private const int MostOctets = 64;

    private readonly Dictionary<(string Label, string Random), byte[]> _secrets = [];

    /// <summary>How many secrets are known.</summary>
    public int Count => _secrets.Count;

    /// <summary>Takes the lines of a file; what is no secret in it is passed over.</summary>
    /// <returns>How many secrets it has.</returns>
    public int Learn(ReadOnlySpan<byte> file)
    {
        var found = 0;
        foreach (var range in file.Split((byte)'\n'))
            if (TryLine(file[range], out var label, out var random, out var secret) && (_secrets.Count < Most || _secrets.ContainsKey((label, random))))
            {
                _secrets[(label, random)] = secret;
                found++;
            }

        return found;
    }

    /// <summary>The secret of a connection; null when there is none.</summary>
    /// <param name="label">What it is for.</param>
    /// <param name="random">The random octets of its ClientHello.</param>
    internal byte[]? Find(string label, ReadOnlySpan<byte> random) => _secrets.GetValueOrDefault((label, Convert.ToHexString(random)));

    private static bool TryLine(ReadOnlySpan<byte> line, out string label, out string random, out byte[] secret)
    {
        (label, random, secret) = ("", "", []);
        line = line.Trim(" \t\r"u8);
        var (space, last) = (line.IndexOf((byte)' '), line.LastIndexOf((byte)' '));
        if (line.IsEmpty || line[0] == '#' || space <= 0 || last == space) return false;
        var first = line[..space];
        var second = line[(space + 1)..last];
        var third = line[(last + 1)..];
        if (first.Length > 64 || second.Length != 2 * RandomOctets || third.Length is 0 or > 2 * MostOctets || third.Length % 2 != 0) return false;
        Span<byte> octets = stackalloc byte[MostOctets];
        if (Convert.FromHexString(second, octets, out _, out _) != System.Buffers.OperationStatus.Done) return false;
        random = Convert.ToHexString(octets[..RandomOctets]);
        if (Convert.FromHexString(third, octets, out _, out var length) != System.Buffers.OperationStatus.Done) return false;
        (label, secret) = (Encoding.ASCII.GetString(first), octets[..length].ToArray());
        return true;
    }
}
