using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Softphone.Core;

namespace Softphone.Sip;

/// <summary>
/// The binding of one account (RFC 3261 §10): one Call-ID, rising numbers, refresh before the end, back-off after failures, the
/// public Contact learned from the answer's Via, a flow kept alive in between (RFC 5626 §4.4).
/// </summary>
internal sealed partial class Registration : IExchangeUser, ITimed
{
    private const int MostStrays = 4;

    private readonly AgentCore _core;
    private readonly Account _account;
    private readonly string _callId;
    private readonly string _fromTag;

    /// <summary>Contacts that a server took by another way than the one that is kept.</summary>
    private readonly List<NameAddr> _strays = [];
    private uint _cseq;
    private TimeSpan _asked;
    private Exchange? _exchange;
    private KeptFlow? _kept;
    private Instant _keptSince;
    private NameAddr? _contact;
    private NameAddr? _stale;

    /// <summary>The Contact that the registrar took last. It may still be there, whatever came between.</summary>
    private NameAddr? _bound;
    private int _failures;

    /// <summary>How often in a row a flow broke before it had stood for long.</summary>
    private int _drops;
    private static readonly TimeSpan LateEvery = TimeSpan.FromMinutes(1);

    private Instant? _answeredAt;
    private Instant? _lateAt;
    private bool _isWanted;
    private bool _isUnregistering;
    private bool _isRegistered;

    /// <summary>How often 423 has raised the lifetime, or a learned address the Contact, since the last success.</summary>
    private int _repairs;

    public Registration(AgentCore core, Account account)
    {
        _core = core;
        _account = account;
        _callId = core.NewCallId();
        _fromTag = core.NewTag();
        _cseq = (uint)core.Entropy.NextInt(10_000);
        _asked = account.Settings.Expires;
        ContactUser = $"{account.ContactUser}-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(_callId)), 0, 8)}";
        InstanceId = account.Settings.InstanceId is { Length: > 0 } set ? set : InstanceOf(_callId);
    }

    /// <summary>
    /// The user part of the Contact that is registered, unescaped. Chance is in it, that of the Call-ID, which goes to the registrar alone: so who
    /// calls it heard of it there (RFC 5627 in spirit). It is the same in every refresh, and stands nowhere else: a dialog's Contact, which
    /// every peer is told, has the plain name.
    /// </summary>
    public string ContactUser { get; }

    /// <summary>
    /// Who we are among the user's phones, whatever becomes of our address (RFC 5626 §4.1): as set, else one for as long as the program runs, made as
    /// <see cref="ContactUser"/> is. Without reg-id, which would promise outbound.
    /// </summary>
    public string InstanceId { get; }

    /// <summary>True while nothing is under way and the binding is gone.</summary>
    public bool IsIdle => _exchange is null && !_isRegistered;

    public bool IsRegistered => _isRegistered;

    /// <summary>The path of the binding; null without one.</summary>
    public PathId? Path => _kept?.Flow.Path;

    /// <summary>The flow of the binding, which keepalives hold; null without one.</summary>
    public Flow? Kept => _kept?.Flow;

    /// <summary>Where the registrar was asked last, by the flow of then; null before it was.</summary>
    public Flow? Place { get; private set; }

    /// <summary>When the registrar was heard last, by a final answer or by that to a keepalive; null when it was not.</summary>
    public Instant? HeardAt => Later(_answeredAt, _kept is { IsForgotten: false } kept ? kept.AnsweredAt : null);

    public void Register(Instant now)
    {
        _isWanted = true;
        _isUnregistering = false;
        _failures = 0;
        _repairs = 0;
        _core.Timers.Cancel((this, SipTimer.Shutdown));
        _core.Emit(new SipEvent.Registering(_account.Id));
        Send(now);
    }

    /// <summary>Removes the binding; Unregistered follows within the shutdown limit, answered or not.</summary>
    public void Unregister(Instant now)
    {
        if (_isUnregistering) return;
        _account.Messages?.Unsubscribe(now);
        var hadBinding = _isRegistered || _exchange is not null;
        _isWanted = false;
        _account.ServiceRoute = [];
        _account.Choice?.Stop();
        _core.Timers.Cancel((this, SipTimer.Register));
        if (!hadBinding)
        {
            _core.Emit(new SipEvent.Unregistered(_account.Id));
            return;
        }

        _isUnregistering = true;
        _core.Timers.Set((this, SipTimer.Shutdown), now + _core.Options.ShutdownLimit);
        Send(now);
    }

    /// <summary>The network is back: a registration that waits tries at once.</summary>
    public void TryNow(Instant now)
    {
        if (_isWanted && !_isRegistered && _exchange is null) _core.Timers.Set((this, SipTimer.Register), now);
    }

    /// <summary>Makes the binding again before its time.</summary>
    public void Renew(Instant now)
    {
        if (!_isWanted) return;
        _failures = 0;
        _repairs = 0;
        Send(now);
    }

    /// <summary>The account's choice of a flow is another: the binding moves there, in one request with the old one's removal.</summary>
    public void Move(Instant now)
    {
        if (!_isWanted) return;
        _stale = _contact;
        _failures = 0;
        _repairs = 0;
        Send(now);
    }

    /// <summary>The flow under the binding broke.</summary>
    public void OnFlowFailed(Instant now, in Flow flow, FlowFailure failure)
    {
        if (Kept != flow) return;
        LoseFlow();
        if (failure.Fault == StreamFault.Narrowed)
        {
            _stale = _contact;
            Renew(now);
            return;
        }

        _account.Choice?.OnFlowLost(now, flow);
        var fault = SipFaults.Transport(flow, failure);
        if (!_isWanted || _exchange is not null) return;
        if (now - _keptSince >= RegistrationSchedule.StableAfter) _drops = 0;
        Fail(now, 503, ReasonPhrase.Of(503), fault, RegistrationSchedule.Recover(_drops++, _core.Entropy));
    }

    /// <summary>A NAT on the way has forgotten us and made another mapping, which the registrar does not know: it is told at once (RFC 5626 §4.4.2).</summary>
    public void OnMapped(Instant now, in Flow flow, Address was, Address mapped)
    {
        if (Kept != flow || !_isWanted) return;
        _core.Note(now, _account.Id.ToString(), $"a NAT has moved us from {was} to {mapped}");
        if (_account.PublicPath == flow.Path && _account.PublicAddress == was && IsLearnable(flow, mapped)) _account.PublicAddress = mapped;
        if (_exchange is null) Renew(now);
    }

    /// <summary>
    /// A keepalive by UDP was not answered, or refused. The binding may be gone with the server's memory, and a REGISTER shows whether anybody is
    /// there; where one was refused the server is given time to come back.
    /// </summary>
    public void OnDoubted(Instant now, in Flow flow, PathError error)
    {
        if (Kept != flow || !_isWanted || _exchange is not null) return;
        if (error == PathError.Refused) _core.Timers.Set((this, SipTimer.Register), now + RegistrationSchedule.Soon(_core.Entropy));
        else Renew(now);
    }

    /// <summary>The server was away for a moment. A REGISTER costs little where it is needless, which on a lossy line it mostly is: so not more than one a minute.</summary>
    public void OnLate(Instant now, in Flow flow)
    {
        if (Kept != flow || !_isWanted || _exchange is not null || now - _lateAt < LateEvery) return;
        _lateAt = now;
        _core.Note(now, _account.Id.ToString(), "the server was away for a moment");
        Renew(now);
    }

    /// <summary>The path went away with every flow of it: the binding moves to another path, in one request with the old one's removal.</summary>
    public void OnPathRemoved(Instant now, PathId path)
    {
        if (_account.PublicPath == path) _account.PublicAddress = null;
        if (Kept is not { } flow || flow.Path != path) return;
        if (_core.Transport.Paths.Count == 0 || !_isWanted)
        {
            OnFlowFailed(now, flow, new FlowFailure(PathError.Unreachable));
            return;
        }

        LoseFlow();
        _account.Choice?.Reset();
        _stale = _contact;
        _failures = 0;
        _repairs = 0;
        _core.Emit(new SipEvent.Registering(_account.Id));
        Send(now);
    }

    public void OnTimer(Instant now, SipTimer timer)
    {
        if (timer == SipTimer.Register && _isWanted) Send(now);
        if (timer == SipTimer.Shutdown) FinishUnregister(now);
    }

    /// <summary>Lets go of everything, sending nothing.</summary>
    public void Abort()
    {
        _exchange?.Abort();
        _exchange = null;
        _isRegistered = _isWanted = _isUnregistering = false;
        _bound = null;
        _strays.Clear();
        _account.Choice?.Stop();
        LoseFlow();
        _core.Timers.Cancel((this, SipTimer.Register));
        _core.Timers.Cancel((this, SipTimer.Shutdown));
    }

    /// <summary>
    /// A success of a REGISTER that was given up: it was under way by another connection while the network was away, and may be the last that the
    /// registrar heard of us (RFC 3261 §10.3). The binding is made once more, and that one taken back.
    /// </summary>
    /// <returns>Whether anything comes of it.</returns>
    public bool TakeLate(Instant now, in Flow flow, SipResponse response)
    {
        if (!response.IsSuccess || response.Headers.CallId != _callId || !response.Headers.TryCSeq(out var cseq) || cseq.Method != SipMethod.Register) return false;
        if (!_isWanted || _isUnregistering || Kept == flow || !response.Headers.TryContacts(out var contacts)) return false;
        var before = _strays.Count;
        var user = SipUri.EscapeUser(ContactUser);
        foreach (var contact in contacts)
        {
            if (_strays.Count >= MostStrays) break;
            if (contact.Uri.User == user && contact.Uri != _contact?.Uri && _strays.All(known => known.Uri != contact.Uri)) _strays.Add(new NameAddr(contact.Uri));
        }

        if (_strays.Count == before) return false;
        if (_isRegistered && _exchange is null) _core.Timers.Set((this, SipTimer.Register), now);
        return true;
    }

    void IExchangeUser.OnAsked(Instant now, Exchange exchange, in Flow flow)
    {
        if (_isWanted) _account.Choice?.OnAsked(now, flow);
    }

    void IExchangeUser.OnProvisional(Instant now, Exchange exchange, SipResponse response)
    {
    }

    void IExchangeUser.OnFinal(Instant now, Exchange exchange, SipResponse response)
    {
        if (exchange != _exchange) return;
        _exchange = null;
        _answeredAt = now;
        Place = exchange.Transaction?.Flow ?? Place;
        TakeSequence(exchange);
        if (_isUnregistering) FinishUnregister(now);
        else if (response.IsSuccess) OnRegistered(now, exchange, response);
        else OnRefused(now, exchange, response);
    }

    void IExchangeUser.OnStraySuccess(Instant now, Exchange exchange, SipRequest sent)
    {
        if (_isUnregistering || ContactOf(sent) is not { } stray || _strays.Count >= MostStrays) return;
        _strays.Add(stray);
        if (_isRegistered && _exchange is null) _core.Timers.Set((this, SipTimer.Register), now);
    }

    void IExchangeUser.OnFailure(Instant now, Exchange exchange, int status, Fault fault)
    {
        if (exchange != _exchange) return;
        _exchange = null;
        Place = exchange.Transaction?.Flow ?? Place;
        if (_isUnregistering) FinishUnregister(now);
        else Fail(now, status, ReasonPhrase.Of(status), fault, RegistrationSchedule.BackOff(_failures++, _core.Entropy), dropped: exchange.Dropped);
        // Something may answer pings there and nobody REGISTER: the next one is worth another connection, unless this one still serves somebody.
        if (status == 408 && exchange.Transaction is { Flow: { IsReliable: true } stuck } && !_core.Transactions.IsUsed(stuck)) _core.Transport.End(now, stuck);
    }

    private void Send(Instant now)
    {
        if (_exchange is { } pending)
        {
            TakeSequence(pending);
            pending.Abort();
        }

        _core.Timers.Cancel((this, SipTimer.Register));
        var lifetime = _isUnregistering ? 0 : (long)_asked.TotalSeconds;
        var request = _core.RequestOutside(_account, SipMethod.Register, _account.Registrar);
        var self = new NameAddr(_account.Settings.Aor.AddressOfRecord) { DisplayName = _account.Settings.DisplayName };
        request.Headers.Set(HeaderName.From, self.WithTag(_fromTag).ToString());
        request.Headers.Set(HeaderName.To, self.ToString());
        request.Headers.Set(HeaderName.CallId, _callId);
        request.Headers.Set(HeaderName.CSeq, string.Create(CultureInfo.InvariantCulture, $"{++_cseq} {SipMethod.Register}"));
        request.Headers.Add(HeaderName.Expires, lifetime.ToString(CultureInfo.InvariantCulture));
        request.Headers.Add(HeaderName.Allow, AgentCore.Allow);
        request.Headers.Add(HeaderName.Supported, "path");
        // The binding under the address that proved wrong goes in the request that brings the right one, and goes first, for
        // registrars that rewrite both to the same.
        _exchange = new Exchange(_core, request, AgentCore.NextHop(request, _account), _account, null, this)
        {
            WithContact = true,
            ShapeContact = (contact, _) => Shape(contact, lifetime),
            StaleContacts = [.. Stale().Select(stale => stale.WithParameter("expires", "0"))],
        };
        _exchange.Start(now);
    }

    private IEnumerable<NameAddr> Stale() => (_isUnregistering ? _stale : _stale ?? _bound) is { } stale ? _strays.Append(stale) : _strays;

    /// <summary>The Contact that a REGISTER of ours binds: the last, after those that it removes.</summary>
    private static NameAddr? ContactOf(SipRequest register) => register.Headers.TryContacts(out var contacts) && contacts.Count > 0 ? new NameAddr(contacts[^1].Uri) : null;

    /// <summary>Challenges used up numbers of their own; a registrar takes no number twice (RFC 3261 §10.3 step 7).</summary>
    private void TakeSequence(Exchange exchange)
    {
        exchange.Template.Headers.TryCSeq(out var used);
        _cseq = Math.Max(_cseq, used.Number);
    }

    private NameAddr Shape(NameAddr contact, long lifetime)
    {
        if (_isUnregistering && _contact is { } bound) contact = bound;
        else _contact = contact = contact with { Uri = contact.Uri with { User = SipUri.EscapeUser(ContactUser) } };
        contact = contact.WithParameter("+sip.instance", $"\"<{InstanceId}>\"");
        return contact.WithParameter("expires", lifetime.ToString(CultureInfo.InvariantCulture));
    }

    private static string InstanceOf(string callId)
    {
        var octets = SHA256.HashData(Encoding.UTF8.GetBytes($"instance of {callId}")).AsSpan(0, 16);
        octets[6] = (byte)(octets[6] & 0x0F | 0x40);
        octets[8] = (byte)(octets[8] & 0x3F | 0x80);
        return $"urn:uuid:{new Guid(octets, bigEndian: true)}";
    }

    private void FinishUnregister(Instant now)
    {
        Abort();
        _core.Note(now, _account.Id.ToString(), "unregistered");
        _core.Emit(new SipEvent.Unregistered(_account.Id));
    }

    private static Instant? Later(Instant? one, Instant? other) => one is null || other > one ? other : one;

    private void LoseFlow()
    {
        if (_kept is { } kept)
        {
            _core.Transport.Keeper.Release(kept);
            // The next connection leaves from another port.
            if (kept.Flow.IsReliable && _account.PublicPath == kept.Flow.Path) _account.PublicAddress = null;
        }

        _kept = null;
        _isRegistered = false;
    }
}
