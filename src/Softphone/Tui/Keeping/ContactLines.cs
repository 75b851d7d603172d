using System.Text.Json;
using System.Text.Json.Nodes;
using Softphone.Phone;

namespace Softphone.Cli;

/// <summary>
/// The lines of contacts.jsonl as somebody left them, and the changes of one phone put into them: a merge of three sides, in which nothing
/// that anybody wrote is lost.
/// </summary>
internal sealed class ContactLines
{
    private static ReadOnlySpan<byte> Mark => "\uFEFF"u8;

    private readonly List<(byte[] Octets, Contact? Contact)> _lines = [];

    /// <summary>Some editors begin a file with a byte order mark.</summary>
    private bool _hasMark;

    private ContactLines()
    {
    }

    /// <summary>Those that can be read, in the order of the file.</summary>
    public IReadOnlyList<Contact> Contacts => [.. _lines.Select(l => l.Contact).OfType<Contact>()];

    /// <param name="content">The file.</param>
    public static ContactLines Read(ReadOnlySpan<byte> content)
    {
        var lines = new ContactLines();
        lines._hasMark = content.StartsWith(Mark);
        if (lines._hasMark) content = content[Mark.Length..];
        foreach (var range in content.Split((byte)'\n'))
        {
            var line = content[range];
            if (line.Trim(" \t\r"u8).IsEmpty) continue;
            lines._lines.Add((line.ToArray(), KeptJson.Read(line, KeptJson.Person)));
        }

        return lines;
    }

    /// <summary>Does to these lines what one phone did to its list.</summary>
    /// <param name="before">Its list when it last agreed with the file.</param>
    /// <param name="after">Its list now.</param>
    public void Change(IReadOnlyList<Contact> before, IReadOnlyList<Contact> after)
    {
        var gone = Without(before, after);
        var come = Without(after, before);
        foreach (var now in come)
        {
            // Who kept the name or the address is the same person.
            var was = gone.Find(c => c.Name == now.Name) ?? gone.Find(c => c.Uri == now.Uri);
            if (was is null)
            {
                if (!_lines.Exists(l => l.Contact == now)) Add(now);
                continue;
            }

            gone.Remove(was);
            Edit(was, now);
        }

        foreach (var contact in gone)
        {
            // One that somebody else has changed meanwhile is not the one that was deleted.
            var at = _lines.FindIndex(l => l.Contact == contact);
            if (at >= 0) _lines.RemoveAt(at);
        }
    }

    public byte[] ToOctets()
    {
        var octets = new List<byte>();
        if (_hasMark) octets.AddRange(Mark);
        foreach (var (line, _) in _lines)
        {
            octets.AddRange(line);
            octets.Add((byte)'\n');
        }

        return [.. octets];
    }

    private void Edit(Contact was, Contact now)
    {
        if (_lines.Exists(l => l.Contact == now)) return;
        var at = _lines.FindIndex(l => l.Contact == was);
        if (at < 0) at = _lines.FindIndex(l => l.Contact?.Name == was.Name);
        if (at < 0) at = _lines.FindIndex(l => l.Contact?.Uri == was.Uri);
        // Deleted by somebody else while it was edited here, or both changed the same of it: then both stay.
        if (at < 0 || !TryMerge(was, now, _lines[at].Contact!, out var both))
        {
            Add(now);
            return;
        }

        _lines[at] = (Rewrite(_lines[at].Octets, both), both);
    }

    private static bool TryMerge(Contact was, Contact ours, Contact theirs, out Contact both)
    {
        var fits = true;
        both = new Contact(Pick(was.Name, ours.Name, theirs.Name)!, Pick(was.Uri, ours.Uri, theirs.Uri)!, Pick(was.Account, ours.Account, theirs.Account));
        return fits;

        string? Pick(string? old, string? here, string? there)
        {
            if (here == old || here == there) return there;
            fits &= there == old;
            return here;
        }
    }

    /// <summary>Before the first that comes after it by name, so that a file in order stays so; behind the last contact otherwise.</summary>
    private void Add(Contact contact)
    {
        var at = _lines.FindIndex(l => l.Contact is { } other && string.Compare(other.Name, contact.Name, StringComparison.OrdinalIgnoreCase) > 0);
        if (at < 0) at = _lines.FindLastIndex(l => l.Contact is not null) + 1;
        _lines.Insert(at, (JsonSerializer.SerializeToUtf8Bytes(contact, KeptJson.Person), contact));
    }

    /// <summary>What a person wrote besides, a note say, stays in the line.</summary>
    private static byte[] Rewrite(byte[] line, Contact contact)
    {
        var plain = JsonSerializer.SerializeToUtf8Bytes(contact, KeptJson.Person);
        if (JsonNode.Parse(line) is not JsonObject kept || JsonNode.Parse(plain) is not JsonObject fields) return plain;
        foreach (var name in (string[])["name", "uri", "account"]) kept.Remove(name);
        if (kept.Count == 0) return plain;
        foreach (var (name, value) in kept) fields[name] = value?.DeepClone();
        using var octets = new MemoryStream();
        using (var writer = new Utf8JsonWriter(octets, new JsonWriterOptions { Encoder = KeptJson.Person.Options.Encoder })) fields.WriteTo(writer);
        return octets.ToArray();
    }

    /// <summary>What one list has and the other has not, twins counted.</summary>
    private static List<Contact> Without(IReadOnlyList<Contact> all, IReadOnlyList<Contact> others)
    {
        var counts = new Dictionary<Contact, int>();
        foreach (var other in others) counts[other] = counts.GetValueOrDefault(other) + 1;
        var rest = new List<Contact>();
        foreach (var contact in all)
        {
            if (counts.GetValueOrDefault(contact) is var count and > 0) counts[contact] = count - 1;
            else rest.Add(contact);
        }

        return rest;
    }
}
