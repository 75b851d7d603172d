using System.Formats.Asn1;
using System.Net;
using System.Security.Cryptography.X509Certificates;

namespace Softphone.Sockets;

/// <summary>Whom a certificate names (RFC 5280 §4.2.1.6), as far as a SIP or TURN server goes by it.</summary>
internal static class CertificateNames
{
    private const string AlternativeName = "2.5.29.17";
    private const int MostTold = 4;
    private const int LongestTold = 80;

    private static readonly Asn1Tag DnsTag = new(TagClass.ContextSpecific, 2);
    private static readonly Asn1Tag UriTag = new(TagClass.ContextSpecific, 6);
    private static readonly Asn1Tag IpTag = new(TagClass.ContextSpecific, 7);

    /// <summary>A subjectAltName of type URI with the sip scheme and just the domain (RFC 5922 §7.1).</summary>
    public static bool NamesSipDomain(X509Certificate2 certificate, string domain) =>
        Of(certificate).Contains($"sip:{domain}", StringComparer.OrdinalIgnoreCase);

    /// <summary>The names for a person, however many and odd they are.</summary>
    public static string InWords(X509Certificate2 certificate)
    {
        var names = Of(certificate);
        if (names.Count == 0 && certificate.GetNameInfo(X509NameType.SimpleName, forIssuer: false) is { Length: > 0 } common) names = [common];
        if (names.Count == 0) return "nobody";
        var told = string.Join(", ", names.Take(MostTold).Select(Plain));
        return names.Count > MostTold ? $"{told} and {names.Count - MostTold} more" : told;
    }

    /// <summary>What a stranger wrote, as a word that is safe to print.</summary>
    public static string Plain(string text) =>
        string.Concat((text.Length > LongestTold ? text[..LongestTold] + "..." : text).Select(c => c is >= ' ' and <= '~' ? c : '?'));

    private static List<string> Of(X509Certificate2 certificate)
    {
        var names = new List<string>();
        foreach (var extension in certificate.Extensions)
        {
            if (extension.Oid?.Value != AlternativeName) continue;
            try
            {
                var list = new AsnReader(extension.RawData, AsnEncodingRules.DER).ReadSequence();
                while (list.HasData) Add(names, list);
            }
            catch (AsnContentException)
            {
                // What was read before it stands.
            }
        }

        return names;
    }

    private static void Add(List<string> names, AsnReader list)
    {
        var tag = list.PeekTag();
        if (tag.HasSameClassAndValue(DnsTag)) names.Add(list.ReadCharacterString(UniversalTagNumber.IA5String, DnsTag));
        else if (tag.HasSameClassAndValue(UriTag)) names.Add(list.ReadCharacterString(UniversalTagNumber.IA5String, UriTag));
        else if (tag.HasSameClassAndValue(IpTag) && list.ReadOctetString(IpTag) is { Length: 4 or 16 } address) names.Add(new IPAddress(address).ToString());
        else if (!tag.HasSameClassAndValue(IpTag)) list.ReadEncodedValue();
    }
}
