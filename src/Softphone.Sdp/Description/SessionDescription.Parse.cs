using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using Softphone.Core;

namespace Softphone.Sdp;

public sealed partial record SessionDescription
{
    /// <summary>The longest body that is looked at, in octets or characters.</summary>
    public const int MaxLength = 65_536;

    private const int MaxMedia = 64;

    /// <summary>Reads a body of a message; never throws.</summary>
    public static bool TryParse(ReadOnlySpan<byte> body, [NotNullWhen(true)] out SessionDescription? description, out ParseError error)
    {
        if (body.Length <= MaxLength) return TryParse(Encoding.UTF8.GetString(body), out description, out error);
        description = null;
        error = new ParseError($"a description of {body.Length} octets is too long");
        return false;
    }

    /// <summary>
    /// Reads a description. Lines may end in CRLF or LF. It must begin with v=0; after that a line that cannot be read, has an unknown
    /// letter or stands where it has no place is passed over, and an m= line that cannot be read is a refused stream in its place.
    /// </summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out SessionDescription? description, out ParseError error)
    {
        description = null;
        if (text.Length > MaxLength)
        {
            error = new ParseError($"a description of {text.Length} characters is too long");
            return false;
        }

        var draft = new Draft();
        for (var at = 0; at < text.Length;)
        {
            var end = text.IndexOf('\n', at);
            if (end < 0) end = text.Length;
            var line = text.AsSpan(at, end - at).TrimEnd("\r\0");
            if (!line.Trim().IsEmpty && !draft.TryAdd(line, out var what))
            {
                error = new ParseError(what, at);
                return false;
            }

            at = end + 1;
        }

        return draft.TryFinish(out description, out error);
    }

    private sealed class Draft
    {
        // DEVIATION: RFC 8866 §5 fixes the order of lines, wants o=, s= and t=, and has the whole description discarded for a letter that is not
        // known. Phones and servers break each of these; what can be told apart is read, and what cannot harms itself alone
        // (Description_OutOfOrderOrWithoutNameAndTime_IsReadAllTheSame, Description_WithOneOddLine_LosesThatLineAlone).
        private readonly List<SdpLine> _lines = [];
        private readonly List<SdpAttribute> _attributes = [];
        private readonly List<SdpMedia> _media = [];
        private SdpOrigin? _origin;
        private SdpConnection? _connection;
        private string _name = "-";
        private bool _hasVersion;
        private OpenMedia? _open;

        /// <summary>False when this is no description at all, or too much of one.</summary>
        public bool TryAdd(ReadOnlySpan<char> line, out string what)
        {
            what = "";
            var value = line.Length < 2 || line[1] != '=' ? null : line[2..].ToString();
            if (!_hasVersion)
            {
                _hasVersion = value?.Trim() == "0" && line[0] == 'v';
                if (!_hasVersion) what = "a description starts with v=0";
                return _hasVersion;
            }

            if (value is null) return true;
            switch (line[0])
            {
                case 'o' when _open is null:
                    _origin ??= SdpOrigin.Parse(value);
                    break;
                case 's' when _open is null:
                    _name = value.Length == 0 ? "-" : value;
                    break;
                case 'c' when SdpConnection.TryParse(value, out var connection):
                    if (_open is null) _connection = connection;
                    else _open.Connections.Add(connection!);
                    break;
                case 'a':
                    (_open?.Attributes ?? _attributes).Add(SdpAttribute.Parse(value));
                    break;
                case 'i' or 'b' or 'k':
                    (_open?.Lines ?? _lines).Add(new SdpLine(line[0], value));
                    break;
                case 'u' or 'e' or 'p' or 't' or 'r' or 'z' when _open is null:
                    _lines.Add(new SdpLine(line[0], value));
                    break;
                case 'm':
                    Close();
                    if (_media.Count == MaxMedia) what = $"more than {MaxMedia} media descriptions";
                    else _open = OpenMedia.Parse(value);
                    break;
            }

            return what.Length == 0;
        }

        public bool TryFinish([NotNullWhen(true)] out SessionDescription? description, out ParseError error)
        {
            Close();
            description = null;
            error = default;
            if (!_hasVersion)
            {
                error = new ParseError("the description is empty");
                return false;
            }

            description = new SessionDescription
            {
                Origin = _origin ?? SdpOrigin.Unknown,
                Name = _name,
                Connection = _connection,
                Lines = _lines,
                Attributes = _attributes,
                Media = _media,
            };
            return true;
        }

        private void Close()
        {
            if (_open is not null) _media.Add(_open.Finish());
            _open = null;
        }
    }

    private sealed class OpenMedia(string kind, ushort port, int count, string protocol, string[] formats)
    {
        public List<SdpConnection> Connections { get; } = [];

        public List<SdpLine> Lines { get; } = [];

        public List<SdpAttribute> Attributes { get; } = [];

        /// <summary>
        /// Whatever stands there is a stream, since an answer has a line for each (RFC 3264 §6). Formats may be missing, which matters only
        /// where a stream is to be had; without a port that can be read it is a refused one.
        /// </summary>
        public static OpenMedia Parse(string text)
        {
            var parts = SdpText.Words(text);
            var port = (parts.ElementAtOrDefault(1) ?? "").Split('/', 2);
            var isRead = ushort.TryParse(port[0], NumberStyles.None, CultureInfo.InvariantCulture, out var number);
            if (port.Length < 2 || !int.TryParse(port[1], NumberStyles.None, CultureInfo.InvariantCulture, out var count) || count < 1) count = 1;
            return new OpenMedia(parts.ElementAtOrDefault(0) ?? "unknown", isRead ? number : (ushort)0, count, parts.ElementAtOrDefault(2) ?? "RTP/AVP", parts.Length > 3 ? parts[3..] : []);
        }

        public SdpMedia Finish() => new()
        {
            Kind = kind,
            Port = port,
            PortCount = count,
            Protocol = protocol,
            Formats = formats,
            Connections = Connections,
            Lines = Lines,
            Attributes = Attributes,
        };
    }
}
