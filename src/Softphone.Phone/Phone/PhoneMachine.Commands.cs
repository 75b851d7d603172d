using Softphone.Core;
using Softphone.Sip;

namespace Softphone.Phone;

public sealed partial class PhoneMachine
{
    private readonly Texts _texts;
    private readonly Dictionary<AccountId, CallManners> _manners = [];

    /// <summary>Adds an identity. Do so before <see cref="Start"/>: the first one decides which interface SIP uses.</summary>
    public AccountId AddAccount(SipAccount account)
    {
        _firstHop ??= account.OutboundProxy ?? account.Registrar ?? Options.Towards ?? account.Aor;
        var id = Sip.AddAccount(account);
        _accounts[id] = account;
        SetManners(id, Options.Manners);
        return id;
    }

    /// <summary>What the phone does with an account's calls where nobody has decided, from now on; calls that ring already go on as they began.</summary>
    public void SetManners(AccountId account, CallManners manners)
    {
        _manners[account] = manners;
        if (Options.Answering is AnswerPolicy.Manual) Sip.Divert(account, manners.Diversion);
    }

    public CallManners MannersOf(AccountId account) => _manners.GetValueOrDefault(account) ?? CallManners.None;

    /// <summary>Asks for the servers' addresses and opens the SIP paths. Commands given earlier wait for it.</summary>
    public void Start(Instant now)
    {
        _isStarted = true;
        Servers.Begin(now);
        if (_firstHop is not { } hop) OpenSip(now, []);
        else if (IpAddress.TryParse(hop.Host, out var numeric)) OpenSip(now, [numeric]);
        else _firstHopQuery = Servers.Ask(hop.Host);
        Settle(now);
    }

    /// <summary>
    /// The TURN servers with new credentials, given before the old ones end. Calls from now on use these; a call that holds relays of the
    /// old ones gathers again and restarts ICE, and media goes on by the old path until the new one stands.
    /// </summary>
    public void SetTurnAccounts(Instant now, IReadOnlyList<TurnAccount> accounts)
    {
        if (_shuttingDown || _shutDown) return;
        if (Servers.SetTurn(now, accounts, _isStarted)) ServersKnown(now);
        Settle(now);
    }

    public void Register(Instant now, AccountId account) => WhenOpen(now, at => Sip.Register(at, account));

    public void Unregister(Instant now, AccountId account) => WhenOpen(now, at => Sip.Unregister(at, account));

    /// <summary>Places a call: gathers candidates, then sends the INVITE.</summary>
    public CallId Call(Instant now, AccountId account, SipUri target, CallOptions? options = null)
    {
        var call = new Call(this, NextCall(), account, target, options ?? new CallOptions());
        Add(call);
        if (_shuttingDown) With(now, call.Id, c => c.Hangup(now));
        else WhenOpen(now, at => _barrier.Guard(at, call, call.Dial, "dialling"));
        return call.Id;
    }

    /// <summary>Answers a ringing call.</summary>
    public void Answer(Instant now, CallId call, CallOptions? options = null) => With(now, call, c => c.Answer(now, options ?? new CallOptions()));

    /// <summary>Refuses a ringing call with this status.</summary>
    public void Reject(Instant now, CallId call, int status = 486) => With(now, call, c => c.Reject(now, status));

    /// <summary>Ends the call, whatever its state.</summary>
    public void Hangup(Instant now, CallId call) => With(now, call, c => c.Hangup(now));

    public void Hold(Instant now, CallId call, bool hold) => With(now, call, c => c.SetHold(now, hold));

    /// <summary>
    /// Blind transfer: asks the peer to call somebody else (RFC 5589 §6). The call goes on hold, and ends when the two talk; when they do
    /// not it is still there. TransferChanged follows.
    /// </summary>
    public void Transfer(Instant now, CallId call, SipUri target) => With(now, call, c => c.Transfer(now, target));

    /// <summary>Attended transfer: the peers of two calls of ours are joined, and we leave (RFC 5589 §7). TransferChanged of the first follows.</summary>
    public void TransferTo(Instant now, CallId call, CallId other)
    {
        if (_calls.TryGetValue(other, out var consultation)) With(now, call, c => c.TransferTo(now, consultation));
        else Settle(now);
    }

    /// <summary>Looks for a better path for media: new candidates, offered by re-INVITE (RFC 8445 §9). Media goes on by the old path until then.</summary>
    public void RestartIce(Instant now, CallId call) => With(now, call, c => c.RestartIce(now));

    public void SetMuted(Instant now, CallId call, bool muted) => With(now, call, c => c.SetMuted(muted));

    /// <summary>Sends keys; false when the peer takes none, or they are no keys.</summary>
    public bool SendDtmf(Instant now, CallId call, string keys)
    {
        var isSent = false;
        With(now, call, c => isSent = c.SendDtmf(now, keys));
        return isSent;
    }

    /// <summary>Asks another phone, or a server, what it can do.</summary>
    public RequestId? Query(Instant now, AccountId account, SipUri target)
    {
        RequestId? request = null;
        WhenOpen(now, at => request = Sip.Options(at, account, target));
        return request;
    }

    /// <summary>Writes to somebody (RFC 3428); TextSent tells what became of it. To the same address the next goes when the one before is answered.</summary>
    public TextId SendText(Instant now, AccountId account, SipUri target, string text)
    {
        var id = _texts.Next();
        WhenOpen(now, at => _texts.Send(at, id, account, target, text));
        return id;
    }

    /// <summary>Hangs up, unregisters and gives allocations back, within about two seconds; then comes ShutDown.</summary>
    public void Shutdown(Instant now)
    {
        if (_shuttingDown) return;
        _shuttingDown = true;
        _ways.Close(now);
        ForEach(now, "hanging up", static (call, at) => call.Hangup(at));
        _referrals.Clear(now);
        _texts.Clear(now);
        Sip.Shutdown(now);
        Settle(now);
    }

    /// <summary>What a view shows of a call; null when it is gone.</summary>
    public CallSnapshot? Snapshot(Instant now, CallId call) => _calls.TryGetValue(call, out var found) ? SnapshotOf(now, found) : null;

    internal Call? Find(CallId call) => _calls.GetValueOrDefault(call);

    private CallId NextCall() => Options.Numbering!.Next();

    private void Add(Call call)
    {
        _calls.Add(call.Id, call);
        _order.Add(call.Id);
    }

    private void With(Instant now, CallId id, Action<Call> act)
    {
        if (_calls.TryGetValue(id, out var call) && !call.IsBroken) _barrier.Guard(now, call, _ => act(call), "a command");
        Settle(now);
    }

    private CallSnapshot? SnapshotOf(Instant now, Call call)
    {
        CallSnapshot? snapshot = null;
        _barrier.Guard(now, call, at => snapshot = call.Snapshot(at), "a view of it");
        return snapshot;
    }

    private void WhenOpen(Instant now, Action<Instant> act)
    {
        if (_sockets.Any) act(now);
        else _whenOpen.Add(act);
        Settle(now);
    }

    /// <summary>What was said last leaves before the sockets close, so that waits for the next step.</summary>
    private void FinishShutdown(Instant now)
    {
        if (_shuttingDown && _order.Count == 0 && Sip.IsIdle) _closeAt ??= now;
    }

    private void CloseSip(Instant now)
    {
        _sockets.CloseAll();
        _shutDown = true;
        Emit(new PhoneEvent.ShutDown(now));
    }
}
