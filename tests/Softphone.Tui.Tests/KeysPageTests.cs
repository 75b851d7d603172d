using System.Runtime.CompilerServices;

namespace Softphone.Tui.Tests;

/// <summary>docs/keys.md is the keys of all screens, written out: what the page says is what the keys do.</summary>
public sealed class KeysPageTests
{
    [Fact]
    public void Page_OfKeys_IsWhatTheScreensSay()
    {
        var file = Path.Combine(Path.GetDirectoryName(Here())!, "..", "..", "docs", "keys.md");
        if (Environment.GetEnvironmentVariable("SOFTPHONE_GOLDEN") == "renew") File.WriteAllText(file, KeysPage.Markdown());
        Assert.True(File.Exists(file) && File.ReadAllText(file).ReplaceLineEndings("\n") == KeysPage.Markdown(), "docs/keys.md is not what the screens say: ./build.sh keys writes it");
    }

    [Fact]
    public void Page_OfKeys_HasEveryKeyOfEveryScreen()
    {
        var page = KeysPage.Markdown();
        foreach (var binding in KeyCatalog.Sections.SelectMany(s => s.Bindings).Where(b => b.Help.Length > 0))
            Assert.Contains($"| {string.Join(" ", binding.Keys.Select(k => $"`{k}`"))} |", page, StringComparison.Ordinal);
    }

    [Fact]
    public void Help_OfEveryKey_IsInOneManner()
    {
        // Orders to the phone, in small letters: "copy the message", neither "Copy ..." nor "copies ...".
        string[] thirdPersons = ["shows", "copies", "goes", "writes", "looks", "compares", "checks", "sends", "takes", "opens"];
        foreach (var help in KeyCatalog.Sections.SelectMany(s => s.Bindings).Select(b => b.Help).Where(h => h.Length > 0))
        {
            var first = help.Split(' ', ',', ';')[0];
            Assert.True(char.IsLower(first[0]) || !first.Any(char.IsLower), help);
            Assert.DoesNotContain(first, thirdPersons);
            Assert.False(help.EndsWith('.'), help);
        }
    }

    private static string Here([CallerFilePath] string file = "") => file;
}
