using System.Text;

namespace Softphone.Tui;

/// <summary>The keys of all screens written out: docs/keys.md, and the list for a shell.</summary>
public static class KeysPage
{
    private const string Beginning =
        """
        # Keys and commands

        Made from the keys of all screens by `./build.sh keys`; `?` shows those of the screen you are on, with what can be done now. Words follow `:`, and Tab completes them.
        Digits, `*` and `#` begin a number where no call talks, and are sent to the call that does, on every screen that takes no text.
        Where text is typed, only keys with Ctrl, Alt or a function key keep their meaning. `Esc` and `q` go back and never hang up. `j` `k` `g` `G`, arrows and page keys move.

        A key means one thing, on whatever screen. The few that mean something else somewhere stand [below](#keys-with-two-meanings).

        """;

    private const string OfYourOwn =
        """

        ## Keys of your own

        `keys.yaml` in the folder of configuration (`$XDG_CONFIG_HOME/softphone`, beside `profiles/`) gives actions other keys, on all screens at once:

        ```yaml
        hold: H                # an action of the tables above, and its key
        history: F6            # whose key hold took
        answer: [z, F5]        # or several; the first one is shown
        ```

        Footer, menu and help show the keys that you chose. A key is a letter, `Space`, `F1` to `F12`, or one of them after `Ctrl-` or `Alt-`; where YAML would read more into it, it stands in quotes (`"-"`).
        Keys that move, go back or dial stay what they are, and a key that works while text is typed stays too unless you name another such. What is wrong, an unknown action, no key, two actions with one key, is told among the
        events with file and line, and passed over. `softphone keys` lists the keys as they are now, and tells the same.

        """;

    /// <summary>The page, as keys are where nobody changed any.</summary>
    public static string Markdown()
    {
        var page = new StringBuilder(Beginning.ReplaceLineEndings("\n"));
        foreach (var section in KeyCatalog.Sections)
        {
            var told = section.Bindings.Where(b => b.Help.Length > 0).ToList();
            if (told.Count == 0) continue;
            page.Append($"\n## {section.Title}\n\n");
            if (section.IsQuestion) page.Append("No other key does anything until it is answered, but for those that take or reject a call.\n\n");
            page.Append("| key | command | action | what it does |\n|---|---|---|---|\n");
            foreach (var binding in told)
            {
                var word = binding.Word.Length == 0 ? "" : $"`:{binding.Word}{(binding.Argument.Length > 0 ? $" {binding.Argument}" : "")}`";
                var action = !section.IsQuestion && KeyCatalog.Meanings.ContainsKey(binding.Name) ? $"`{binding.Name}`" : "";
                page.Append($"| {string.Join(" ", binding.Keys.Select(k => $"`{k}`"))} | {word} | {action} | {binding.Help} |\n");
            }
        }

        page.Append("\n## Keys with two meanings\n\n| key | what it means |\n|---|---|\n");
        foreach (var (key, meaning) in KeyCatalog.Shared) page.Append($"| `{key}` | {meaning} |\n");
        return page.Append(OfYourOwn.ReplaceLineEndings("\n")).ToString();
    }

    /// <summary>Action, keys and what it does, one a line.</summary>
    public static IEnumerable<string> Lines(KeyMap map)
    {
        var keys = KeyCatalog.Meanings.Values.Select(b => (b.Name, Keys: string.Join(' ', map.Of(b)), b.Help)).ToList();
        var (name, key) = (keys.Max(k => k.Name.Length), keys.Max(k => k.Keys.Length));
        foreach (var line in keys) yield return $"{line.Name.PadRight(name)}  {line.Keys.PadRight(key)}  {line.Help}";
    }
}
