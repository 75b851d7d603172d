using Softphone.Phone;

namespace Softphone.Cli;

/// <summary>
/// contacts.jsonl: one person a line, such as {"name":"Bob","uri":"sip:202@pbx.example.net"}, which a person may edit, or a second phone
/// write, at any time. So what is saved is not the phone's list but what changed in it since it was loaded or saved last, in the file as it
/// is now, under the lock of the folder. Lines that nobody changed, and lines that cannot be read, stay as they are.
/// </summary>
/// <param name="path">The file.</param>
internal sealed class ContactsFile(string path)
{
    /// <summary>What the phone's list was when it was last read from the file, or written to it.</summary>
    private IReadOnlyList<Contact> _before = [];

    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be read.</exception>
    public IReadOnlyList<Contact> Load() => _before = Read().Contacts;

    /// <exception cref="IOException">The file cannot be written; the old one stands.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be written.</exception>
    public void Save(IReadOnlyList<Contact> contacts)
    {
        using var held = FolderLock.Take(Path.GetDirectoryName(path)!);
        var lines = Read();
        lines.Change(_before, contacts);
        AtomicFile.Write(path, lines.ToOctets());
        _before = [.. contacts];
    }

    private ContactLines Read() => ContactLines.Read(Path.Exists(path) ? File.ReadAllBytes(path) : []);
}
