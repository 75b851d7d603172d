using System.Diagnostics.CodeAnalysis;
using System.Text;
using Softphone.Core;

namespace Softphone.Sdp;

/// <summary>
/// A body of application/trickle-ice-sdpfrag (RFC 8840 §9): candidates of one ICE generation, told by INFO outside offer and answer. It
/// is cumulative: each one holds all that were told before it. A call has one audio stream, so the fragment has one.
/// </summary>
public sealed record SdpFragment
{
    /// <summary>The media type.</summary>
    public const string ContentType = "application/trickle-ice-sdpfrag";

    /// <summary>The Info Package, and the SIP option tag (RFC 8840 §10).</summary>
    public const string Package = "trickle-ice";

    private const int MaxLength = 65_536;

    /// <summary>Which generation the candidates belong to; others are to be ignored (RFC 8840 §4.4).</summary>
    public required string Ufrag { get; init; }

    public required string Password { get; init; }

    /// <summary>a=mid of the stream; empty when the description had none, and its place in the description tells.</summary>
    public string Mid { get; init; } = "";

    public IReadOnlyList<SdpCandidate> Candidates { get; init; } = [];

    /// <summary>Candidates with a name of the local network; the peer's only.</summary>
    public IReadOnlyList<SdpCandidate> NamedCandidates { get; init; } = [];

    /// <summary>No candidate of this generation comes after these.</summary>
    public bool EndOfCandidates { get; init; }

    /// <summary>
    /// Reads a body. Of several streams the audio one counts. Lines that are not understood are passed over, as everywhere in SDP.
    /// </summary>
    public static bool TryParse(ReadOnlySpan<byte> body, [NotNullWhen(true)] out SdpFragment? fragment, out ParseError error)
    {
        fragment = null;
        error = new ParseError("a fragment needs ice-ufrag and ice-pwd");
        if (body.Length > MaxLength)
        {
            error = new ParseError($"a fragment of {body.Length} octets is too long");
            return false;
        }

        var session = new List<SdpAttribute>();
        List<SdpAttribute>? stream = null;
        var current = session;
        foreach (var line in Encoding.UTF8.GetString(body).Split('\n'))
        {
            var text = line.TrimEnd('\r');
            if (text.StartsWith("m=", StringComparison.Ordinal))
            {
                current = [];
                if (text.StartsWith("m=audio ", StringComparison.OrdinalIgnoreCase)) stream ??= current;
            }
            else if (text.StartsWith("a=", StringComparison.Ordinal) && current.Count < 4 * SessionDescription.MaxCandidates)
            {
                current.Add(SdpAttribute.Parse(text[2..]));
            }
        }

        stream ??= [];
        if ((Value(stream, "ice-ufrag") ?? Value(session, "ice-ufrag")) is not { } ufrag || (Value(stream, "ice-pwd") ?? Value(session, "ice-pwd")) is not { } password) return false;
        (ufrag, password) = (ufrag.Trim(), password.Trim());
        if (SdpIceText.FlawOf(ufrag, password) is { } flaw)
        {
            error = new ParseError(flaw);
            return false;
        }

        var candidates = stream.Where(a => a.Is("candidate") && a.Value is not null).Select(a => a.Value!).ToList();
        fragment = new SdpFragment
        {
            Ufrag = ufrag,
            Password = password,
            Mid = Value(stream, "mid") ?? "",
            Candidates = SessionDescription.ReadCandidates(candidates, named: false),
            NamedCandidates = SessionDescription.ReadCandidates(candidates, named: true),
            EndOfCandidates = stream.Concat(session).Any(a => a.Is("end-of-candidates")),
        };
        error = default;
        return true;
    }

    /// <summary>The body, with CRLF line ends. The m-line is a mere marker: its port says nothing (RFC 8840 §9.2).</summary>
    public override string ToString()
    {
        var text = new StringBuilder(512);
        text.Append("a=ice-ufrag:").Append(Ufrag).Append("\r\na=ice-pwd:").Append(Password).Append("\r\nm=audio 9 RTP/AVP 0\r\n");
        if (Mid.Length > 0) text.Append("a=mid:").Append(Mid).Append("\r\n");
        foreach (var candidate in Candidates) text.Append("a=candidate:").Append(candidate).Append("\r\n");
        if (EndOfCandidates) text.Append("a=end-of-candidates\r\n");
        return text.ToString();
    }

    /// <summary>The octets to put into a message.</summary>
    public byte[] ToBytes() => Encoding.UTF8.GetBytes(ToString());

    private static string? Value(List<SdpAttribute> attributes, string name) => attributes.FirstOrDefault(a => a.Is(name)).Value;
}
