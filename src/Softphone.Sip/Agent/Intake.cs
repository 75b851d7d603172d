using Softphone.Core;

namespace Softphone.Sip;

/// <summary>
/// The UAS core (RFC 3261 §8.2) and the sorting of all that arrives: to a transaction, to a dialog, to a new session, or back with
/// the status owed.
/// </summary>
internal sealed partial class Intake(AgentCore core, SessionTable sessions)
{
    /// <summary>A Call-ID that is longer is read, not glanced at.</summary>
    private const int LongestGlance = 128;

    /// <summary>Of who asserts more than these the rest is not read; RFC 3325 §9.1 allows two.</summary>
    private const int MostIdentities = 8;

    private readonly IntakeBudget _unsolicited = new(core.Options.UnsolicitedPerTenSeconds, core.Options.UnsolicitedPerSecond);
    private readonly CallScreen _screen = new(core);
    private readonly TextIntake _texts = new(core);
    private readonly RefusedCalls _refused = new(core);
    private readonly Crowd _crowd = new(sessions);

    public void OnResponse(Instant now, in Flow flow, SipResponse response)
    {
        // One Via, ours: whatever else was never sent in answer to us (§8.1.3.3, §18.1.2).
        var isOurs = response.Headers.TryVias(out var vias) && vias.Count == 1 && core.Transport.IsOurs(vias[0]);

        // Nobody guesses a branch, so this is our own Via with another address in it.
        if (!isOurs && core.Transactions.Asked(response) is { } asked && asked.Headers.TryVia(out var left) && response.Headers.TryVia(out var came) && (left.Host != came.Host || left.Port != came.Port))
            core.Rewrites.Tell(flow, "Via", left.Host, left.Port, came.Host, came.Port);
        if (!isOurs)
            DropAnswer(now, flow, $"{response.Status} with a Via that is not ours");
        else if (!core.Transactions.TryReceive(now, response) && !TakeLate(now, flow, response))
            DropAnswer(now, flow, $"{response.Status} to no request of ours");
    }

    private bool TakeLate(Instant now, in Flow flow, SipResponse response)
    {
        foreach (var account in core.Accounts.Values)
            if (account.Registration?.TakeLate(now, flow, response) == true) return true;
        return false;
    }

    private void DropAnswer(Instant now, in Flow flow, string why)
    {
        core.Transport.Unread.Note(now, flow.Remote, why);
        core.Transport.Drop(now, flow, why);
    }

    public void OnRequest(Instant now, in Flow flow, SipRequest request)
    {
        if (core.Transactions.TryReceive(now, request)) return;
        if (SipValidator.Check(request) is { } owed)
        {
            RefuseStateless(now, flow, request, owed.Status, owed.Reason);
            return;
        }

        request.Headers.TryTo(out var to);
        if (request.Method == SipMethod.Ack)
        {
            if (FindDialog(request).Session is { } session) session.OnAck(now, request);
            else core.Transport.Unread.Note(now, flow.Remote, "an ACK that belongs to no call of ours");
            return;
        }

        // Whoever shares a dialog or a transaction with us may speak in it; anybody else is counted.
        var isKnown = request.Method == SipMethod.Cancel ? core.Transactions.FindInviteOf(request) is not null : FindDialog(request).Dialog is not null;
        if (!isKnown && !IsWelcome(now, flow, request)) return;
        if (core.Transactions.ServerCount >= core.Options.MaxServerTransactions)
        {
            core.Transport.Drop(now, flow, "too many transactions");
            return;
        }

        if (!core.Transactions.HasRoom(request))
        {
            RefuseStateless(now, flow, request, 503, "no memory left for it");
            return;
        }

        if (request.Method == SipMethod.Cancel) OnCancel(now, flow, request);
        else if (to!.Tag is not null) OnRequestInDialog(now, flow, request);
        else OnRequestOutside(now, flow, request);
    }

    /// <summary>A request at which we threw: its session ends, and it is answered 500 where nothing has answered it yet (RFC 3261 §21.5.1).</summary>
    public void OnBroke(Instant now, in Flow flow, SipRequest request, Exception error)
    {
        var transaction = core.Transactions.FindServer(request);
        core.Barrier.Broke(now, transaction?.User as Session ?? FindDialog(request).Session, $"a request {request.Method}", error);
        if (request.Method == SipMethod.Ack) return;
        try
        {
            if (transaction is null) RefuseStateless(now, flow, request, 500, null);
            else if (transaction.State is TransactionState.Trying or TransactionState.Proceeding) Respond(now, transaction, 500);
        }
        catch (Exception again)
        {
            // What cannot even be answered is not kept either: the peer's own timer ends it.
            core.Barrier.Broke(now, null, $"the answer to {request.Method}", again);
            if (transaction is not null) core.Transactions.Abandon(transaction);
        }
    }

    /// <summary>A stream that lost its framing: 400 or 513 where there is somebody to tell (§18.3).</summary>
    public void OnBroken(Instant now, in Flow flow, SipStreamItem.Broken broken)
    {
        if (broken.Request is { } request) RefuseStateless(now, flow, request, broken.Status, null);
    }

    /// <summary>
    /// Whether to read a datagram at all. While its sender has no share left, only what may belong to a dialog or to a request of ours is,
    /// so that a flood costs a glance and what waits behind it in the socket is reached.
    /// </summary>
    public bool IsWelcome(Instant now, in Flow flow, ReadOnlySpan<byte> datagram)
    {
        var ip = flow.Remote.Ip;
        if (!_unsolicited.IsSpent(now, ip, datagram.Length) || datagram.StartsWith("SIP/"u8) || IsFromServer(ip)) return true;
        var callId = SipPeek.CallIdOf(datagram);
        Span<char> text = stackalloc char[LongestGlance];
        if (callId.Length > text.Length) return true;
        System.Text.Encoding.Latin1.GetChars(callId, text);
        if (sessions.HasCallId(text[..callId.Length])) return true;
        _unsolicited.Take(now, ip, datagram.Length);
        return false;
    }

    /// <summary>An account that is called by whatever name at an address of this machine has no server, though its address of record names one.</summary>
    private bool IsFromServer(IpAddress ip)
    {
        foreach (var account in core.Accounts.Values)
            if (!account.Settings.TakesAnyUser && account.Servers.IsFrom(ip)) return true;
        return false;
    }

    private bool IsWelcome(Instant now, in Flow flow, SipRequest request)
    {
        var ip = flow.Remote.Ip;
        if (IsFromServer(ip)) return true;
        if (_unsolicited.Take(now, ip, request.Octets)) return true;
        core.Transport.Drop(now, flow, "too many unsolicited requests");
        return false;
    }

    private (Session? Session, Dialog? Dialog) FindDialog(SipRequest request)
    {
        if (!request.Headers.TryTo(out var to) || !request.Headers.TryFrom(out var from)) return default;
        var key = new DialogKey(request.Headers.CallId ?? "", to.Tag ?? "", from.Tag ?? "");
        var session = sessions.Find(key);
        return (session, session?.DialogOf(key));
    }

    private void OnCancel(Instant now, in Flow flow, SipRequest cancel)
    {
        var invite = core.Transactions.FindInviteOf(cancel);
        if (core.Transactions.StartServer(now, cancel, flow, null) is not { } transaction) return;
        Respond(now, transaction, invite is null ? 481 : 200);
        (invite?.User as Session)?.OnCancel(now, cancel);
    }

    private void OnRequestInDialog(Instant now, in Flow flow, SipRequest request)
    {
        if (core.Transactions.StartServer(now, request, flow, null) is not { } transaction) return;
        if (FindDialog(request) is not ({ } session, { } dialog)) OnRequestOfNoCall(now, transaction, request);
        else if (RefusalOf(request) is { } refusal) core.Transactions.Respond(now, transaction, refusal);
        else if (request.Method == SipMethod.Message && request.Headers.TryCSeq(out var cseq) && dialog.TakeRemoteSeq(cseq.Number)) OnText(now, transaction.Flow, transaction, request, session.Account);
        else session.OnRequest(now, dialog, transaction, request);
    }

    /// <summary>
    /// A text, outside of calls or in one: from a server of the account, or from whoever reaches an account that is open so. A call does not let its peer
    /// write past the server.
    /// </summary>
    private void OnText(Instant now, in Flow flow, Transaction transaction, SipRequest request, Account? called = null)
    {
        var account = called;
        if (account is null && !_screen.TryAdmit(flow, request, out account, out _)) account = null;
        var isHeard = account is not null && (account.IsOpen || account.Servers.IsFrom(flow.Remote.Ip));
        if (isHeard)
        {
            request.Headers.TryFrom(out var from);
            _texts.Take(now, transaction, request, account!, Asserted(flow, request, account) ?? from!);
            return;
        }

        core.Transport.Unread.Note(now, flow.Remote, "a text that came past the servers of the account");
        // A 404 would end the call (RFC 5057 §5.2).
        Respond(now, transaction, called is null ? 404 : 403);
    }

    private void OnRequestOfNoCall(Instant now, Transaction transaction, SipRequest request)
    {
        if (core.Accounts.Values.FirstOrDefault(a => a.Messages?.Owns(request) == true) is { } account) account.Messages!.OnNotify(now, transaction, request);
        else Respond(now, transaction, 481);
    }

    /// <summary>News of a mailbox that nobody asked for, as some servers send: from a server of ours alone (RFC 3842 §3.9).</summary>
    private void OnUnasked(Instant now, in Flow flow, Transaction transaction, SipRequest request)
    {
        var isSummary = request.Headers.TryValue(HeaderName.Event, out var package, out _) && package.Equals(MessageSummary.Package, StringComparison.OrdinalIgnoreCase);
        if (isSummary && AccountFor(request) is { } account && account.Servers.IsFrom(flow.Remote.Ip)) (account.Messages ??= new MessageSubscription(core, account)).Take(now, transaction, request);
        else Respond(now, transaction, 481);
    }

    private void OnRequestOutside(Instant now, in Flow flow, SipRequest request)
    {
        if (request.Method == SipMethod.Invite)
        {
            OnInvite(now, flow, request);
            return;
        }

        var isMerged = core.Transactions.IsMerged(request);
        if (core.Transactions.StartServer(now, request, flow, null) is not { } transaction) return;
        if (isMerged) Respond(now, transaction, 482);
        else if (RefusalOf(request) is { } refusal) core.Transactions.Respond(now, transaction, refusal);
        // DEVIATION: RFC 3261 §11.2 wants the status that an INVITE would get. A server that asks whether we are there asks by whatever name and
        // address it thinks we have (CallScreenTests.Options_FromTheServer_IsAnsweredWhateverItNames).
        else if (request.Method == SipMethod.Options) core.Transactions.Respond(now, transaction, core.Abilities(request));
        else if (request.Method == SipMethod.Notify) OnUnasked(now, flow, transaction, request);
        else if (request.Method == SipMethod.Subscribe) core.RefuseEvent(now, transaction);
        else if (request.Method == SipMethod.Message) OnText(now, flow, transaction, request);
        // Nobody sends us to calls who has none with us.
        else if (request.Method == SipMethod.Refer) Respond(now, transaction, 403);
        else Respond(now, transaction, 481);
    }

    /// <summary>
    /// A new call. What does not get past the first four questions costs nothing: it is answered and forgotten (RFC 3261 §8.2.7), so that
    /// no transaction of it stands in the way of the same call when it comes by another branch, or sends the answer ten times to an address
    /// that may be forged.
    /// </summary>
    private void OnInvite(Instant now, in Flow flow, SipRequest invite)
    {
        if (invite.RequestUri is not ({ IsSip: true } or { IsTel: true }))
        {
            TurnAway(now, flow, invite, CallRefusal.UnknownUser, 416);
            return;
        }

        var mayReplace = TryReplaced(flow, invite, out var replaced, out var owed);
        // Who names a call by all its tags belongs to it, and needs no server (RFC 3891).
        Account? account = replaced?.Account;
        if (replaced is null && !_screen.TryAdmit(flow, invite, out account, out var why))
        {
            TurnAway(now, flow, invite, why, 404);
            return;
        }

        var isMerged = core.Transactions.IsMerged(invite);
        if (!isMerged && replaced is null && account is not null && Divert(now, flow, invite, account)) return;
        if (!isMerged && replaced is null && sessions.Count >= core.Options.MaxSessions && !MakesRoom(now, flow))
        {
            TurnAwayBusy(now, flow, invite, account);
            return;
        }

        if (core.Transactions.StartServer(now, invite, flow, null) is not { } transaction) return;
        if (isMerged) Respond(now, transaction, 482);
        else if (RefusalOf(invite) is { } refusal) Refuse(now, flow, transaction, invite, account, refusal);
        else if (!mayReplace) Respond(now, transaction, owed);
        else if (invite.Headers.Expires == 0) Respond(now, transaction, 487);
        else TakeCall(now, flow, transaction, invite, account, replaced);
    }

    private bool MakesRoom(Instant now, in Flow flow)
    {
        if (_crowd.GivesWayTo(flow.Remote.Ip) is not { } session) return false;
        session.GiveWay(now);
        return sessions.Count < core.Options.MaxSessions;
    }

    private void TakeCall(Instant now, in Flow flow, Transaction transaction, SipRequest invite, Account? account, Session? replaced)
    {
        var session = new Session(core, sessions, sessions.NextId(), account);
        if (!session.TakeCall(now, transaction, invite))
        {
            Respond(now, transaction, 400);
            return;
        }

        sessions.Add(session);
        invite.Headers.TryFrom(out var from);
        invite.Headers.TryTo(out var to);
        var asserted = Asserted(flow, invite, account);
        MessageBody.FindSdp(invite, out var offer);
        var isByServer = account?.Servers.IsFrom(flow.Remote.Ip) == true;
        // Anybody can write what follows; a server of ours says what it has seen, or lets pass.
        var (wish, isDemanded) = isByServer ? AnswerMode.Of(invite.Headers) : default;
        IReadOnlyList<string> supported = [.. invite.Headers.Supported, .. invite.Headers.Require];
        core.Emit(new SipEvent.Incoming(session.Id, account?.Id, from!, to!, invite.RequestUri, offer, asserted, supported, flow.Remote)
        {
            Origin = invite.Headers.Vias() is [.., var lowest] && IpAddress.TryParse(lowest.Received ?? lowest.Host, out var origin) ? origin : default,
            IsByServer = isByServer,
            Forwarding = isByServer ? CallForwarding.Of(invite) : null,
            Wish = wish,
            IsWishDemanded = isDemanded,
            Replaces = replaced?.Id,
            IsReliable = session.SaysReliably,
        });
    }

    /// <summary>Who it is by the word of a server of the account; null without.</summary>
    private static NameAddr? Asserted(in Flow flow, SipRequest invite, Account? account)
    {
        if (account is not { Settings.TrustAssertedIdentity: true } || !account.Servers.IsFrom(flow.Remote.Ip)) return null;
        // A SIP URI and a number may both be there (RFC 3325 §9.1): the first by which the caller can be called is shown.
        var asserted = Identities(invite.Headers, HeaderName.PAssertedIdentity).ToList();
        if (asserted.Count > 0) return asserted.Find(identity => identity.Uri.IsSip) ?? asserted[0];
        var caller = Identities(invite.Headers, HeaderName.RemotePartyId).FirstOrDefault(IsCaller);
        return caller is null ? null : caller with { Parameters = Parameters.Empty };

        static bool IsCaller(NameAddr party) => party.Parameters["party"] is not { } role || role.Equals("calling", StringComparison.OrdinalIgnoreCase);
    }

    private static IEnumerable<NameAddr> Identities(SipHeaders headers, string name)
    {
        foreach (var text in headers.GetList(name).Take(MostIdentities))
            if (NameAddr.TryParse(text, out var identity, out _)) yield return identity;
    }

    /// <summary>The account that news are for: by Request-URI, then by To, else the first.</summary>
    private Account? AccountFor(SipRequest request)
    {
        request.Headers.TryTo(out var to);
        Account? byUser = null;
        Account? byTo = null;
        foreach (var account in core.Accounts.Values)
        {
            if (account.IsBinding(request.RequestUri) || request.RequestUri.DisplayUser == account.ContactUser) byUser ??= account;
            if (to!.Uri.User == account.Settings.Aor.User && to.Uri.Host.Equals(account.Settings.Aor.Host, StringComparison.OrdinalIgnoreCase)) byTo ??= account;
        }

        return byTo ?? byUser ?? core.Accounts.Values.FirstOrDefault();
    }
}
