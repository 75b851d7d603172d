using Softphone.Core;
using Softphone.Nat;
using Softphone.Sip;

namespace Softphone.Phone;

public sealed partial class PhoneMachine
{
    private readonly Dictionary<AccountId, SipAccount> _accounts = [];
    private readonly HashSet<AccountId> _registered = [];
    private readonly Dictionary<SessionId, CallId> _sessions = [];

    internal void Bind(Instant now, SessionId session, Call call)
    {
        _sessions[session] = call.Id;
        if (Trace.IsOn) Trace.Emit(new CallTrace.Signalled(now, call.Source, session.ToString(), Sip.CallIdOf(session)));
    }

    private void OnSip(Instant now, SipEvent happened)
    {
        switch (happened)
        {
            case SipEvent.Registering e:
                EmitRegistration(now, e.Account, RegistrationState.Registering);
                break;
            case SipEvent.ServerSilent e:
                Emit(new PhoneEvent.ServerSilent(now, e.Account, e.Server, e.Transport, e.Instead, e.Fault));
                // Calls that were set up by way of it go on by the other.
                ForEach(now, "a silent server", static (call, at) => call.RefreshContact(at));
                break;
            case SipEvent.WayFound e:
                Emit(new PhoneEvent.WayFound(now, e.Account, e.Kind, e.Server, e.Transport, e.Fault));
                break;
            case SipEvent.Registered e:
                _sockets.Use(e.Server.Ip.IsV4);
                EmitRegistration(now, e.Account, RegistrationState.Registered, e.Server.ToString(), e.Expires, 200, "OK", transport: e.Transport, contact: e.Contact.ToString());
                // The registrar may have shown us an address that calls do not know yet.
                ForEach(now, "a new contact", static (call, at) => call.RefreshContact(at));
                break;
            case SipEvent.Rewritten e:
                Emit(new PhoneEvent.Rewritten(now, e.Server, e.Fault));
                break;
            case SipEvent.ServerFaint e:
                _ways.ServerLost(now, e.Account, e.Since);
                break;
            case SipEvent.ProbeAnswered e:
                _ways.Answered(now, e.Path);
                break;
            case SipEvent.RegistrationFailed e:
                if (e.Status is 408 or 503) _ways.ServerLost(now, e.Account, now);
                EmitRegistration(now, e.Account, RegistrationState.Failed, status: e.Status, reason: e.Reason, fault: e.Fault, retryIn: e.RetryIn, failed: e);
                break;
            case SipEvent.Unregistered e:
                EmitRegistration(now, e.Account, RegistrationState.Unregistered);
                break;
            case SipEvent.Incoming e:
                OnIncoming(now, e);
                break;
            case SipEvent.CallRefused e:
                Emit(new PhoneEvent.CallRefused(now, e.Why, e.Count, Shown(e.From.Uri), Shown(e.Target), e.Remote)
                {
                    SipCallId = e.CallId,
                    Status = e.Status,
                    DisplayName = e.From.DisplayName ?? "",
                    Demands = e.Demands,
                    ForwardedTo = e.ForwardedTo is { } target ? Shown(target) : "",
                });
                break;
            case SipEvent.Progress e:
                Of(e.Session)?.OnProgress(now, e);
                break;
            case SipEvent.ProgressAnswered e:
                Of(e.Session)?.OnProgressAnswered(now, e);
                break;
            case SipEvent.Answered e:
                Of(e.Session)?.OnAnswered(now, e);
                break;
            case SipEvent.Confirmed e:
                Of(e.Session)?.OnConfirmed(now, e);
                break;
            case SipEvent.OfferReceived e:
                Of(e.Session)?.OnOffer(now, e);
                break;
            case SipEvent.OfferAnswered e:
                Of(e.Session)?.Offers.OnOfferAnswered(now, e.Sdp);
                break;
            case SipEvent.OfferFailed e:
                Of(e.Session)?.Offers.OnOfferFailed(now, e.Status);
                break;
            case SipEvent.OfferDue e:
                Of(e.Session)?.OnOfferDue(now);
                break;
            case SipEvent.InfoReceived e:
                Of(e.Session)?.OnInfo(now, e);
                break;
            case SipEvent.InfoAnswered e:
                Of(e.Session)?.OnInfoAnswered(now, e);
                break;
            case SipEvent.ReferAnswered e:
                Of(e.Session)?.OnReferAnswered(now, e);
                break;
            case SipEvent.ReferNews e:
                Of(e.Session)?.OnReferNews(now, e);
                break;
            case SipEvent.ReferReceived e:
                OnReferral(now, e);
                break;
            case SipEvent.OfferOutdated e:
                Of(e.Session)?.OnOfferOutdated(now);
                break;
            case SipEvent.PeerDoubted e:
                Of(e.Session)?.OnPeerDoubted(now, e);
                break;
            case SipEvent.PeerHeard e:
                Of(e.Session)?.PeerIsThere(now);
                break;
            case SipEvent.FlowLost e:
                Of(e.Session)?.RefreshContact(now);
                break;
            case SipEvent.RefreshDue e:
                Of(e.Session)?.OnRefreshDue(now);
                break;
            case SipEvent.OfferPostponed e:
                Of(e.Session)?.Offers.OnOfferPostponed(now);
                break;
            case SipEvent.Ended e:
                Of(e.Session)?.OnEnded(now, e);
                _sessions.Remove(e.Session);
                break;
            case SipEvent.MessagesWaiting e:
                Emit(new PhoneEvent.MessagesWaiting(now, e.Account, e.New, e.Old));
                break;
            case SipEvent.TextReceived e:
                Emit(new PhoneEvent.TextReceived(now, e.Account, Shown(e.From.Uri), e.From.DisplayName ?? "", e.Text));
                break;
            case SipEvent.TextsRefused e:
                Emit(new PhoneEvent.TextsRefused(now, e.Account, Shown(e.From.Uri), e.Count));
                break;
            case SipEvent.RequestCompleted e when _texts.Completed(now, e):
                break;
            case SipEvent.RequestCompleted e:
                Emit(new PhoneEvent.RequestAnswered(now, e.Request, e.Status, e.Reason, e.RoundTrip, e.Response, e.Fault));
                break;
            case SipEvent.Broke e:
                _barrier.Told(now, e);
                break;
        }
    }

    private void OnIncoming(Instant now, SipEvent.Incoming incoming)
    {
        if (_shuttingDown)
        {
            Sip.Reject(now, incoming.Session, 480);
            return;
        }

        if (Network.IsSpent)
        {
            Sip.Reject(now, incoming.Session, 503, null, [new("Retry-After", "10")]);
            return;
        }

        var call = _barrier.Serving = new Call(this, NextCall(), incoming);
        Add(call);
        Bind(now, incoming.Session, call);
        var old = incoming.Replaces is { } replaced ? Of(replaced) : null;
        _barrier.Serving = call;
        if (old is not null) call.Replace(now, incoming, old);
        else call.Ring(now, incoming);
    }

    internal static string Shown(SipUri uri) => (uri with { Password = null }).ToString();

    /// <summary>The call of a session, which is served from now on; one that threw is told nothing more.</summary>
    private Call? Of(SessionId session) =>
        _sessions.TryGetValue(session, out var id) && _calls.TryGetValue(id, out var call) && !call.IsBroken ? _barrier.Serving = call : null;

    private void ForEach(Instant now, string where, Action<Call, Instant> act)
    {
        for (var i = 0; i < _order.Count; i++)
        {
            var call = _calls[_order[i]];
            if (!call.IsBroken) _barrier.Guard(now, call, at => act(call, at), where);
        }
    }

    private void EmitRegistration(
        Instant now, AccountId account, RegistrationState state, string server = "", TimeSpan? expires = null, int? status = null, string reason = "", Fault? fault = null,
        TimeSpan? retryIn = null, Transport? transport = null, string contact = "", SipEvent.RegistrationFailed? failed = null)
    {
        if (!_accounts.TryGetValue(account, out var settings)) return;
        if (state == RegistrationState.Registered) _registered.Add(account);
        else _registered.Remove(account);
        if (server.Length == 0) server = (settings.Registrar ?? settings.Aor).Host;
        Emit(new PhoneEvent.Registration(now, account, state, settings.Aor.ToString(), server, expires, status, reason, fault, retryIn is not null)
        {
            RetryIn = retryIn,
            Transport = transport,
            Contact = contact,
            IsAnswered = failed?.IsAnswered == true,
            Dropped = failed?.Dropped ?? [],
        });
    }
}
