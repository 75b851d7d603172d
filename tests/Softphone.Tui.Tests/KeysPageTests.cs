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

    private static string Here([CallerFilePath] string file = "") => file;
}
