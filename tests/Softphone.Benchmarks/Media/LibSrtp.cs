using System.Runtime.InteropServices;

namespace Softphone.Benchmarks;

/// <summary>libsrtp 2 as Debian has it, to measure beside: one session that sends and one that receives, under the same key.</summary>
internal sealed unsafe partial class LibSrtp : IDisposable
{
    public const string Name = "libsrtp2";

    private const string Library = "libsrtp2.so.1";
    private const int PolicyLength = 128;
    private const int RtpPolicyAt = 8;
    private const int RtcpPolicyAt = 32;
    private const int KeyAt = 56;
    private const int WindowAt = 88;
    private const int AnyInbound = 2;
    private const int AnyOutbound = 3;

    // It may be told to begin once.
    private static bool _isReady;

    private readonly nint _sender;
    private readonly nint _receiver;

    public LibSrtp(bool isGcm, byte[] key)
    {
        if (!_isReady) Check(srtp_init());
        _isReady = true;
        _sender = Create(AnyOutbound, isGcm, key);
        _receiver = Create(AnyInbound, isGcm, key);
    }

    public static bool IsPresent { get; } = NativeLibrary.TryLoad(Library, out _);

    /// <summary>Protects and opens the packet in place; the octets that it has then.</summary>
    public int Pass(Span<byte> packet, int length)
    {
        fixed (byte* at = packet)
        {
            Check(srtp_protect(_sender, at, &length));
            Check(srtp_unprotect(_receiver, at, &length));
        }

        return length;
    }

    public void Dispose()
    {
        _ = srtp_dealloc(_sender);
        _ = srtp_dealloc(_receiver);
    }

    // srtp_policy_t of its version 2, on systems of 64 bits.
    private static nint Create(int direction, bool isGcm, byte[] key)
    {
        var policy = stackalloc byte[PolicyLength];
        new Span<byte>(policy, PolicyLength).Clear();
        *(int*)policy = direction;
        foreach (var at in new[] { RtpPolicyAt, RtcpPolicyAt })
        {
            if (isGcm) srtp_crypto_policy_set_aes_gcm_128_16_auth(policy + at);
            else srtp_crypto_policy_set_rtp_default(policy + at);
        }

        *(nuint*)(policy + WindowAt) = 128;
        fixed (byte* octets = key)
        {
            *(byte**)(policy + KeyAt) = octets;
            nint session;
            Check(srtp_create(&session, policy));
            return session;
        }
    }

    private static void Check(int status)
    {
        if (status != 0) throw new InvalidOperationException($"libsrtp2 says {status}");
    }

    [LibraryImport(Library)]
    private static partial int srtp_init();

    [LibraryImport(Library)]
    private static partial void srtp_crypto_policy_set_rtp_default(byte* policy);

    [LibraryImport(Library)]
    private static partial void srtp_crypto_policy_set_aes_gcm_128_16_auth(byte* policy);

    [LibraryImport(Library)]
    private static partial int srtp_create(nint* session, byte* policy);

    [LibraryImport(Library)]
    private static partial int srtp_protect(nint session, byte* packet, int* length);

    [LibraryImport(Library)]
    private static partial int srtp_unprotect(nint session, byte* packet, int* length);

    [LibraryImport(Library)]
    private static partial int srtp_dealloc(nint session);
}
