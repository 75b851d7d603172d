using System.Text;
using System.Text.Json;
using Softphone.Phone;

namespace Softphone.Cli;

/// <summary>
/// contacts.jsonl: one person a line, such as {"name":"Bob","uri":"sip:202@pbx.example.net"}, which a person may edit. Written whole and at
/// once; lines that cannot be read stay in it as they are.
/// </summary>
/// <param name="path">The file.</param>
internal sealed class ContactsFile(string path)
{
    private readonly List<string> _strange = [];

    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be read.</exception>
    public IReadOnlyList<Contact> Load()
    {
        _strange.Clear();
        var contacts = new List<Contact>();
        if (!Path.Exists(path)) return contacts;
        foreach (var line in File.ReadLines(path))
        {
            if (string.IsNullOrWhiteSpace(line)) continue;
            if (KeptJson.Read(Encoding.UTF8.GetBytes(line), KeptJson.Person) is { } contact) contacts.Add(contact);
            else _strange.Add(line);
        }

        return contacts;
    }

    /// <exception cref="IOException">The file cannot be written; the old one stands.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be written.</exception>
    public void Save(IReadOnlyList<Contact> contacts)
    {
        var text = new StringBuilder();
        foreach (var contact in contacts) text.Append(JsonSerializer.Serialize(contact, KeptJson.Person)).Append('\n');
        foreach (var line in _strange) text.Append(line).Append('\n');
        AtomicFile.Write(path, Encoding.UTF8.GetBytes(text.ToString()));
    }
}
