using Softphone.Core;
using Softphone.Sip;

namespace Softphone.Phone;

/// <summary>Every message of every account, with those that belong to no call.</summary>
public sealed partial class Desk
{
    private readonly SipDialogTable _dialogs = new();

    private void Overhear(PhoneMachine phone) => phone.Trace.Emitted += entry =>
    {
        if (entry is SipTrace.Message message && message.Source == phone.Options.Name) _dialogs.Add(message);
    };
}
