using Softphone.Core;
using Softphone.Sip;

namespace Softphone.Phone;

/// <summary>Every message of every account, with those that belong to no call.</summary>
public sealed partial class Desk
{
    private readonly SipDialogTable _dialogs = new();

    /// <summary>Registrations that failed in another run, oldest first: their messages stand beside those of this one.</summary>
    public void RecalledRegistrations(IEnumerable<CallView> registrations)
    {
        foreach (var record in registrations)
            foreach (var message in record.Trace.OfType<SipTrace.Message>()) _dialogs.Add(message with { Source = record.Account });
    }

    private void Overhear(PhoneMachine phone) => phone.Trace.Emitted += entry =>
    {
        if (entry is SipTrace.Message message && message.Source == phone.Options.Name) _dialogs.Add(message);
    };
}
