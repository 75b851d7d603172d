using Softphone.Core;
using Softphone.Sip;

namespace Softphone.Servers;

/// <summary>Registrations (RFC 3261 §10.3).</summary>
public sealed partial class SipServer
{
    private void OnRegister(SipFlow flow, SipRequest request, string key)
    {
        var verdict = _digest.Verify(request, isProxy: false, _now, PasswordOf, out var user);
        if (verdict != DigestVerdict.Accepted)
        {
            Challenge(flow, request, 401, verdict);
            return;
        }

        if (!TryRemember(flow, request, key, UsersShare, out var transaction))
        {
            Refuse(flow, request, 503);
            return;
        }

        request.Headers.TryTo(out var to);
        request.Headers.TryCSeq(out var cseq);
        if (to!.Uri.DisplayUser != user || !IsMyHost(to.Uri.Host))
        {
            Answer(transaction, to.Uri.DisplayUser != user ? 403 : 404);
            return;
        }

        var status = request.Headers.ContactIsStar ? RemoveAll(request, user, cseq.Number) : Update(request, user, cseq.Number, transaction.Upstream);
        if (status == 200) Conclude(transaction, Bindings200(request, user));
        else if (status == 423) Conclude(transaction, TooBrief(request));
        else Answer(transaction, status);
    }

    private int RemoveAll(SipRequest request, string user, uint cseq)
    {
        if (request.Headers.Expires != 0) return 400;
        foreach (var binding in _locations.Of(user).ToList())
        {
            if (IsOutOfOrder(binding, request, cseq)) return 500;
            _locations.Remove(binding);
            TraceUnbound(binding, "by its user");
        }

        return 200;
    }

    /// <summary>All contacts or none (§10.3 step 7): every lifetime is judged before the first binding changes.</summary>
    private int Update(SipRequest request, string user, uint cseq, SipFlow flow)
    {
        if (!request.Headers.TryContacts(out var contacts)) return 400;
        var added = 0;
        foreach (var contact in contacts)
        {
            var wanted = Wanted(contact, request);
            if (wanted != 0 && wanted < _options.MinExpiry.TotalSeconds) return 423;
            var binding = _locations.Find(user, contact);
            if (binding is null) added++;
            else if (IsOutOfOrder(binding, request, cseq)) return 500;
        }

        if (_locations.Of(user).Count + added > _options.BindingsPerUser) return 403;
        foreach (var contact in contacts)
        {
            var wanted = TimeSpan.FromSeconds(Math.Min(Wanted(contact, request), _options.MaxExpiry.TotalSeconds));
            if (wanted > TimeSpan.Zero)
            {
                _locations.Bind(user, contact, flow, request.Headers.CallId!, cseq, _now + wanted);
                if (_trace.IsOn) _trace.Emit(new SipServerTrace.Bound(_now, _name, user, contact.Uri.ToString(), flow.Remote, wanted));
            }
            else if (_locations.Find(user, contact) is { } gone)
            {
                _locations.Remove(gone);
                TraceUnbound(gone, "by its user");
            }
        }

        return 200;
    }

    private double Wanted(NameAddr contact, SipRequest request) => contact.Expires ?? request.Headers.Expires ?? _options.DefaultExpiry.TotalSeconds;

    private static bool IsOutOfOrder(SipBinding binding, SipRequest request, uint cseq) => binding.CallId == request.Headers.CallId && cseq <= binding.CSeq;

    private SipResponse Bindings200(SipRequest request, string user)
    {
        var response = SipResponse.For(request, 200, toTag: NewTag());
        foreach (var binding in _locations.Of(user))
        {
            var left = (uint)Math.Ceiling((binding.Expires - _now).TotalSeconds);
            response.Headers.Add(HeaderName.Contact, binding.Contact.WithParameter("expires", left.ToString()).ToString());
        }

        var hasFlows = request.Headers.TryContacts(out var contacts) && contacts.Any(c => c.Parameters.Has("reg-id") && c.Parameters.Has("+sip.instance"));
        if (hasFlows && request.Headers.Lists(HeaderName.Supported, "outbound")) response.Headers.Add(HeaderName.Require, "outbound");
        return response;
    }

    private SipResponse TooBrief(SipRequest request)
    {
        var response = SipResponse.For(request, 423, toTag: NewTag());
        response.Headers.Add(HeaderName.MinExpires, ((int)_options.MinExpiry.TotalSeconds).ToString());
        return response;
    }
}
