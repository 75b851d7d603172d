using System.Text;

namespace Softphone.Nat;

/// <summary>
/// The client's half of the long-term credential mechanism (RFC 8489 §9.2): it learns realm, nonce and algorithm from a 401 or 438,
/// signs requests and verifies responses. It refuses a server that seems weaker than its nonce says, or than it was before.
/// </summary>
public sealed class StunLongTermClient : IDisposable
{
    private readonly string _username;
    private readonly string _password;
    private byte[] _usernameOctets = [];
    private byte[] _realm = [];
    private byte[] _nonce = [];
    private byte[] _algorithms = [];
    private StunPasswordAlgorithm _algorithm;
    private bool _isAnonymous;
    private IntegrityKey? _key;

    /// <param name="username">At most 508 octets in UTF-8.</param>
    /// <param name="password">The password as it was given.</param>
    public StunLongTermClient(string username, string password)
    {
        if (Encoding.UTF8.GetByteCount(username) > StunText.LongestUsername)
            throw new ArgumentException("a username has at most 508 octets", nameof(username));
        _username = username;
        _password = password;
    }

    /// <summary>True once a challenge has been taken; before it requests go out unsigned (RFC 8489 §9.2.3.1).</summary>
    public bool IsChallenged => _key is not null;

    /// <summary>Octets that <see cref="Sign"/> adds to a message.</summary>
    public int Overhead => !IsChallenged
        ? 0
        : 12 + StunHeader.Padded(_usernameOctets.Length) + StunHeader.Padded(_realm.Length) + StunHeader.Padded(_nonce.Length)
            + (_algorithms.Length == 0 ? 4 + StunHeader.Sha1Length : 4 + _algorithms.Length + 8 + 4 + StunHeader.Sha256Length);

    public void Dispose() => _key?.Dispose();

    /// <summary>True when a response speaks of the realm whose password was refused.</summary>
    public bool IsSameRealm(in StunReader response) => response.TryGetRealm(out var realm) && realm.SequenceEqual(_realm);

    /// <summary>True when a response has the nonce that was refused, or none.</summary>
    public bool IsSameNonce(in StunReader response) => !response.TryGetNonce(out var nonce) || nonce.SequenceEqual(_nonce);

    /// <summary>Learns from a 401 or 438.</summary>
    /// <param name="response">The error response.</param>
    /// <param name="why">Why this server must not be answered.</param>
    /// <returns>False when the challenge is incomplete, or weaker than promised.</returns>
    public bool TryChallenge(in StunReader response, out string why)
    {
        if (!response.TryGetRealm(out var realm) || !response.TryGetNonce(out var nonce) || nonce.IsEmpty)
        {
            why = "the challenge has no realm or no nonce";
            return false;
        }

        StunNonce.TryReadFeatures(nonce, out var features);
        var offers = response.TryGet(StunAttributeType.PasswordAlgorithms, out var list);
        if (!offers && (features.HasFlag(StunSecurityFeatures.PasswordAlgorithms) || _algorithms.Length != 0))
        {
            why = "the password algorithms were taken out of the challenge";
            return false;
        }

        var algorithm = offers ? StunPasswordAlgorithms.Strongest(list) : StunPasswordAlgorithm.Md5;
        if (algorithm == StunPasswordAlgorithm.None || list.Length > StunText.LongestText || algorithm < _algorithm)
        {
            why = "the challenge offers no password algorithm that can be used";
            return false;
        }

        why = "";
        var isAnonymous = features.HasFlag(StunSecurityFeatures.UsernameAnonymity);
        if (_key is null || algorithm != _algorithm || isAnonymous != _isAnonymous || !realm.SequenceEqual(_realm)) Derive(realm, algorithm, isAnonymous);
        if (!nonce.SequenceEqual(_nonce)) _nonce = nonce.ToArray();
        if (!list.SequenceEqual(_algorithms)) _algorithms = list.ToArray();
        return true;
    }

    /// <summary>Takes what another client of the same user has learnt from the same server, its nonce included.</summary>
    /// <returns>False when there is nothing to take.</returns>
    public bool TryBorrow(StunLongTermClient other)
    {
        if (_key is not null || other._key is null || other._username != _username || other._password != _password) return false;
        Derive(other._realm, other._algorithm, other._isAnonymous);
        _nonce = other._nonce;
        _algorithms = other._algorithms;
        return true;
    }

    /// <summary>
    /// Adds USERNAME or USERHASH, REALM, NONCE, and, where the server knows them, the unchanged list of algorithms with the chosen one,
    /// and then the integrity (RFC 8489 §9.2.3.2).
    /// </summary>
    public void Sign(ref StunWriter writer)
    {
        if (_key is null) return;
        writer.Add(_isAnonymous ? StunAttributeType.Userhash : StunAttributeType.Username, _usernameOctets);
        writer.Add(StunAttributeType.Realm, _realm);
        writer.Add(StunAttributeType.Nonce, _nonce);
        if (_algorithms.Length == 0)
        {
            writer.AddIntegrity(_key);
            return;
        }

        writer.Add(StunAttributeType.PasswordAlgorithms, _algorithms);
        writer.AddUInt16(StunAttributeType.PasswordAlgorithm, (ushort)_algorithm);
        writer.AddIntegritySha256(_key);
    }

    /// <summary>True when the response is signed as the request was (RFC 8489 §9.2.5).</summary>
    public bool Verify(in StunReader response) =>
        _key is not null && (_algorithms.Length == 0 ? response.VerifyIntegrity(_key) : response.VerifyIntegritySha256(_key));

    private void Derive(ReadOnlySpan<byte> realm, StunPasswordAlgorithm algorithm, bool isAnonymous)
    {
        var name = Encoding.UTF8.GetString(realm);
        _key?.Dispose();
        _key = algorithm == StunPasswordAlgorithm.Sha256
            ? StunCredentials.LongTermSha256(_username, name, _password)
            : StunCredentials.LongTermMd5(_username, name, _password);
        _realm = realm.ToArray();
        _algorithm = algorithm;
        _isAnonymous = isAnonymous;
        _usernameOctets = isAnonymous ? StunCredentials.Userhash(_username, name) : Encoding.UTF8.GetBytes(OpaqueString.Prepare(_username));
    }
}
