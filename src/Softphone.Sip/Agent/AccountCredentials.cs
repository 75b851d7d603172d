using Softphone.Core;

namespace Softphone.Sip;

/// <summary>
/// Which challenges an account answers, and which credentials its requests carry (RFC 3261 §22, §26.3.2.4). Nothing goes to anybody but
/// its servers (<see cref="AccountServers"/>). But a server that is a proxy passes on what others say behind it, and passes our answer
/// to them; so what is asked there is believed only as far as it can be the server's own word:
/// a registrar's always; a proxy's 407 in the first realm that it asks in, or one that is known; a 401 only where the request ends at
/// the server and the server is no proxy that asks by 407; nothing once it rang; and within a dialog only realms that are known,
/// in dialogs that came by the server. What was not asked of a request is not in it, but the answer to a proxy that asked before.
/// One thing stays: where a proxy lets a request pass unasked, a peer behind it that asks by 407 in its realm cannot be told from it.
/// </summary>
internal sealed class AccountCredentials(SipAccount settings, AccountServers servers, IEntropy entropy)
{
    private readonly DigestClient _client = new(
        entropy,
        new DigestCredentials(settings.AuthUser.Length > 0 ? settings.AuthUser : settings.Aor.DisplayUser, settings.Password))
    {
        Demand = settings.Digest,
    };

    private readonly HashSet<(bool IsProxy, string Realm)> _ofRegistrar = [];

    /// <summary>Realms that the server asked in by 407, of requests that do not register.</summary>
    private readonly HashSet<string> _ofProxy = [];

    /// <summary>All realms that the servers asked in, outside of dialogs.</summary>
    private readonly HashSet<string> _realms = [];

    /// <summary>Takes a 401 or 407. Null: the request is to be built anew and authorized. A fault: the challenge is not answered, and why.</summary>
    /// <param name="response">The 401 or 407.</param>
    /// <param name="rejected">The request that it answers, and where it went.</param>
    /// <param name="answered">What was answered of the same request before; what is answered now is added.</param>
    public Fault? Answer(SipResponse response, in SentRequest rejected, HashSet<(bool IsProxy, string Realm)> answered)
    {
        if (!servers.Holds(rejected.Flow)) return SipFaults.ChallengeOfStranger(rejected.Flow);
        var sent = rejected;
        var taken = new List<DigestChallenge>();
        var fault = _client.Challenge(response, rejected.Request, challenge =>
        {
            if (Refusal(challenge, sent, answered) is { } refusal) return refusal;
            taken.Add(challenge);
            return null;
        });
        if (fault is not null) return fault;
        foreach (var challenge in taken)
        {
            answered.Add((challenge.IsProxy, challenge.Realm));
            if (rejected.Dialog is not null) continue;
            _realms.Add(challenge.Realm);
            if (rejected.IsRegister) _ofRegistrar.Add((challenge.IsProxy, challenge.Realm));
            else if (challenge.IsProxy) _ofProxy.Add(challenge.Realm);
        }

        return null;
    }

    /// <summary>Puts the credentials into a request that belong there.</summary>
    public void Authorize(in SentRequest sent, HashSet<(bool IsProxy, string Realm)> answered)
    {
        if (!servers.Holds(sent.Flow)) return;
        var (isRegister, isOutside) = (sent.IsRegister, sent.Dialog is null);
        _client.Authorize(sent.Request, challenge =>
            answered.Contains((challenge.IsProxy, challenge.Realm))
            || (isRegister ? _ofRegistrar.Contains((challenge.IsProxy, challenge.Realm)) : isOutside && challenge.IsProxy && _ofProxy.Contains(challenge.Realm)));
    }

    /// <summary>
    /// DEVIATION: the ACK to a 2xx has the credentials of its INVITE (§22.1) only where it ends at the server. A proxy that it passes takes
    /// them for a request within a dialog, asks for none and hands them to the peer.
    /// </summary>
    public void AuthorizeAck(in SentRequest sent, SipRequest invite)
    {
        if (!servers.Holds(sent.Flow) || sent.Dialog?.CameByServer != true || sent.Request.Headers.Has(HeaderName.Route)) return;
        foreach (var name in (string[])[HeaderName.Authorization, HeaderName.ProxyAuthorization])
            foreach (var value in invite.Headers.GetAll(name)) sent.Request.Headers.Add(name, value);
    }

    /// <summary>Takes any other final response to a request that carried credentials.</summary>
    public void Accept(SipResponse response, in SentRequest answered)
    {
        if (servers.Holds(answered.Flow)) _client.Accept(response, answered.Request);
    }

    private Fault? Refusal(DigestChallenge challenge, in SentRequest sent, HashSet<(bool IsProxy, string Realm)> answered)
    {
        if (sent.IsRegister) return null;
        var isKnown = _realms.Contains(challenge.Realm);
        if (sent.HasRung || sent.Dialog is { CameByServer: false }) return SipFaults.ChallengeFromBehind(challenge.Realm);
        if (challenge.IsProxy) return isKnown || (sent.Dialog is null && _ofProxy.Count == 0) ? null : SipFaults.ChallengeOfUnknownRealm(challenge.Realm);
        var isBehindProxy = _ofProxy.Count > 0 || answered.Any(asked => asked.IsProxy);
        // Whoever else can take a request to ourselves is one of us.
        if (!EndsAtServer(sent) || (isBehindProxy && !IsToOurselves(sent.Request))) return SipFaults.ChallengeFromBehind(challenge.Realm);
        return isKnown || (sent.Dialog is null && _realms.Count == 0) ? null : SipFaults.ChallengeOfUnknownRealm(challenge.Realm);
    }

    private bool EndsAtServer(in SentRequest sent) =>
        !sent.Request.Headers.Has(HeaderName.Route) || (sent.Dialog is null && servers.IsNamed(sent.Request.RequestUri));

    private bool IsToOurselves(SipRequest request) => request.RequestUri.AddressOfRecord.IsEquivalentTo(settings.Aor.AddressOfRecord);
}
