using Softphone.Media;
using Softphone.Phone;

namespace Softphone.Cli;

/// <summary>The certificate of this run of the program for DTLS (RFC 5763): made anew each time, so that two runs have nothing in common.</summary>
internal static class RunIdentity
{
    private static readonly Lazy<DtlsIdentity?> Made = new(() => DtlsIdentity.IsAvailable ? DtlsIdentity.Create(DateTimeOffset.UtcNow) : null);

    /// <summary>Options of a phone that may need it, with it; none where libssl is not installed.</summary>
    public static PhoneOptions Give(PhoneOptions options) => options.Srtp is SrtpMode.Try or SrtpMode.Dtls ? options with { Dtls = Made.Value } : options;
}
