using System.Reflection;
using System.Runtime.InteropServices;
using Softphone.Core;

namespace Softphone.Media;

/// <summary>
/// Finds the C libraries of the media room under the names that each system gives them, and says what to install where one is missing.
/// </summary>
internal static class NativeLibraries
{
    public const string Opus = "opus";
    public const string SpeexDsp = "speexdsp";
    public const string Ssl = "ssl";
    public const string Crypto = "crypto";

    // Homebrew's folder is not on the loader's path of macOS.
    private static readonly string[] MacFolders = ["", "/opt/homebrew/lib/", "/usr/local/lib/"];

    // OpenSSL is kept apart there, since the system has a library of that name that ends whoever loads it.
    private static readonly string[] MacOpenSsl = ["/opt/homebrew/opt/openssl@3/lib/", "/usr/local/opt/openssl@3/lib/", "/opt/local/lib/"];

    private static readonly Lazy<bool> Registered = new(() =>
    {
        NativeLibrary.SetDllImportResolver(typeof(NativeLibraries).Assembly, Resolve);
        return true;
    });

    /// <summary>Called by each class of imports before its first call.</summary>
    public static void Register() => _ = Registered.Value;

    /// <summary>True when the library can be loaded.</summary>
    public static bool IsPresent(string library) => TryLoad(library, out _);

    /// <exception cref="MissingLibraryException">The library cannot be loaded.</exception>
    public static void Require(string library)
    {
        if (!IsPresent(library)) throw new MissingLibraryException(Missing(library));
    }

    public static Fault Missing(string library) => library switch
    {
        Opus => new Fault(Layer.Media, "libopus is not installed",
            "install the package libopus0 (Debian, Ubuntu), opus (Fedora, Arch, Homebrew), or put opus.dll beside the program"),
        Ssl or Crypto => new Fault(Layer.Dtls, "keys by DTLS need libssl 3, which is not installed", OperatingSystem.IsWindows()
            ? "put libssl-3-x64.dll and libcrypto-3-x64.dll of OpenSSL 3 beside the program (Windows has neither), or set media.srtp to try, sdes or off"
            : "install the package libssl3 (Debian, Ubuntu: libssl3t64 in the newer ones), openssl-libs (Fedora) or openssl (Arch, Homebrew), "
            + "or set media.srtp to try, sdes or off"),
        _ => new Fault(Layer.Media, "taking out echo and noise needs libspeexdsp, which is not installed",
            "install the package libspeexdsp1 (Debian, Ubuntu) or speexdsp (Fedora, Arch, Homebrew), "
            + "or put libspeexdsp.dll beside the program"),
    };

    private static nint Resolve(string library, Assembly assembly, DllImportSearchPath? path) =>
        TryLoad(library, out var handle) ? handle : 0;

    private static bool TryLoad(string library, out nint handle)
    {
        handle = 0;
        var names = (library, OperatingSystem.IsWindows(), OperatingSystem.IsMacOS()) switch
        {
            (Opus, true, _) => ["opus.dll", "libopus-0.dll", "libopus.dll"],
            (Ssl, true, _) => ["libssl-3-x64.dll", "libssl-3-arm64.dll", "libssl-3.dll"],
            (Crypto, true, _) => ["libcrypto-3-x64.dll", "libcrypto-3-arm64.dll", "libcrypto-3.dll"],
            (SpeexDsp, true, _) => ["libspeexdsp.dll", "libspeexdsp-1.dll", "speexdsp.dll"],
            (Opus, _, true) => [.. MacFolders.Select(f => f + "libopus.0.dylib")],
            (SpeexDsp, _, true) => [.. MacFolders.Select(f => f + "libspeexdsp.1.dylib")],
            (Ssl, _, true) => [.. MacOpenSsl.Select(f => f + "libssl.3.dylib")],
            (Crypto, _, true) => [.. MacOpenSsl.Select(f => f + "libcrypto.3.dylib")],
            (Ssl, _, _) => ["libssl.so.3"],
            (Crypto, _, _) => ["libcrypto.so.3"],
            (Opus, _, _) => ["libopus.so.0", "libopus.so"],
            (SpeexDsp, _, _) => ["libspeexdsp.so.1", "libspeexdsp.so"],
            _ => Array.Empty<string>(),
        };
        foreach (var name in names)
            if (NativeLibrary.TryLoad(name, typeof(NativeLibraries).Assembly, null, out handle)) return true;
        return false;
    }
}
