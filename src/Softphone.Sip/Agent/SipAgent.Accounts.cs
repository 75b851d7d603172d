using Softphone.Core;

namespace Softphone.Sip;

/// <summary>Accounts, their registration, and requests outside dialogs.</summary>
public sealed partial class SipAgent
{
    private int _lastAccount;
    private int _lastRequest;

    /// <summary>Adds an account; nothing is sent.</summary>
    public AccountId AddAccount(SipAccount account)
    {
        var id = new AccountId(++_lastAccount);
        var added = new Account(id, account, _core.Entropy);
        if (account.ProbesTransport) added.Choice = new FlowChoice(_core, added);
        _core.Accounts[id] = added;
        return id;
    }

    /// <summary>Registers, and keeps registered until <see cref="Unregister"/> or a failure that no retry mends.</summary>
    public void Register(Instant now, AccountId account)
    {
        if (!_core.Accounts.TryGetValue(account, out var found)) return;
        found.Registration ??= new Registration(_core, found);
        found.Registration.Register(now);
    }

    /// <summary>Removes the binding (expires 0).</summary>
    public void Unregister(Instant now, AccountId account)
    {
        if (_core.Accounts.TryGetValue(account, out var found)) (found.Registration ??= new Registration(_core, found)).Unregister(now);
    }

    /// <summary>What becomes of an account's calls before they ring, from now on.</summary>
    public void Divert(AccountId account, Diversion diversion)
    {
        if (_core.Accounts.TryGetValue(account, out var found)) found.Diversion = diversion;
    }

    /// <summary>Tells whether the person is at another call; asked where a <see cref="Diversion"/> depends on it.</summary>
    public Func<bool> IsBusy
    {
        set => _core.IsBusy = value;
    }

    /// <summary>Writes to somebody (RFC 3428); <see cref="SipEvent.RequestCompleted"/> follows. What is too long for a datagram goes by a stream or not at all.</summary>
    public RequestId Text(Instant now, AccountId account, SipUri target, string text) =>
        Request(now, account, SipMethod.Message, target, TextBody.ContentType, System.Text.Encoding.UTF8.GetBytes(text));

    /// <summary>Asks a target what it supports (RFC 3261 §11); also a ping.</summary>
    public RequestId Options(Instant now, AccountId account, SipUri target) => Request(now, account, SipMethod.Options, target);

    /// <summary>Sends a request outside any dialog; <see cref="SipEvent.RequestCompleted"/> follows.</summary>
    /// <param name="now">The time.</param>
    /// <param name="account">The account whose identity, route and credentials are used.</param>
    /// <param name="method">OPTIONS, MESSAGE and the like; not INVITE, ACK, CANCEL, BYE or REGISTER.</param>
    /// <param name="target">The Request-URI.</param>
    /// <param name="contentType">Of the body; empty when there is none.</param>
    /// <param name="body">The body.</param>
    /// <exception cref="ArgumentException">The method has a verb of its own, or there is no such account.</exception>
    public RequestId Request(
        Instant now, AccountId account, string method, SipUri target, string contentType = "", ReadOnlyMemory<byte> body = default)
    {
        if (method is SipMethod.Invite or SipMethod.Ack or SipMethod.Cancel or SipMethod.Bye or SipMethod.Register)
            throw new ArgumentException($"{method} has a verb of its own", nameof(method));
        var id = new RequestId(++_lastRequest);
        var from = Find(account);
        var request = _core.RequestOutside(from, method, target);
        if (method == SipMethod.Options) request.Headers.Add(HeaderName.Accept, MediaType.ApplicationSdp);
        if (contentType.Length > 0) request.SetBody(contentType, body);
        var outside = new OutsideRequest(_core, id);
        new Exchange(_core, request, AgentCore.NextHop(request, from), from, null, outside) { WithContact = method != SipMethod.Message }.Start(now);
        return id;
    }

    private Account Find(AccountId id) =>
        _core.Accounts.TryGetValue(id, out var account) ? account : throw new ArgumentException($"no {id}", nameof(id));
}
