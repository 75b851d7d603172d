using System.Runtime.InteropServices;
using System.Text;

namespace Softphone.Media;

/// <summary>The protection profiles that DTLS can agree on (RFC 5764 §4.1.2, RFC 7714 §14.2), and the suites of SRTP that they are.</summary>
internal static unsafe class DtlsProfile
{
    private static readonly (string Name, SrtpSuite Suite)[] All =
    [
        ("SRTP_AEAD_AES_256_GCM", SrtpSuite.AeadAes256Gcm),
        ("SRTP_AEAD_AES_128_GCM", SrtpSuite.AeadAes128Gcm),
        ("SRTP_AES128_CM_SHA1_80", SrtpSuite.AesCm128Tag80),
        ("SRTP_AES128_CM_SHA1_32", SrtpSuite.AesCm128Tag32),
    ];

    /// <summary>The names of these suites as libssl takes them, best first; those of suites that DTLS has no profile for are left out.</summary>
    public static string Names(IEnumerable<SrtpSuite> suites) =>
        string.Join(':', suites.SelectMany(s => All.Where(p => p.Suite == s)).Select(p => p.Name));

    /// <summary>Every suite that DTLS has a profile for, best first.</summary>
    public static IReadOnlyList<SrtpSuite> Suites { get; } = [.. All.Select(p => p.Suite)];

    /// <summary>What the two sides agreed on; null for nothing.</summary>
    public static SrtpSuite? Of(DtlsHandle ssl)
    {
        var profile = Libssl.Profile(ssl);
        if (profile is null) return null;
        var name = Encoding.ASCII.GetString(MemoryMarshal.CreateReadOnlySpanFromNullTerminated(*profile));
        return All.FirstOrDefault(p => p.Name == name).Suite;
    }
}
