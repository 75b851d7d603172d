using Softphone.Terminal;

namespace Softphone.Tui;

/// <summary>
/// Which keys mean what: those of the bindings, and over them what a person chose. A choice is for a meaning (<see cref="KeyBinding.Name"/>),
/// so that it holds on every screen. Keys that move, go back or are digits stay what they are.
/// </summary>
public sealed class KeyMap
{
    private readonly IReadOnlyDictionary<string, IReadOnlyList<string>> _chosen;
    private readonly Dictionary<(string Name, IReadOnlyList<string> Keys), IReadOnlyList<string>> _merged = [];

    /// <param name="chosen">Keys by meaning, as <see cref="KeyNames"/> writes them.</param>
    internal KeyMap(IReadOnlyDictionary<string, IReadOnlyList<string>> chosen) => _chosen = chosen;

    /// <summary>Nobody chose anything.</summary>
    public static KeyMap Default => new(new Dictionary<string, IReadOnlyList<string>>());

    /// <summary>The keys of a binding; the first is the one to show.</summary>
    public IReadOnlyList<string> Of(KeyBinding binding)
    {
        if (_chosen.Count == 0 || !_chosen.TryGetValue(binding.Name, out var chosen) || binding.Keys.All(KeyNames.IsFixed)) return binding.Keys;
        return _merged.TryGetValue((binding.Name, binding.Keys), out var known) ? known : _merged[(binding.Name, binding.Keys)] = Merge(chosen, binding.Keys);
    }

    /// <summary>A key that works while text is typed stays, unless the person named another one that does.</summary>
    private static IReadOnlyList<string> Merge(IReadOnlyList<string> chosen, IReadOnlyList<string> usual)
    {
        var hasSpecial = chosen.Any(KeyNames.IsSpecial);
        return [.. chosen, .. usual.Where(k => !chosen.Contains(k) && (KeyNames.IsFixed(k) || (KeyNames.IsSpecial(k) && !hasSpecial)))];
    }

    /// <summary>The key to show for a binding.</summary>
    public string First(KeyBinding binding) => Of(binding)[0];

    /// <summary>The key to show for a binding while letters are text; empty when it has none that works then.</summary>
    public string WhileTyping(KeyBinding binding)
    {
        var keys = Of(binding);
        for (var i = 0; i < keys.Count; i++)
            if (keys[i].Length > 1 && keys[i] != "Space") return keys[i];
        return "";
    }

    public bool Matches(KeyBinding binding, InputEvent.Key key)
    {
        var keys = Of(binding);
        var name = KeyNames.Of(key);
        for (var i = 0; i < keys.Count; i++)
            if (keys[i] == name) return true;
        return false;
    }
}
