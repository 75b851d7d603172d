using System.Text;
using Softphone.Phone;

namespace Softphone.Cli.Tests;

/// <summary>contacts.jsonl while a person edits it, or a second phone does.</summary>
public sealed class ContactLinesTests : IDisposable
{
    private static readonly Contact Ann = new("Ann", "sip:ann@x.test");
    private static readonly Contact Bob = new("Bob", "sip:bob@x.test");

    private readonly string _folder = Directory.CreateTempSubdirectory("softphone-contacts-").FullName;

    private string FilePath => Path.Combine(_folder, "contacts.jsonl");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void TwoPhones_EachAddsSomebody_BothAreKept()
    {
        var (one, two) = (new ContactsFile(FilePath), new ContactsFile(FilePath));
        Contact[] first = [.. one.Load(), Ann], second = [.. two.Load(), Bob];
        one.Save(first);
        two.Save(second);
        Assert.Equal([Ann, Bob], new ContactsFile(FilePath).Load());
        // The first does not know Bob, and does not take him away with its next change.
        one.Save([Ann with { Account = "work" }]);
        Assert.Equal([Ann with { Account = "work" }, Bob], new ContactsFile(FilePath).Load());
        one.Save([]);
        Assert.Equal([Bob], new ContactsFile(FilePath).Load());
    }

    [Fact]
    public void LineWrittenByHandMeanwhile_IsKept()
    {
        var file = new ContactsFile(FilePath);
        file.Save([Ann]);
        File.AppendAllText(FilePath, "{\"name\":\"Edited\",\"uri\":\"sip:e@x.test\"}\n");
        file.Save([Ann, new Contact("Cid", "sip:c@x.test")]);
        Assert.Equal(["Ann", "Cid", "Edited"], file.Load().Select(c => c.Name));
    }

    // The file when the phone read it, what the phone makes of it, what the file is by then, what it must be afterwards; a person a letter.
    [Theory]
    [InlineData("A1 B1", "A1 B1 C1", "A1 B1 D1", "A1 B1 C1 D1", "both add")]
    [InlineData("A1 B1", "B1", "A1 B1 D1", "B1 D1", "we delete, they add")]
    [InlineData("A1 B1", "A1 B1 C1", "B1", "B1 C1", "we add, they delete")]
    [InlineData("A1 B1", "A2 B1", "A1 B2", "A2 B2", "each edits another")]
    [InlineData("A1", "A2", "A3", "A2 A3", "both edit the same: nothing is lost")]
    [InlineData("A1", "A2", "", "A2", "we edit, they delete")]
    [InlineData("A1", "", "A2", "A2", "we delete, they edit")]
    [InlineData("A1", "A2", "A2", "A2", "both do the same")]
    [InlineData("", "A1", "A1", "A1", "both add the same")]
    [InlineData("A1 A1", "A1", "A1 A1", "A1", "one of two twins is deleted")]
    [InlineData("A1 B1 C1", "Z1 B1 C1", "C1 B1 A1", "B1 C1 Z1", "one is renamed in a file that was put in another order")]
    public void Merge_OfThreeSides_LosesNothing(string before, string after, string meanwhile, string expected, string what)
    {
        var lines = ContactLines.Read(Lines(meanwhile));
        lines.Change(People(before), People(after));
        Assert.True(People(expected).OrderBy(c => c.Uri, StringComparer.Ordinal).SequenceEqual(lines.Contacts.OrderBy(c => c.Uri, StringComparer.Ordinal)), $"{what}: {string.Join(' ', lines.Contacts)}");
    }

    [Fact]
    public void Merge_DifferentFieldsOfOnePerson_AreBothTaken()
    {
        var lines = ContactLines.Read(Encoding.UTF8.GetBytes("{\"name\":\"Ann\",\"uri\":\"sip:ann@new.test\"}\n"));
        lines.Change([Ann], [Ann with { Account = "work" }]);
        Assert.Equal([new Contact("Ann", "sip:ann@new.test", "work")], lines.Contacts);
    }

    [Fact]
    public void LinesThatNobodyChanged_StayOctetForOctet()
    {
        // A byte order mark, spaces and CR of another editor, a remark, an octet that is no UTF-8, a field of the person's own.
        byte[] content = [.. "\uFEFF{ \"name\" : \"Ann\", \"uri\": \"sip:ann@x.test\" }\r\n# my people\n"u8, 0xFF, (byte)'\n', .. "{\"name\":\"Bob\",\"uri\":\"sip:bob@x.test\",\"note\":\"☎ daily\"}"u8];
        var lines = ContactLines.Read(content);
        Assert.Equal([Ann, Bob], lines.Contacts);
        lines.Change([Ann, Bob], [Ann, Bob with { Account = "work" }]);
        byte[] expected = [.. "\uFEFF{ \"name\" : \"Ann\", \"uri\": \"sip:ann@x.test\" }\r\n# my people\n"u8, 0xFF, (byte)'\n', .. "{\"name\":\"Bob\",\"uri\":\"sip:bob@x.test\",\"account\":\"work\",\"note\":\"☎ daily\"}\n"u8];
        Assert.Equal(expected, lines.ToOctets());
    }

    [Fact]
    public void Sweep_TakesFilesOfProcessesThatAreGone_AndNothingElse()
    {
        string[] names = ["contacts.jsonl.11.tmp", "history.jsonl.12.tmp", "settings.json.tmp", "mine.tmp", "contacts.jsonl", "x.-1.tmp", ".13.tmp"];
        foreach (var name in names) File.WriteAllText(Path.Combine(_folder, name), "");
        Leftovers.Sweep([_folder, Path.Combine(_folder, "missing")], process => process == 12);
        Assert.Equal(names.Except(["contacts.jsonl.11.tmp"]).Order(StringComparer.Ordinal), Directory.GetFiles(_folder).Select(f => Path.GetFileName(f)!).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Lock_ThatCannotBeMade_FailsAtOnce()
    {
        Directory.CreateDirectory(Path.Combine(_folder, ".lock"));
        var clock = System.Diagnostics.Stopwatch.StartNew();
        Assert.ThrowsAny<SystemException>(() => FolderLock.Take(_folder));
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(1), $"{clock.Elapsed}");
    }

    private static Contact[] People(string text) =>
        [.. text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(p => new Contact(p[..1], $"sip:{p}@x.test"))];

    private static byte[] Lines(string text) =>
        Encoding.UTF8.GetBytes(string.Concat(People(text).Select(c => $"{{\"name\":\"{c.Name}\",\"uri\":\"{c.Uri}\"}}\n")));
}
