using Softphone.Core;

namespace Softphone.Sdp;

/// <summary>Why an offer cannot be answered, as the peer is told (RFC 3261 §20.43, §21.4.26) and as a person is told.</summary>
/// <param name="Status">The SIP status owed, 488.</param>
/// <param name="WarningCode">302 transport protocol, 304 media type, 305 media format, 301 address.</param>
/// <param name="WarningText">The quoted text of the Warning header.</param>
/// <param name="Fault">For the person.</param>
public sealed record OfferRejection(int Status, int WarningCode, string WarningText, Fault Fault)
{
    internal static OfferRejection Of(int warning, string text, string what, string remedy) =>
        new(488, warning, text, new Fault(Layer.Sdp, what, remedy));
}
