using Softphone.Core;

namespace Softphone.Sip;

/// <summary>What the registrar's answer means.</summary>
internal sealed partial class Registration
{
    private const int MaxRepairs = 3;

    private void OnRegistered(Instant now, Exchange exchange, SipResponse response)
    {
        var flow = exchange.Transaction!.Flow;
        // Attempts by other ways named others.
        _contact = ContactOf(exchange.Transaction.Request) ?? _contact;
        var source = _core.SeenFrom(flow, response);
        var seen = source is { } told && IsLearnable(flow, told) ? source : null;
        var own = Own(exchange, response, seen);
        _core.Rewrites.Look(flow, _contact!.Uri, Bindings.Read(response.Headers));
        var granted = Granted(own, response);
        _stale = null;
        _strays.RemoveAll(stray => exchange.StaleContacts.Any(stale => stale.Uri == stray.Uri) || stray.Uri == _contact!.Uri);
        if (granted == TimeSpan.Zero)
        {
            // 0 is a binding that is none (§10.2.2), whatever the status says; asking at once would bring the same.
            Fail(now, response.Status, response.Reason, SipFaults.NotBound(), RegistrationSchedule.BackOff(_failures++, _core.Entropy), exchange);
            return;
        }

        _bound = _contact;
        (_account.ServiceRoute, _account.ServiceRouteFrom) = (ServiceRouteIn(flow, response), flow.Remote.Ip);
        // After a sleep the connections were ended without a word to us, and the next one to the server is the same flow by name.
        if (_kept is { IsForgotten: false } kept && kept.Flow == flow)
        {
            _core.Transport.Keeper.Refreshed(now, kept, source);
        }
        else
        {
            LoseFlow();
            _keptSince = now;
            _core.Transport.Keeper.Keep(now, flow, source, out _kept);
        }

        _isRegistered = true;
        _failures = 0;
        if (LearnAddress(flow, own, seen) && _repairs++ < MaxRepairs)
        {
            _stale = _contact;
            Send(now);
            return;
        }

        _repairs = 0;
        _core.Note(now, _account.Id.ToString(), $"registered for {granted.TotalSeconds:0} s");
        _core.Emit(new SipEvent.Registered(_account.Id, granted, _contact!.Uri, flow.Remote, flow.Transport));
        _core.Timers.Set((this, SipTimer.Register), _strays.Count > 0 ? now : now + RegistrationSchedule.Refresh(granted, _core.Entropy));
        (_account.Messages ??= new MessageSubscription(_core, _account)).OnRegistered(now);
        _account.Choice?.OnRegistered(now, flow);
    }

    private void OnRefused(Instant now, Exchange exchange, SipResponse response)
    {
        // A redirection is not followed: a server is what the profile names, never what a message says (RFC 3261 §8.1.3.4 leaves it to us).
        var fault = response.Status is >= 300 and < 400 ? SipFaults.RegistrarMoved(response)
            : exchange.AuthenticationFault ?? SipFaults.Registration(response, _account.Settings.Aor);
        if (response.Status == 423)
        {
            var least = TimeSpan.FromSeconds(Math.Min(response.Headers.MinExpires ?? 0, 86_400 * 7));
            if (least > _asked && _repairs++ < MaxRepairs)
            {
                _asked = least;
                Send(now);
                return;
            }

            Fail(now, 423, response.Reason, SipFaults.TooBrief(_asked, least), null, exchange);
            return;
        }

        // It took the same over UDP.
        if (_bound is not null && _account.Choice is { } choice && choice.IsChosen(exchange.Transaction!.Flow))
        {
            choice.GiveUp(now);
            Send(now);
            return;
        }

        // Asking again changes nothing where the answer is about who we are or where the registrar is.
        var isFinal = response.Status is 401 or 403 or 404 or 407 or 405 or 501 || response.Status is >= 300 and < 400;
        TimeSpan? retry = isFinal ? null
            : RegistrationSchedule.Retry(_failures++, response.Headers.RetryAfter, _core.Entropy);
        Fail(now, response.Status, response.Reason, fault, retry, exchange, exchange.Dropped);
    }

    private void Fail(Instant now, int status, string reason, Fault fault, TimeSpan? retry, Exchange? exchange = null, IReadOnlyList<Dropped>? dropped = null)
    {
        LoseFlow();
        _core.Note(now, _account.Id.ToString(), $"registration failed: {status} {reason}");
        if (retry is { } wait) _core.Timers.Set((this, SipTimer.Register), now + wait);
        else
        {
            _isWanted = false;
            _account.ServiceRoute = [];
        }

        _core.Emit(new SipEvent.RegistrationFailed(_account.Id, status, reason, fault, retry) { IsAnswered = exchange is not null, Dropped = dropped ?? [] });
    }

    /// <summary>
    /// The route that a 2xx of a server of ours tells us to take (RFC 3608 §6.1): each says the whole, and one that is broken, strict or long beyond reason
    /// says none. Where it leads is no server of the account by that: no credentials go there that it would not have got otherwise.
    /// </summary>
    private IReadOnlyList<NameAddr> ServiceRouteIn(in Flow flow, SipResponse response)
    {
        const int Most = 8;
        if (!_account.Servers.Holds(flow) || !response.Headers.TryAddresses(HeaderName.ServiceRoute, out var routes)) return [];
        return routes.Count <= Most && routes.All(route => route.Uri.IsSip && route.IsLoose) ? routes : [];
    }

    /// <summary>Our Contact's expires in the answer, else its Expires header, else what we asked (§10.2.4).</summary>
    private TimeSpan Granted(NameAddr? own, SipResponse response)
    {
        var seconds = own?.Expires ?? response.Headers.Expires ?? (uint)_asked.TotalSeconds;
        return TimeSpan.FromSeconds(Math.Min(seconds, 86_400 * 7));
    }

    /// <summary>What we asked to be removed is no binding of ours, though a server may echo it.</summary>
    private NameAddr? Own(Exchange exchange, SipResponse response, Address? seen)
    {
        var listed = Bindings.Read(response.Headers);
        foreach (var stale in exchange.StaleContacts.Select(contact => contact.Uri))
            if (!Bindings.IsAt(stale, _contact!.Uri.Host, _contact.Uri.EffectivePort)) listed.RemoveAll(c => c.Expires == 0 && Bindings.IsAt(c.Uri, stale.Host, stale.EffectivePort));
        return Bindings.Own(listed, InstanceId, _contact!.Uri, seen);
    }

    /// <summary>False for what can be no address of ours to this server: a private address is not learned from a public one.</summary>
    private static bool IsLearnable(in Flow flow, Address seen) => !seen.Ip.IsPrivate || flow.Remote.Ip.IsPrivate || flow.Remote.Ip.IsLoopback;

    /// <summary>
    /// Learns how the registrar sees us (RFC 3581 §4). True when the binding must be made anew: the address differs from the Contact and the registrar has
    /// not put it right itself.
    /// </summary>
    private bool LearnAddress(in Flow flow, NameAddr? own, Address? seen)
    {
        if (!_account.Settings.LearnContact || seen is not { } known) return false;
        if (known == _core.Transport.LocalOf(flow))
        {
            var wasLearned = _account.PublicAddress is not null && _account.PublicPath == flow.Path;
            _account.PublicAddress = null;
            return wasLearned;
        }

        if (_account.PublicAddress == known && _account.PublicPath == flow.Path) return false;
        _account.PublicAddress = known;
        _account.PublicPath = flow.Path;
        var host = known.Ip.ToString();
        if (own is not null && Bindings.IsAt(own.Uri, host, known.Port))
        {
            _contact = new NameAddr(own.Uri);
            return false;
        }

        return !Bindings.IsAt(_contact!.Uri, host, known.Port);
    }
}
