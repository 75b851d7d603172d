using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using Softphone.Core;

namespace Softphone.Sip;

/// <summary>Reads the expression of a <see cref="SipDialogFilter"/>. What it refuses it names.</summary>
internal ref struct DialogTermReader(string text)
{
    private const int Deepest = 32;

    private static readonly string[] Fields = ["method", "status", "from", "to", "state", "kind", "account", "call-id", "transport", "address", "messages", "text"];

    private static readonly string[] Methods =
    [
        SipMethod.Invite, SipMethod.Ack, SipMethod.Bye, SipMethod.Cancel, SipMethod.Options, SipMethod.Register, SipMethod.Prack, SipMethod.Update, SipMethod.Info,
        SipMethod.Refer, SipMethod.Notify, SipMethod.Subscribe, SipMethod.Message, SipMethod.Publish,
    ];

    private readonly ReadOnlySpan<char> _text = text;
    private int _at;
    private int _depth;
    private string _why = "";

    public bool TryRead([NotNullWhen(true)] out DialogTerm? term, out string why)
    {
        term = ReadAny();
        if (term is not null && Skip()) Fail("“)” closes nothing");
        why = _why;
        if (_why.Length > 0) term = null;
        return term is not null;
    }

    private DialogTerm? ReadAny()
    {
        var terms = new List<DialogTerm>();
        do
        {
            if (ReadAll() is not { } term) return null;
            terms.Add(term);
        }
        while (TryWord("or") || TryWord("|"));
        return terms.Count == 1 ? terms[0] : new DialogTerm.Any(terms);
    }

    private DialogTerm? ReadAll()
    {
        var terms = new List<DialogTerm>();
        var isJoined = false;
        while (Skip() && _text[_at] != ')' && !IsWord("or") && !IsWord("|"))
        {
            if (ReadOne() is not { } term) return null;
            terms.Add(term);
            isJoined = TryWord("and") || TryWord("&");
        }

        // Nothing at all lets everything pass; nothing between two words is a slip.
        if (isJoined) return Fail("something must follow “and”");
        if (terms.Count == 0 && !_text.IsWhiteSpace()) return Fail("something must stand on both sides of “or”, and between brackets");
        return terms.Count == 1 ? terms[0] : new DialogTerm.All(terms);
    }

    private DialogTerm? ReadOne()
    {
        if (TryWord("not") || TryMark('!') || TryMark('-'))
        {
            if (!Skip() || _text[_at] == ')') return Fail("something must follow “not”");
            if (++_depth > Deepest) return Fail("too many “not” and brackets in each other");
            var negated = ReadOne();
            _depth--;
            return negated is null ? null : new DialogTerm.Not(negated);
        }

        if (!TryMark('(')) return ReadField();
        if (++_depth > Deepest) return Fail("too many “not” and brackets in each other");
        var inside = ReadAny();
        _depth--;
        if (inside is null) return null;
        return Skip() && TryMark(')') ? inside : Fail("a “(” is not closed");
    }

    private DialogTerm? ReadField()
    {
        var name = ReadWord(stopsAtColon: true, out var isQuoted);
        if (isQuoted || _at == _text.Length || _text[_at] != ':') return new DialogTerm.Has(DialogText.Anywhere, name);
        var field = Find(Fields, name);
        // An address with a port, or a URI, has a colon too.
        if (field is null && (name.Length > 0 && !char.IsAsciiLetter(name[0]) || name.Contains('.', StringComparison.Ordinal) || name is "sip" or "sips" or "tel"))
            return new DialogTerm.Has(DialogText.Anywhere, name + ReadWord(stopsAtColon: false, out _));
        if (field is null) return Fail($"there is no field “{name}”: did you mean {Nearest.Of(name, Fields)}? There are {string.Join(", ", Fields)}");
        _at++;
        var values = ReadWord(stopsAtColon: false, out isQuoted);
        if (values.Length == 0) return Fail($"something must follow “{field}:”");
        var terms = new List<DialogTerm>();
        foreach (var value in isQuoted ? [values] : values.Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            if (Field(field, value) is not { } term) return null;
            terms.Add(term);
        }

        return terms.Count switch { 0 => Fail($"something must follow “{field}:”"), 1 => terms[0], _ => new DialogTerm.Any(terms) };
    }

    private DialogTerm? Field(string field, string value) => field switch
    {
        "method" => Method(value),
        "status" => Status(value),
        "messages" => Between(value, int.MaxValue) is (var least, var most) ? new DialogTerm.Messages(least, most) : Fail($"“{value}” counts no messages: write 5, >5, <=5 or 5-9"),
        "state" => Named<SipDialogState>(value, SipDialogWords.Of, "state") is { } state ? new DialogTerm.State(state) : null,
        "kind" => Named<SipDialogKind>(value, SipDialogWords.Of, "kind") is { } kind ? new DialogTerm.Kind(kind) : null,
        "transport" => Named<Transport>(value, t => t.ToString().ToLowerInvariant(), "transport") is { } transport ? new DialogTerm.By(transport) : null,
        "from" => new DialogTerm.Has(DialogText.From, value),
        "to" => new DialogTerm.Has(DialogText.To, value),
        "account" => new DialogTerm.Has(DialogText.Account, value),
        "call-id" => new DialogTerm.Has(DialogText.CallId, value),
        "address" => new DialogTerm.Has(DialogText.Address, value),
        _ => new DialogTerm.Has(DialogText.Messages, value),
    };

    private DialogTerm? Method(string value)
    {
        if (!Grammar.IsToken(value.AsSpan())) return Fail($"“{value}” cannot be a method");
        if (Methods.Any(m => m.StartsWith(value, StringComparison.OrdinalIgnoreCase))) return new DialogTerm.Method(value);
        // Any token is a method (RFC 3261 §7.1), but one that is nearly a known one is a slip.
        var near = Methods.MinBy(m => Nearest.Distance(value.ToUpperInvariant(), m))!;
        return Nearest.Distance(value.ToUpperInvariant(), near) <= 2 ? Fail($"there is no method “{value}”: did you mean {near.ToLowerInvariant()}?") : new DialogTerm.Method(value);
    }

    private DialogTerm? Status(string value)
    {
        if (value.Length == 3 && value[0] is >= '1' and <= '6' && value.AsSpan(1).Equals("xx", StringComparison.OrdinalIgnoreCase))
            return new DialogTerm.Status((value[0] - '0') * 100, (value[0] - '0') * 100 + 99);
        return Between(value, 699) is (var least and <= 699, var most and >= 100 and <= 699)
            ? new DialogTerm.Status(least, most) : Fail($"“{value}” is no status: write 404, 4xx, >=400 or 400-499");
    }

    /// <summary>"5", ">5", "&lt;=5", "5-9"; null for anything else.</summary>
    private static (int Least, int Most)? Between(string value, int highest)
    {
        var text = value.AsSpan();
        var dash = text.IndexOf('-');
        if (dash > 0) return Number(text[..dash]) is { } from && Number(text[(dash + 1)..]) is { } to && from <= to ? (from, to) : null;
        var sign = text.Length - text.TrimStart("<>=").Length;
        if (Number(text[sign..]) is not { } number) return null;
        return text[..sign] switch
        {
            "" or "=" => (number, number),
            ">" => (number + 1, highest),
            ">=" => (number, highest),
            "<" => (0, number - 1),
            "<=" => (0, number),
            _ => null,
        };

        static int? Number(ReadOnlySpan<char> digits) => digits.Length <= 6 && int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
    }

    private T? Named<T>(string value, Func<T, string> word, string what)
        where T : struct, Enum
    {
        var all = Enum.GetValues<T>();
        foreach (var one in all)
            if (word(one).Equals(value, StringComparison.OrdinalIgnoreCase)) return one;
        var starting = all.Where(one => word(one).StartsWith(value, StringComparison.OrdinalIgnoreCase)).ToArray();
        if (starting.Length == 1) return starting[0];
        Fail($"there is no {what} “{value}”: did you mean {Nearest.Of(value, all.Select(word))}? There are {string.Join(", ", all.Select(word))}");
        return null;
    }

    /// <summary>The field itself, or the only one that begins so.</summary>
    private static string? Find(string[] fields, string name)
    {
        if (name.Equals("callid", StringComparison.OrdinalIgnoreCase)) return "call-id";
        var exact = fields.FirstOrDefault(f => f.Equals(name, StringComparison.OrdinalIgnoreCase));
        if (exact is not null || name.Length == 0) return exact;
        var starting = fields.Where(f => f.StartsWith(name, StringComparison.OrdinalIgnoreCase)).ToArray();
        return starting.Length == 1 ? starting[0] : null;
    }

    /// <summary>Up to a space or a bracket, quotes resolved.</summary>
    private string ReadWord(bool stopsAtColon, out bool isQuoted)
    {
        var word = new StringBuilder();
        isQuoted = false;
        while (_at < _text.Length && !char.IsWhiteSpace(_text[_at]) && _text[_at] is not ('(' or ')') && !(stopsAtColon && _text[_at] == ':'))
        {
            if (_text[_at] != '"')
            {
                word.Append(_text[_at++]);
                continue;
            }

            isQuoted = true;
            var end = _text[(_at + 1)..].IndexOf('"');
            var inside = end < 0 ? _text[(_at + 1)..] : _text.Slice(_at + 1, end);
            word.Append(inside);
            _at += inside.Length + (end < 0 ? 1 : 2);
        }

        return word.ToString();
    }

    private bool Skip()
    {
        while (_at < _text.Length && char.IsWhiteSpace(_text[_at])) _at++;
        return _at < _text.Length;
    }

    private bool TryMark(char mark)
    {
        if (_at >= _text.Length || _text[_at] != mark) return false;
        _at++;
        return true;
    }

    private bool IsWord(string word) =>
        _text[_at..].StartsWith(word, StringComparison.OrdinalIgnoreCase) && (_at + word.Length == _text.Length || char.IsWhiteSpace(_text[_at + word.Length]) || _text[_at + word.Length] == '(');

    private bool TryWord(string word)
    {
        if (!Skip() || !IsWord(word)) return false;
        _at += word.Length;
        return true;
    }

    private DialogTerm? Fail(string why)
    {
        if (_why.Length == 0) _why = why;
        return null;
    }
}
