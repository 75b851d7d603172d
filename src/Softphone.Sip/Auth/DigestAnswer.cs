using System.Text;

namespace Softphone.Sip;

/// <summary>The value of Authorization or Proxy-Authorization; what is quoted and what is not is prescribed (RFC 7616 §3.4).</summary>
internal static class DigestAnswer
{
    public static string Format(DigestChallenge challenge, string user, string uri, string response, string count, string clientNonce)
    {
        // Realm, nonce and opaque go back exactly as they came, so they are not quoted anew.
        var text = new StringBuilder("Digest username=").Append(Grammar.Quote(user))
            .Append(",realm=\"").Append(challenge.Realm)
            .Append("\",nonce=\"").Append(challenge.Nonce)
            .Append("\",uri=\"").Append(uri)
            .Append("\",response=\"").Append(response)
            .Append("\",algorithm=").Append(DigestHash.NameOf(challenge.Algorithm));
        if (challenge.Opaque is { } opaque) text.Append(",opaque=\"").Append(opaque).Append('"');
        var needsClientNonce = challenge.Algorithm is DigestAlgorithm.Md5Sess or DigestAlgorithm.Sha256Sess;
        if (challenge.Qop is { } qop) text.Append(",qop=").Append(qop).Append(",nc=").Append(count);
        if (challenge.Qop is not null || needsClientNonce) text.Append(",cnonce=\"").Append(clientNonce).Append('"');
        return text.ToString();
    }
}
