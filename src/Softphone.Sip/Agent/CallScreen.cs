using Softphone.Core;

namespace Softphone.Sip;

/// <summary>
/// Who may make us ring, and whom a call is for (RFC 3261 §8.2.2.1). A call to the Contact of a registration is from somebody whom the
/// registrar told it. Any other names an address of record, and comes from a server of that account unless the account takes calls from
/// anyone: the address that it came from is looked at, for all that the message says of itself may be invented.
/// </summary>
internal sealed class CallScreen(AgentCore core)
{
    /// <summary>True when the call may ring. An agent without accounts takes all.</summary>
    public bool TryAdmit(in Flow flow, SipRequest invite, out Account? account, out CallRefusal why)
    {
        (account, why) = (null, CallRefusal.Stranger);
        if (core.Accounts.Count == 0) return true;
        var isAnybodyHeard = false;
        var best = 0;
        foreach (var candidate in core.Accounts.Values)
        {
            var isFromServer = candidate.Servers.IsFrom(flow.Remote.Ip);
            var isHeard = isFromServer || candidate.IsOpen;
            isAnybodyHeard |= isHeard;
            var score = candidate.IsBinding(invite.RequestUri) ? 8
                : !isHeard || !candidate.IsNamed(invite.RequestUri) ? 0
                : 1 + (isFromServer ? 4 : 0) + (IsTo(invite, candidate) ? 2 : 0);
            if (score > best) (account, best) = (candidate, score);
        }

        if (account is not null) return true;
        if (isAnybodyHeard) why = CallRefusal.UnknownUser;
        return false;
    }

    private static bool IsTo(SipRequest invite, Account account) =>
        invite.Headers.TryTo(out var to) && to.Uri.AddressOfRecord.IsEquivalentTo(account.Settings.Aor.AddressOfRecord);
}
