namespace Softphone.Sip;

/// <summary>INVITE that takes the place of a call (RFC 3891 §3).</summary>
internal sealed partial class Intake
{
    // DEVIATION: RFC 3891 §3 wants the sender authenticated as somebody who may replace the call. A phone knows nobody's credentials; who names
    // Call-ID and both tags took part in the call, or was told by one who did, and must be where the call's peer is or come by a server of ours
    // (ReplacesTests.Invite_ThatNamesACallOfOurs_TakesItsPlace, Invite_FromElsewhere_MayNotHaveTheCall).

    /// <summary>The session that the INVITE names, null when it names none; false with the status owed when it may not have it.</summary>
    private bool TryReplaced(in Flow flow, SipRequest invite, out Session? replaced, out int owed)
    {
        (replaced, owed) = (null, 400);
        var count = invite.Headers.CountOf(HeaderName.Replaces);
        if (count == 0) return true;
        if (count > 1 || !ReplacesHeader.TryParse(invite.Headers.Get(HeaderName.Replaces)!, out var named)) return false;
        var key = new DialogKey(named.CallId, named.ToTag, named.FromTag);
        // A peer of RFC 2543 has no tag, which is written as 0.
        replaced = sessions.Find(key) ?? (named.FromTag == "0" ? sessions.Find(key with { RemoteTag = "" }) : null);
        owed = replaced is null ? (sessions.HasEnded(key) ? 603 : 481) : replaced.MayBeReplaced(named) is { } refusal ? refusal : replaced.MayBeReplacedFrom(flow.Remote.Ip) ? 0 : 403;
        if (owed == 0) return true;
        replaced = null;
        return false;
    }
}
