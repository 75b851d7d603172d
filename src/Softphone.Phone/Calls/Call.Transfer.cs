using Softphone.Core;
using Softphone.Sip;

namespace Softphone.Phone;

/// <summary>We send the peer to somebody else (RFC 5589).</summary>
internal sealed partial class Call
{
    public void Transfer(Instant now, SipUri target)
    {
        if (!IsUp || _session is null) return;
        _phone.Emit(new PhoneEvent.TransferChanged(now, Id, TransferState.Failed, 501, "Not Implemented"));
    }

    public void TransferTo(Instant now, Call other)
    {
        if (!IsUp || !other.IsUp || _session is null) return;
        _phone.Emit(new PhoneEvent.TransferChanged(now, Id, TransferState.Failed, 501, "Not Implemented"));
    }
}
