using Softphone.Core;

namespace Softphone.Phone;

internal sealed partial class Call
{
    /// <summary>The phone's interfaces changed, and SIP has moved already.</summary>
    public void NetworkChanged(Instant now)
    {
    }
}
