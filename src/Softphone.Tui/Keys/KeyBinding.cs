namespace Softphone.Tui;

/// <summary>
/// One thing that a person can do: its key, its word on the command line, and when it cannot be done. Help, footers, menus and the
/// completion of the command line are made of these alone.
/// </summary>
/// <param name="Keys">Its keys where no key map says otherwise, the first one shown in footers: "h", "Space", "Ctrl-R", "F1", "Esc", "Shift-Tab", "PgUp". What they are now is asked of the <see cref="KeyMap"/>.</param>
/// <param name="Word">Its word after ":"; empty when it has none.</param>
/// <param name="Short">One or two words for a footer.</param>
/// <param name="Help">One line.</param>
/// <param name="Run">Does it.</param>
public sealed record KeyBinding(IReadOnlyList<string> Keys, string Word, string Short, string Help, Action<Session> Run)
{
    /// <summary>
    /// What it means, in the words of keys.yaml. Bindings of one meaning have one name, on whatever screen, and a key has one meaning; the exceptions
    /// are <see cref="KeyCatalog.Shared"/>.
    /// </summary>
    public string Name
    {
        get => field.Length > 0 ? field : Word.Length > 0 ? Word : Short.ToLowerInvariant().Replace(' ', '-').Replace('/', '-');
        init;
    } = "";

    /// <summary>Under which heading it stands in help.</summary>
    public string Group { get; init; } = "";

    /// <summary>What <see cref="Short"/> is now, where that changes: "resume" for "hold".</summary>
    public Func<Session, string>? Label { get; init; }

    /// <summary>Why it cannot be done now, for a person; null when it can.</summary>
    public Func<Session, string?> Disabled { get; init; } = _ => null;

    /// <summary>What follows the word, "URI" or "NAME"; empty when nothing does.</summary>
    public string Argument { get; init; } = "";

    /// <summary>Does it with what was typed after the word; null when nothing follows.</summary>
    public Action<Session, string>? RunWith { get; init; }

    /// <summary>What may follow the word, for completion.</summary>
    public Func<Session, IEnumerable<string>> Choices { get; init; } = _ => [];

    /// <summary>What stands beside one of <see cref="Choices"/>: whose address it is, say. It is looked through as well.</summary>
    public Func<Session, string, string> Says { get; init; } = (_, _) => "";

    /// <summary>It changes how the list on the screen stands there, not what is in it: no business of a menu.</summary>
    public bool IsOfList { get; init; }

    /// <summary>Lower stands further left in a footer; above 99 it is in help only.</summary>
    public int Rank { get; init; } = 50;

    /// <summary>Its label for a footer at this moment.</summary>
    internal string LabelOf(Session session) => Label?.Invoke(session) ?? Short;
}
