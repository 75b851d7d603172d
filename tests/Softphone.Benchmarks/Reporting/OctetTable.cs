using Softphone.Lab;
using Softphone.Media;
using Softphone.Sip;

namespace Softphone.Benchmarks;

/// <summary>Prints how long each SIP message of a default call is; the same on every machine.</summary>
internal static class OctetTable
{
    public static int Print()
    {
        var byMd5 = CallOctets.Measure(CodecFactory.Instance, digest: DigestAlgorithm.Md5).Table();
        var bySha256 = CallOctets.Measure(CodecFactory.Instance, digest: DigestAlgorithm.Sha256).Table();
        Console.WriteLine($"{"octets of UDP payload",-30}{"MD5",8}{"SHA-256",10}");
        foreach (var (row, other) in byMd5.Zip(bySha256)) Console.WriteLine($"{row.Message,-30}{row.Octets,8}{other.Octets,10}");
        return 0;
    }
}
