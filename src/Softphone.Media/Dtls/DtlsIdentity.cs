using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Softphone.Core;

namespace Softphone.Media;

/// <summary>
/// Who we are in DTLS: a key and a certificate of our own signing, which descriptions speak of by its fingerprint (RFC 5763 §5). One for a run of the
/// program. It, and the handshakes, draw their chance from libcrypto: what they send differs from run to run, when they send it does not.
/// </summary>
public sealed unsafe class DtlsIdentity : IDisposable
{
    /// <summary>RFC 8827 §6.5 wants the first one; those of RSA are for peers whose certificate is of that kind.</summary>
    private const string Ciphers =
        "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-ECDSA-CHACHA20-POLY1305:"
        + "ECDHE-RSA-AES128-GCM-SHA256:ECDHE-RSA-AES256-GCM-SHA384:ECDHE-RSA-CHACHA20-POLY1305";

    /// <summary>Octets of the certificates that a peer may show.</summary>
    private const int MostCertificates = 16384;

    /// <summary>Made when they are first asked for: most calls ask for none.</summary>
    private readonly Lazy<(byte[] Certificate, DtlsContextHandle Context)> _made;

    private DtlsIdentity(Func<(byte[] Certificate, DtlsContextHandle Context)> make) => _made = new(make);

    /// <summary>libssl 3 can be loaded.</summary>
    public static bool IsAvailable => NativeLibraries.IsPresent(NativeLibraries.Ssl) && NativeLibraries.IsPresent(NativeLibraries.Crypto);

    /// <summary>What to install where it cannot.</summary>
    public static Fault Missing => NativeLibraries.Missing(NativeLibraries.Ssl);

    internal DtlsContextHandle Context => _made.Value.Context;

    /// <summary>A new key and certificate.</summary>
    /// <param name="today">What the certificate counts its days from.</param>
    /// <param name="suites">The suites of SRTP that may be agreed on, best first; null for all.</param>
    /// <exception cref="MissingLibraryException">libssl 3 cannot be loaded.</exception>
    /// <exception cref="ArgumentException">There is no profile for any of the suites.</exception>
    public static DtlsIdentity Create(DateTimeOffset today, IReadOnlyList<SrtpSuite>? suites = null)
    {
        NativeLibraries.Require(NativeLibraries.Ssl);
        NativeLibraries.Require(NativeLibraries.Crypto);
        var names = DtlsProfile.Names(suites ?? DtlsProfile.Suites);
        if (names.Length == 0) throw new ArgumentException("DTLS has a profile for none of these suites");
        return new DtlsIdentity(() => Make(today, names));
    }

    /// <summary>What our descriptions say of the certificate.</summary>
    public CertificateHash Fingerprint(string algorithm) => CertificateHash.Of(algorithm, _made.Value.Certificate);

    public void Dispose()
    {
        if (_made.IsValueCreated) Context.Dispose();
    }

    private static (byte[] Certificate, DtlsContextHandle Context) Make(DateTimeOffset today, string profiles)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        // A name says nothing of who we are: the certificate travels in the clear (RFC 5763 §6.1).
        var request = new CertificateRequest("CN=softphone", key, HashAlgorithmName.SHA256);
        using var certificate = request.CreateSelfSigned(today.AddDays(-1), today.AddYears(1));
        var der = certificate.RawData;
        var secret = key.ExportECPrivateKey();
        try
        {
            return (der, CreateContext(der, secret, profiles));
        }
        finally
        {
            CryptographicOperations.ZeroMemory(secret);
        }
    }

    private static DtlsContextHandle CreateContext(byte[] certificate, byte[] key, string profiles)
    {
        var context = Libssl.CreateContext(Libssl.Method());
        if (context.IsInvalid) throw new InvalidOperationException("libssl gives no context for DTLS");
        Libssl.Control(context, Libssl.SetLeastVersion, new CLong(Libssl.Dtls12), 0);
        Libssl.Control(context, Libssl.SetMostVersion, new CLong(Libssl.Dtls12), 0);
        Libssl.Control(context, Libssl.SetCacheMode, new CLong(0), 0);
        Libssl.Control(context, Libssl.SetMostCertificates, new CLong(MostCertificates), 0);
        Libssl.SetOptions(context, Libssl.NoQueryMtu | Libssl.NoTicket | Libssl.NoRenegotiation);
        // No authority stands behind either certificate (RFC 5763 §5): whose it is the fingerprint says, once the handshake is over.
        Libssl.SetVerify(context, Libssl.VerifyPeer | Libssl.RefuseNoCertificate, &TakeAny);
        var isGood = true;
        fixed (byte* ciphers = Encoding.ASCII.GetBytes(Ciphers + '\0'))
            isGood &= Libssl.SetCiphers(context, ciphers) == 1;
        fixed (byte* names = Encoding.ASCII.GetBytes(profiles + '\0'))
            isGood &= Libssl.SetProfiles(context, names) == 0;
        fixed (byte* der = certificate)
            isGood &= Libssl.UseCertificate(context, certificate.Length, der) == 1;
        fixed (byte* der = key)
            isGood &= Libssl.UseKey(Libssl.EllipticKey, context, der, new CLong(key.Length)) == 1;
        if (isGood) return context;
        context.Dispose();
        throw new InvalidOperationException("libssl does not take our certificate, or has none of our ciphers");
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int TakeAny(int isGood, nint store) => 1;
}
