using System.Runtime.InteropServices;

namespace Softphone.Media;

/// <summary>What is used of libcrypto 3 beside libssl: buffers in memory, certificates as octets, and what errors are called.</summary>
internal static unsafe partial class Libcrypto
{
    static Libcrypto() => NativeLibraries.Register();

    [LibraryImport(NativeLibraries.Crypto, EntryPoint = "BIO_s_mem")]
    public static partial nint InMemory();

    [LibraryImport(NativeLibraries.Crypto, EntryPoint = "BIO_new")]
    public static partial nint CreateBuffer(nint kind);

    [LibraryImport(NativeLibraries.Crypto, EntryPoint = "BIO_read")]
    public static partial int Read(nint buffer, byte* octets, int length);

    [LibraryImport(NativeLibraries.Crypto, EntryPoint = "BIO_write")]
    public static partial int Write(nint buffer, byte* octets, int length);

    [LibraryImport(NativeLibraries.Crypto, EntryPoint = "BIO_ctrl_pending")]
    public static partial nuint Pending(nint buffer);

    [LibraryImport(NativeLibraries.Crypto, EntryPoint = "i2d_X509")]
    public static partial int Encode(nint certificate, byte** der);

    [LibraryImport(NativeLibraries.Crypto, EntryPoint = "X509_free")]
    public static partial void FreeCertificate(nint certificate);

    [LibraryImport(NativeLibraries.Crypto, EntryPoint = "ERR_clear_error")]
    public static partial void ForgetErrors();

    [LibraryImport(NativeLibraries.Crypto, EntryPoint = "ERR_get_error")]
    public static partial CULong TakeError();

    [LibraryImport(NativeLibraries.Crypto, EntryPoint = "ERR_reason_error_string")]
    public static partial byte* Describe(CULong error);
}
