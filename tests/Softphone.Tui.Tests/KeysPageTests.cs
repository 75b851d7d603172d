using System.Runtime.CompilerServices;
using System.Text;

namespace Softphone.Tui.Tests;

/// <summary>docs/keys.md is the key table, written out: what the page says is what the keys do.</summary>
public sealed class KeysPageTests
{
    [Fact]
    public void Page_OfKeys_IsTheKeyTable()
    {
        var file = Path.Combine(Path.GetDirectoryName(Here())!, "..", "..", "docs", "keys.md");
        if (Environment.GetEnvironmentVariable("SOFTPHONE_GOLDEN") == "renew") File.WriteAllText(file, Page());
        Assert.True(File.Exists(file) && File.ReadAllText(file).ReplaceLineEndings("\n") == Page(), "docs/keys.md is not the key table: SOFTPHONE_GOLDEN=renew dotnet test tests/Softphone.Tui.Tests writes it");
    }

    private static string Page()
    {
        var page = new StringBuilder("""
            # Keys and commands

            Made from the key table of the full screen by a test; `?` shows the same with what can be done now. Words follow `:`, and Tab completes them.
            Digits, `*` and `#` begin a number where no call talks, and are sent to the call that does, on every screen that takes no text.
            Where text is typed, only keys with Ctrl, Alt or a function key keep their meaning. `Esc` and `q` go back and never hang up.

            """.ReplaceLineEndings("\n"));
        foreach (var group in Bindings.Global.GroupBy(b => b.Group)) Add(page, group.Key, group);
        (string Title, Panel Panel)[] panels = [("Accounts", new AccountsPanel()), ("History", new HistoryPanel()), ("Contacts", new ContactsPanel()), ("Events", new EventsPanel())];
        foreach (var (title, panel) in panels) Add(page, $"In the panel {title.ToLowerInvariant()}", panel.Keys);
        Add(page, "Between panels", new MainScreen().Keys.Where(k => k.Group == MainScreen.PanelKeys && k.Help.Length > 0));
        return page.ToString();
    }

    private static void Add(StringBuilder page, string title, IEnumerable<KeyBinding> bindings)
    {
        page.Append($"\n## {title}\n\n| key | command | what it does |\n|---|---|---|\n");
        foreach (var binding in bindings)
        {
            var word = binding.Word.Length == 0 ? "" : $"`:{binding.Word}{(binding.Argument.Length > 0 ? $" {binding.Argument}" : "")}`";
            page.Append($"| {string.Join(" ", binding.Keys.Select(k => $"`{k}`"))} | {word} | {binding.Help} |\n");
        }
    }

    private static string Here([CallerFilePath] string file = "") => file;
}
