using System.Runtime.InteropServices;

namespace Softphone.Media;

/// <summary>What is used of libssl 3: DTLS with its extension for SRTP.</summary>
internal static unsafe partial class Libssl
{
    public const int VerifyPeer = 1, RefuseNoCertificate = 2;

    public const int SetMtu = 17, SetCacheMode = 44, SetMostCertificates = 51, SetLeastVersion = 123, SetMostVersion = 124;

    public const int WantRead = 2, Ended = 6;

    public const int Dtls12 = 0xFEFD;

    /// <summary>The kind of key of an elliptic curve (NID_X9_62_id_ecPublicKey).</summary>
    public const int EllipticKey = 408;

    public const ulong NoQueryMtu = 1UL << 12, NoTicket = 1UL << 14, NoRenegotiation = 1UL << 30;

    static Libssl() => NativeLibraries.Register();

    [LibraryImport(NativeLibraries.Ssl, EntryPoint = "DTLS_method")]
    public static partial nint Method();

    [LibraryImport(NativeLibraries.Ssl, EntryPoint = "SSL_CTX_new")]
    public static partial DtlsContextHandle CreateContext(nint method);

    [LibraryImport(NativeLibraries.Ssl, EntryPoint = "SSL_CTX_free")]
    public static partial void FreeContext(nint context);

    [LibraryImport(NativeLibraries.Ssl, EntryPoint = "SSL_CTX_ctrl")]
    public static partial CLong Control(DtlsContextHandle context, int command, CLong value, nint pointer);

    [LibraryImport(NativeLibraries.Ssl, EntryPoint = "SSL_CTX_set_options")]
    public static partial ulong SetOptions(DtlsContextHandle context, ulong options);

    [LibraryImport(NativeLibraries.Ssl, EntryPoint = "SSL_CTX_set_cipher_list")]
    public static partial int SetCiphers(DtlsContextHandle context, byte* names);

    /// <summary>Zero is good, unlike everywhere else.</summary>
    [LibraryImport(NativeLibraries.Ssl, EntryPoint = "SSL_CTX_set_tlsext_use_srtp")]
    public static partial int SetProfiles(DtlsContextHandle context, byte* names);

    [LibraryImport(NativeLibraries.Ssl, EntryPoint = "SSL_CTX_use_certificate_ASN1")]
    public static partial int UseCertificate(DtlsContextHandle context, int length, byte* der);

    [LibraryImport(NativeLibraries.Ssl, EntryPoint = "SSL_CTX_use_PrivateKey_ASN1")]
    public static partial int UseKey(int kind, DtlsContextHandle context, byte* der, CLong length);

    [LibraryImport(NativeLibraries.Ssl, EntryPoint = "SSL_CTX_set_verify")]
    public static partial void SetVerify(DtlsContextHandle context, int mode, delegate* unmanaged[Cdecl]<int, nint, int> verify);

    [LibraryImport(NativeLibraries.Ssl, EntryPoint = "SSL_new")]
    public static partial DtlsHandle Create(DtlsContextHandle context);

    [LibraryImport(NativeLibraries.Ssl, EntryPoint = "SSL_free")]
    public static partial void Free(nint ssl);

    [LibraryImport(NativeLibraries.Ssl, EntryPoint = "SSL_set_bio")]
    public static partial void SetBuffers(DtlsHandle ssl, nint input, nint output);

    [LibraryImport(NativeLibraries.Ssl, EntryPoint = "SSL_ctrl")]
    public static partial CLong Control(DtlsHandle ssl, int command, CLong value, nint pointer);

    [LibraryImport(NativeLibraries.Ssl, EntryPoint = "DTLS_set_timer_cb")]
    public static partial void SetTimer(DtlsHandle ssl, delegate* unmanaged[Cdecl]<nint, uint, uint> timer);

    [LibraryImport(NativeLibraries.Ssl, EntryPoint = "SSL_set_connect_state")]
    public static partial void BeClient(DtlsHandle ssl);

    [LibraryImport(NativeLibraries.Ssl, EntryPoint = "SSL_set_accept_state")]
    public static partial void BeServer(DtlsHandle ssl);

    [LibraryImport(NativeLibraries.Ssl, EntryPoint = "SSL_do_handshake")]
    public static partial int Shake(DtlsHandle ssl);

    [LibraryImport(NativeLibraries.Ssl, EntryPoint = "SSL_read")]
    public static partial int Read(DtlsHandle ssl, byte* octets, int length);

    [LibraryImport(NativeLibraries.Ssl, EntryPoint = "SSL_shutdown")]
    public static partial int Shutdown(DtlsHandle ssl);

    [LibraryImport(NativeLibraries.Ssl, EntryPoint = "SSL_get_error")]
    public static partial int ErrorOf(DtlsHandle ssl, int result);

    [LibraryImport(NativeLibraries.Ssl, EntryPoint = "SSL_export_keying_material")]
    public static partial int Export(DtlsHandle ssl, byte* material, nuint length, byte* label, nuint labelLength, byte* context, nuint contextLength, int usesContext);

    /// <summary>A name and a number; null where none was agreed on.</summary>
    [LibraryImport(NativeLibraries.Ssl, EntryPoint = "SSL_get_selected_srtp_profile")]
    public static partial byte** Profile(DtlsHandle ssl);

    [LibraryImport(NativeLibraries.Ssl, EntryPoint = "SSL_get1_peer_certificate")]
    public static partial nint PeerCertificate(DtlsHandle ssl);
}
