using Softphone.Core;

namespace Softphone.Sip;

/// <summary>
/// Answers the challenges made to one account (RFC 3261 §22, RFC 7616, RFC 8760): remembers for each realm the last nonce, how
/// often it was used and the opaque value, so that later requests carry credentials at once. Hand it only responses of the
/// account's own server and proxies. One account, one client; a new password, a new client.
/// </summary>
public sealed class DigestClient
{
    /// <summary>More realms than this in one account are somebody's attack.</summary>
    private const int MaxRealms = 8;

    /// <summary>A server that calls every fresh nonce stale is given up after this many.</summary>
    private const int MaxStale = 3;

    private readonly IEntropy _entropy;
    private readonly IReadOnlyList<DigestCredentials> _credentials;
    private readonly List<Session> _sessions = [];

    public DigestClient(IEntropy entropy, params IReadOnlyList<DigestCredentials> credentials)
    {
        _entropy = entropy;
        _credentials = credentials;
    }

    /// <summary>Weaker challenges are passed over.</summary>
    public DigestDemand Demand { get; init; }

    /// <summary>The realms that have challenged us, to be shown to the person.</summary>
    public IReadOnlyList<string> Realms => [.. _sessions.Select(session => session.Challenge.Realm).Distinct()];

    /// <summary>
    /// Takes a 401 or 407. Null: build the request anew (CSeq one higher, new branch), <see cref="Authorize"/> it and send it. A fault:
    /// stop, the credentials are missing or wrong.
    /// </summary>
    /// <param name="response">The 401 or 407.</param>
    /// <param name="rejected">The request that it answers, with the credentials it carried.</param>
    /// <param name="judge">Says why a challenge must not be answered; null when it may.</param>
    public Fault? Challenge(SipResponse response, SipRequest rejected, Func<DigestChallenge, Fault?>? judge = null)
    {
        var challenges = DigestChallenge.Parse(response);
        if (challenges.Count == 0)
            return new Fault(Layer.Authentication, $"{response.Status} without a challenge that can be answered", "the server must offer Digest with MD5 or SHA-256");
        var answered = 0;
        Fault? refusal = null;
        var seen = new HashSet<(bool, string)>();
        foreach (var challenge in challenges)
        {
            if (!Suffices(challenge.Algorithm))
            {
                refusal ??= TooWeak(challenge);
                continue;
            }

            // The topmost that we support counts for each realm (RFC 8760 §2.4).
            if (!seen.Add((challenge.IsProxy, challenge.Realm)) || CredentialsFor(challenge.Realm) is not { } credentials) continue;
            if (judge?.Invoke(challenge) is { } reason)
            {
                refusal = reason;
                continue;
            }

            if (Take(challenge, credentials, NonceUsed(rejected, challenge)) is { } fault) return fault;
            answered++;
        }

        if (answered > 0) return null;
        return refusal ?? new Fault(Layer.Authentication, $"no password for realm \"{challenges[0].Realm}\"", "add credentials for this realm to the account");
    }

    /// <summary>
    /// Puts the credentials of every realm known into a request, replacing those it has. Call it on each request of the account
    /// but CANCEL, which is never challenged, and ACK, which takes those of its INVITE (§22.1).
    /// </summary>
    /// <param name="request">The request.</param>
    /// <param name="carries">Whether the answer to a challenge belongs into it; null: to each.</param>
    public void Authorize(SipRequest request, Predicate<DigestChallenge>? carries = null)
    {
        request.Headers.Remove(HeaderName.Authorization);
        request.Headers.Remove(HeaderName.ProxyAuthorization);
        var uri = request.RequestUri.ToString();
        foreach (var session in _sessions)
        {
            if (carries?.Invoke(session.Challenge) == false) continue;
            request.Headers.Add(session.Challenge.AnswerHeader, session.Answer(request.Method, uri, request.Body.Span));
        }
    }

    /// <summary>
    /// Takes any other final response. Where the request carried credentials they were good, unless the server may have failed or
    /// refused before it looked at them (400, 403, 5xx); Authentication-Info may name the nonce to use next (RFC 7616 §3.5).
    /// </summary>
    /// <param name="response">Neither 401 nor 407.</param>
    /// <param name="answered">The request that it answers, with the credentials it carried.</param>
    public void Accept(SipResponse response, SipRequest answered)
    {
        if (response.Status is 400 or 403 or (>= 500 and < 600)) return;
        foreach (var session in _sessions)
            if (NonceUsed(answered, session.Challenge) == session.Challenge.Nonce) session.Settle();
        foreach (var isProxy in (ReadOnlySpan<bool>)[false, true])
        {
            if (response.Headers.Get(isProxy ? HeaderName.ProxyAuthenticationInfo : HeaderName.AuthenticationInfo) is not { } info) continue;
            if (DigestFields.Parse(info) is not [var fields, ..] || fields["nextnonce"] is not { Length: > 0 } next) continue;
            var sessions = _sessions.FindAll(session => session.Challenge.IsProxy == isProxy && NonceUsed(answered, session.Challenge) == session.Challenge.Nonce);
            // The header names no realm, so with two of them it cannot be told whose nonce it is.
            if (sessions is [var only]) only.Renew(only.Challenge with { Nonce = next, IsStale = false }, _entropy);
        }
    }

    /// <summary>Forgets every nonce: the next request goes without credentials.</summary>
    public void Reset() => _sessions.Clear();

    private Fault? Take(DigestChallenge challenge, DigestCredentials credentials, string? nonceUsed)
    {
        var session = _sessions.Find(known => known.Challenge.IsProxy == challenge.IsProxy && known.Challenge.Realm == challenge.Realm);
        if (session is null)
        {
            if (_sessions.Count == MaxRealms) return new Fault(Layer.Authentication, "challenges from too many realms", "check the outbound proxy");
            _sessions.Add(new Session(challenge, credentials, _entropy));
            return null;
        }

        // A request that another challenge has overtaken, or that carried no credentials, proves nothing about the nonce held now.
        if (nonceUsed == session.Challenge.Nonce && session.Reject(challenge))
        {
            _sessions.Remove(session);
            return new Fault(
                Layer.Authentication,
                $"user \"{credentials.User}\" was rejected by realm \"{challenge.Realm}\"",
                "check user name and password");
        }

        if (challenge.Nonce != session.Challenge.Nonce || challenge.Algorithm != session.Challenge.Algorithm) session.Renew(challenge, _entropy);
        return null;
    }

    private bool Suffices(DigestAlgorithm algorithm) => Demand == DigestDemand.Any || algorithm is DigestAlgorithm.Sha256 or DigestAlgorithm.Sha256Sess;

    private static Fault TooWeak(DigestChallenge challenge) => new(
        Layer.Authentication,
        $"the realm \"{challenge.Realm}\" asks for the password by {DigestHash.NameOf(challenge.Algorithm)}, and account.digest: sha256 demands SHA-256",
        "let the server offer SHA-256 (RFC 8760), or set account.digest: any");

    private DigestCredentials? CredentialsFor(string realm) =>
        _credentials.FirstOrDefault(held => held.Realm == realm) ?? _credentials.FirstOrDefault(held => held.Realm is null);

    private static string? NonceUsed(SipRequest request, DigestChallenge challenge)
    {
        foreach (var value in request.Headers.GetAll(challenge.AnswerHeader))
            foreach (var fields in DigestFields.Parse(value))
                if (fields.IsDigest && fields["realm"] == challenge.Realm) return fields["nonce"];
        return null;
    }

    /// <summary>What is known about one realm.</summary>
    private sealed class Session
    {
        private readonly DigestCredentials _held;
        private string _clientNonce;
        private uint _count;
        private int _rejections;
        private int _stale;

        public Session(DigestChallenge challenge, DigestCredentials held, IEntropy entropy)
        {
            Challenge = challenge;
            _held = held;
            _clientNonce = entropy.NextToken(11);
        }

        public DigestChallenge Challenge { get; private set; }

        public void Settle() => _rejections = _stale = 0;

        /// <summary>Notes that our answer was refused; true when trying again is pointless.</summary>
        public bool Reject(DigestChallenge again)
        {
            if (again.IsStale && again.Nonce != Challenge.Nonce) return ++_stale > MaxStale;
            return again.Nonce == Challenge.Nonce || ++_rejections > 1;
        }

        public void Renew(DigestChallenge challenge, IEntropy entropy)
        {
            Challenge = challenge;
            _clientNonce = entropy.NextToken(11);
            _count = 0;
        }

        public string Answer(string method, string uri, ReadOnlySpan<byte> body)
        {
            var count = (++_count).ToString("x8");
            var secret = DigestHash.Secret(Challenge.Algorithm, _held.User, Challenge.Realm, _held.Password);
            var response = DigestHash.Response(Challenge.Algorithm, secret, Challenge.Nonce, count, _clientNonce, Challenge.Qop, method, uri, body);
            return DigestAnswer.Format(Challenge, _held.User, uri, response, count, _clientNonce);
        }
    }
}
