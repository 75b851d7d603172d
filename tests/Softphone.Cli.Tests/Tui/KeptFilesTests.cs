using Softphone.Phone;

namespace Softphone.Cli.Tests;

/// <summary>Contacts and settings.</summary>
public sealed class KeptFilesTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("softphone-kept-").FullName;

    private string Contacts => Path.Combine(_folder, "config", "contacts.jsonl");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Contacts_SavedAndLoaded_AreTheSame()
    {
        Contact[] people = [new("Bob", "sip:202@pbx.example.net", "work"), new("Łucja ☎", "+49 30 123456")];
        new ContactsFile(Contacts).Save(people);
        Assert.Equal(people, new ContactsFile(Contacts).Load());
        Assert.Equal("""{"name":"Bob","uri":"sip:202@pbx.example.net","account":"work"}""", File.ReadLines(Contacts).First());
    }

    [Fact]
    public void Contacts_LineOfAPersonsMistake_IsNotLost()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Contacts)!);
        File.WriteAllText(Contacts, "{\"name\":\"Bob\",\"uri\":\"sip:202@x\"}\n\n{\"name\":\"Carol\" \"uri\":\"sip:203@x\"}\n{\"name\":\"Dan\"}\n");
        var file = new ContactsFile(Contacts);
        Assert.Equal(["Bob"], file.Load().Select(c => c.Name));
        file.Save([new Contact("Eve", "sip:e@x")]);
        Assert.Equal(["{\"name\":\"Eve\",\"uri\":\"sip:e@x\"}", "{\"name\":\"Carol\" \"uri\":\"sip:203@x\"}", "{\"name\":\"Dan\"}"], File.ReadLines(Contacts));
    }

    [Fact]
    public void Link_StaysALink()
    {
        if (OperatingSystem.IsWindows()) return;
        var real = Path.Combine(_folder, "dotfiles", "people.jsonl");
        Directory.CreateDirectory(Path.GetDirectoryName(real)!);
        Directory.CreateDirectory(Path.GetDirectoryName(Contacts)!);
        File.WriteAllText(real, "");
        File.CreateSymbolicLink(Contacts, real);
        new ContactsFile(Contacts).Save([new Contact("Bob", "202")]);
        Assert.NotNull(new FileInfo(Contacts).LinkTarget);
        Assert.Contains("Bob", File.ReadAllText(real), StringComparison.Ordinal);
    }

    [Fact]
    public void Settings_SavedAndLoaded_AreTheSame()
    {
        var path = Path.Combine(_folder, "settings.json");
        var settings = new KeptSettings { Input = "Headset", Ring = "null", VolumeDb = -6, Account = "work" };
        new SettingsFile(path).Save(settings);
        Assert.Equal(settings, new SettingsFile(path).Load());
        File.WriteAllText(path, "{\"volume_db\":");
        Assert.Equal(new KeptSettings(), new SettingsFile(path).Load());
    }

    [Fact]
    public void Keeper_WritesEverythingBeforeItEnds()
    {
        var folders = Folders();
        using (var keeper = new Keeper(folders))
        {
            for (var i = 0; i < 50; i++) keeper.Keep([new Contact($"P{i}", $"{i}")]);
            keeper.Remember(s => s with { VolumeDb = 3 });
            keeper.Remember(s => s with { Account = "home" });
        }

        using var next = new Keeper(folders);
        Assert.Equal("P49", Assert.Single(next.Contacts).Name);
        Assert.Equal(new KeptSettings { VolumeDb = 3, Account = "home" }, next.Settings);
    }

    [Fact]
    public void Keeper_ThatCannotWrite_TellsOnce()
    {
        File.WriteAllText(Path.Combine(_folder, "softphone"), "a file where the folder should be");
        var told = new List<string>();
        using (var keeper = new Keeper(Folders()) { Failed = told.Add })
        {
            keeper.Keep([new Contact("Bob", "1")]);
            keeper.Keep([new Contact("Bob", "2")]);
        }

        Assert.StartsWith("the contacts cannot be kept", Assert.Single(told), StringComparison.Ordinal);
    }

    [Fact]
    public void Contacts_ThatCannotBeRead_AreNotWrittenOver()
    {
        var folders = Folders();
        Directory.CreateDirectory(folders.Contacts);
        using (var keeper = new Keeper(folders))
        {
            Assert.Contains(keeper.Unreadable, u => u.StartsWith("contacts", StringComparison.Ordinal));
            keeper.Keep([new Contact("Bob", "1")]);
        }

        Assert.True(Directory.Exists(folders.Contacts));
    }

    [Theory]
    [InlineData("sip:bob@example.net", "bob@example.net")]
    [InlineData("sips:../../etc/passwd", "etc-passwd")]
    [InlineData("☎", "nobody")]
    public void FileName_OfAPeer_StaysInItsFolder(string peer, string name) => Assert.Equal(name, FileNames.Of(peer));

    private KeptFolders Folders() => new(new Dictionary<string, string> { ["XDG_CONFIG_HOME"] = _folder, ["XDG_STATE_HOME"] = _folder });
}
