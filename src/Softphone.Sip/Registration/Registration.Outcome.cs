using Softphone.Core;

namespace Softphone.Sip;

/// <summary>What the registrar's answer means.</summary>
internal sealed partial class Registration
{
    private const int MaxRepairs = 3;

    private void OnRegistered(Instant now, Exchange exchange, SipResponse response)
    {
        var flow = exchange.Transaction!.Flow;
        var granted = Granted(response);
        _stale = null;
        _bound = _contact;
        if (response.Headers.TryAddresses(HeaderName.ServiceRoute, out var routes)) _account.ServiceRoute = [.. routes.Take(8)];
        if (_kept != flow)
        {
            LoseFlow();
            _kept = flow;
            _core.Transport.Keep(now, flow);
        }

        _isRegistered = true;
        _failures = 0;
        if (LearnAddress(flow, response) && _repairs++ < MaxRepairs)
        {
            _stale = _contact;
            Send(now);
            return;
        }

        _repairs = 0;
        _core.Note(now, _account.Id.ToString(), $"registered for {granted.TotalSeconds:0} s");
        _core.Emit(new SipEvent.Registered(_account.Id, granted, _contact!.Uri, flow.Remote, flow.Transport));
        _core.Timers.Set((this, SipTimer.Register), now + RegistrationSchedule.Refresh(granted, _core.Entropy));
        (_account.Messages ??= new MessageSubscription(_core, _account)).OnRegistered(now);
    }

    private void OnRefused(Instant now, Exchange exchange, SipResponse response)
    {
        // A redirection is not followed: a server is what the profile names, never what a message says (RFC 3261 §8.1.3.4 leaves it to us).
        var fault = response.Status is >= 300 and < 400 ? SipFaults.RegistrarMoved(response)
            : exchange.AuthenticationFault ?? SipFaults.Status(response, _account.Settings.Aor);
        if (response.Status == 423)
        {
            var least = TimeSpan.FromSeconds(Math.Min(response.Headers.MinExpires ?? 0, 86_400 * 7));
            if (least > _asked && _repairs++ < MaxRepairs)
            {
                _asked = least;
                Send(now);
                return;
            }

            Fail(now, 423, response.Reason, new Fault(Layer.Sip, "the registrar wants a longer lifetime and does not say which", "raise the account's registration lifetime"), null);
            return;
        }

        // Asking again changes nothing where the answer is about who we are or where the registrar is.
        var isFinal = response.Status is 401 or 403 or 404 or 407 or 405 or 501 || response.Status is >= 300 and < 400;
        TimeSpan? retry = isFinal ? null
            : response.Headers.RetryAfter is { } seconds ? TimeSpan.FromSeconds(Math.Clamp(seconds, 1, 86_400))
            : RegistrationSchedule.BackOff(_failures++, _core.Entropy);
        Fail(now, response.Status, response.Reason, fault, retry);
    }

    private void Fail(Instant now, int status, string reason, Fault fault, TimeSpan? retry)
    {
        LoseFlow();
        _core.Note(now, _account.Id.ToString(), $"registration failed: {status} {reason}");
        if (retry is { } wait) _core.Timers.Set((this, SipTimer.Register), now + wait);
        else _isWanted = false;
        _core.Emit(new SipEvent.RegistrationFailed(_account.Id, status, reason, fault, retry));
    }

    /// <summary>Our Contact's expires in the answer, else its Expires header, else what we asked (§10.2.4).</summary>
    private TimeSpan Granted(SipResponse response)
    {
        var seconds = OwnContact(response)?.Expires ?? response.Headers.Expires ?? (uint)_asked.TotalSeconds;
        return TimeSpan.FromSeconds(Math.Clamp(seconds, 1, 86_400 * 7));
    }

    /// <summary>Our binding among those listed: by instance, else by user, whatever became of the address, else by address, whatever became of the user.</summary>
    private NameAddr? OwnContact(SipResponse response)
    {
        if (!response.Headers.TryContacts(out var contacts)) return null;
        var instance = _account.Settings.InstanceId;
        if (instance.Length > 0 && contacts.FirstOrDefault(c => c.Parameters["+sip.instance"]?.Trim('<', '>') == instance) is { } byInstance) return byInstance;
        var ofUser = contacts.Where(c => c.Uri.User == _contact!.Uri.User).ToList();
        if (ofUser.Count == 1) return ofUser[0];
        return (ofUser.Count > 0 ? ofUser : contacts).FirstOrDefault(c => c.Uri.Host == _contact!.Uri.Host && c.Uri.EffectivePort == _contact.Uri.EffectivePort);
    }

    /// <summary>
    /// Reads from the top Via how the registrar sees us (R6). True when the binding must be made anew: the address differs from
    /// the Contact and the registrar has not put it right itself. A private address is not learned from a public server.
    /// </summary>
    private bool LearnAddress(in Flow flow, SipResponse response)
    {
        if (!_account.Settings.LearnContact || !response.Headers.TryVia(out var via)) return false;
        var path = _core.Transport.Find(flow.Path);
        if (path is null || via.Rport is not { } port) return false;
        var ip = via.Received is { } received && IpAddress.TryParse(received, out var seen) ? seen : path.Bound.Ip;
        if (ip.IsUnspecified || (ip.IsPrivate && !flow.Remote.Ip.IsPrivate && !flow.Remote.Ip.IsLoopback)) return false;
        var known = new Address(ip, port);
        if (known == path.Bound)
        {
            var wasLearned = _account.PublicAddress is not null && _account.PublicPath == flow.Path;
            _account.PublicAddress = null;
            return wasLearned;
        }

        if (_account.PublicAddress == known && _account.PublicPath == flow.Path) return false;
        _account.PublicAddress = known;
        _account.PublicPath = flow.Path;
        var own = OwnContact(response);
        var isRewritten = own is not null && own.Uri.Host == ip.ToString() && own.Uri.EffectivePort == port;
        if (isRewritten) _contact = own;
        return !isRewritten && !(_contact!.Uri.Host == ip.ToString() && _contact.Uri.EffectivePort == port);
    }
}
