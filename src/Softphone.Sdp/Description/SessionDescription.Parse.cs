using System.Diagnostics.CodeAnalysis;
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
    /// Reads a description. Lines may end in CRLF or LF. The order of session lines is not insisted on, s= and t= may be missing; an
    /// unknown type letter makes the whole description unfit (RFC 8866 §5).
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
            if (!line.IsEmpty && !draft.TryAdd(line, out var what))
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
        // DEVIATION: RFC 8866 §5 fixes the order of lines and wants s= and t=. Phones break both; what can be told apart is read
        // (Description_OutOfOrderOrWithoutNameAndTime_IsReadAllTheSame).
        private readonly List<SdpLine> _lines = [];
        private readonly List<SdpAttribute> _attributes = [];
        private readonly List<SdpMedia> _media = [];
        private SdpOrigin? _origin;
        private SdpConnection? _connection;
        private string _name = "-";
        private bool _hasVersion;
        private OpenMedia? _open;

        public bool TryAdd(ReadOnlySpan<char> line, out string what)
        {
            what = "";
            if (line.Length < 2 || line[1] != '=')
            {
                what = $"\"{line[..Math.Min(line.Length, 20)]}\" is not of the form x=value";
                return false;
            }

            var value = line[2..].ToString();
            if (!_hasVersion && (line[0] != 'v' || value.Trim() != "0"))
            {
                what = "a description starts with v=0";
                return false;
            }

            switch (line[0])
            {
                case 'v' when !_hasVersion:
                    _hasVersion = true;
                    return true;
                case 'o' when _origin is null && _open is null:
                    if (!SdpOrigin.TryParse(value, out _origin)) what = $"o= cannot be read: {value}";
                    break;
                case 's' when _open is null:
                    _name = value.Length == 0 ? "-" : value;
                    break;
                case 'c':
                    if (!SdpConnection.TryParse(value, out var connection)) what = $"c= cannot be read: {value}";
                    else if (_open is null) _connection = connection;
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
                    else if (!OpenMedia.TryParse(value, out _open)) what = $"m= cannot be read: {value}";
                    break;
                default:
                    what = $"{line[0]}= has no place here";
                    break;
            }

            return what.Length == 0;
        }

        public bool TryFinish([NotNullWhen(true)] out SessionDescription? description, out ParseError error)
        {
            Close();
            description = null;
            error = default;
            if (_origin is null)
            {
                error = new ParseError(_hasVersion ? "o= is missing" : "the description is empty");
                return false;
            }

            description = new SessionDescription
            {
                Origin = _origin,
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

        public static bool TryParse(string text, out OpenMedia? media)
        {
            media = null;
            var parts = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (parts.Length < 4) return false;
            var slash = parts[1].IndexOf('/');
            var count = 1;
            if (slash >= 0 && (!int.TryParse(parts[1].AsSpan(slash + 1), out count) || count < 1)) return false;
            if (!ushort.TryParse(slash < 0 ? parts[1] : parts[1].AsSpan(0, slash), out var port)) return false;
            media = new OpenMedia(parts[0], port, count, parts[2], parts[3..]);
            return true;
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
