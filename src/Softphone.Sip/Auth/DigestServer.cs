using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Softphone.Core;

namespace Softphone.Sip;

/// <summary>
/// Challenges and verifies for one realm (RFC 7616 §3.3-3.4, RFC 8760): SHA-256 offered before MD5, qop=auth. The nonce is the time
/// and a keyed hash of it, so nothing is remembered of challenges and no flood of requests fills a table. Of credentials that were right the
/// nonce counts are kept, so that nobody who overheard them can use them again.
/// </summary>
public sealed class DigestServer
{
    /// <summary>The time and half of its hash, in base64: every request has to carry them.</summary>
    private const int NonceOctets = 8 + 16;

    private readonly byte[] _key = new byte[32];
    private readonly TimeSpan _lifetime;
    private readonly NonceLedger _used = new(bound: 4096);
    private Instant _lastIssued;

    /// <param name="realm">Shown to the person who is asked for a password.</param>
    /// <param name="entropy">The key of the nonces is drawn from it once.</param>
    /// <param name="lifetime">How long a nonce is good; five minutes when null.</param>
    public DigestServer(string realm, IEntropy entropy, TimeSpan? lifetime = null)
    {
        if (realm.AsSpan().ContainsAny("\"\\\r\n")) throw new ArgumentException("a realm that needs no escapes", nameof(realm));
        Realm = realm;
        _lifetime = lifetime ?? TimeSpan.FromMinutes(5);
        entropy.Fill(_key);
    }

    public string Realm { get; }

    /// <summary>The algorithms offered, best first.</summary>
    public IReadOnlyList<DigestAlgorithm> Algorithms { get; init; } = [DigestAlgorithm.Sha256, DigestAlgorithm.Md5];

    /// <summary>Adds one challenge for each algorithm to a 401 (WWW-Authenticate) or a 407 (Proxy-Authenticate).</summary>
    public void Challenge(SipResponse response, Instant now, bool stale = false)
    {
        var name = response.Status == 407 ? HeaderName.ProxyAuthenticate : HeaderName.WwwAuthenticate;
        var nonce = NonceAt(now);
        foreach (var algorithm in Algorithms)
        {
            response.Headers.Add(
                name,
                $"Digest realm=\"{Realm}\", nonce=\"{nonce}\", algorithm={DigestHash.NameOf(algorithm)}, qop=\"auth\"{(stale ? ", stale=true" : "")}");
        }
    }

    /// <summary>Judges the credentials for this realm in a request.</summary>
    /// <param name="request">The request as received.</param>
    /// <param name="isProxy">True to read Proxy-Authorization.</param>
    /// <param name="now">To tell the age of the nonce.</param>
    /// <param name="passwordOf">The password of a user; null for an unknown one.</param>
    /// <param name="user">The user who was accepted, or who tried; empty when there are no credentials.</param>
    public DigestVerdict Verify(SipRequest request, bool isProxy, Instant now, Func<string, string?> passwordOf, out string user)
    {
        user = "";
        foreach (var value in request.Headers.GetAll(isProxy ? HeaderName.ProxyAuthorization : HeaderName.Authorization))
        {
            foreach (var fields in DigestFields.Parse(value))
            {
                if (!fields.IsDigest || fields["realm"] != Realm) continue;
                user = Grammar.Unquote($"\"{fields["username"]}\"");
                return Judge(fields, request, now, passwordOf(user), user);
            }
        }

        return DigestVerdict.Absent;
    }

    private DigestVerdict Judge(DigestFields fields, SipRequest request, Instant now, string? password, string user)
    {
        if (!DigestHash.TryAlgorithm(fields["algorithm"], out var algorithm) || !Algorithms.Contains(algorithm)) return DigestVerdict.Absent;
        if (password is null || fields["nonce"] is not { } nonce || fields["response"] is not { } response || fields["uri"] is not { } uri)
            return DigestVerdict.Rejected;
        if (fields["qop"] is not "auth" || fields["nc"] is not { Length: 8 } count || !uint.TryParse(count, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var number) || fields["cnonce"] is not { } clientNonce) return DigestVerdict.Rejected;
        if (!IsFor(request.RequestUri, uri) || !TryIssued(nonce, out var issued)) return DigestVerdict.Rejected;
        var secret = DigestHash.Secret(algorithm, user, Realm, password);
        var expected = DigestHash.Response(algorithm, secret, nonce, count, clientNonce, "auth", request.Method, uri, default);
        if (!CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(expected), Encoding.UTF8.GetBytes(response.ToLowerInvariant())))
            return DigestVerdict.Rejected;
        // A count that was used is told as a stale nonce: who knows the password comes again with a new one, who overheard it cannot.
        return now - issued <= _lifetime && _used.TryTake(issued, number) ? DigestVerdict.Accepted : DigestVerdict.Stale;
    }

    private static bool IsFor(SipUri requestUri, string digestUri) =>
        requestUri.ToString() == digestUri || (SipUri.TryParse(digestUri, out var uri, out _) && uri.IsEquivalentTo(requestUri));

    /// <summary>A nonce that nobody was given before: its counts belong to one client.</summary>
    private string NonceAt(Instant now)
    {
        _lastIssued = now > _lastIssued ? now : new Instant(_lastIssued.Nanoseconds + 1);
        return Seal(_lastIssued.Nanoseconds);
    }

    private bool TryIssued(string nonce, out Instant issued)
    {
        issued = default;
        Span<byte> octets = stackalloc byte[NonceOctets];
        if (nonce.Length != NonceOctets / 3 * 4 || !Convert.TryFromBase64String(nonce, octets, out var count) || count != NonceOctets) return false;
        var at = BinaryPrimitives.ReadInt64BigEndian(octets);
        issued = new Instant(at);
        return CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(Seal(at)), Encoding.UTF8.GetBytes(nonce));
    }

    private string Seal(long at)
    {
        Span<byte> octets = stackalloc byte[NonceOctets];
        BinaryPrimitives.WriteInt64BigEndian(octets, at);
        HMACSHA256.HashData(_key, octets[..8]).AsSpan(0, NonceOctets - 8).CopyTo(octets[8..]);
        return Convert.ToBase64String(octets);
    }
}
