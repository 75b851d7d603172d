namespace Softphone.Terminal;

/// <summary>How many colours the terminal shows.</summary>
public enum ColorMode
{
    /// <summary>None at all: NO_COLOR, or a terminal that has none. Emphasis still works.</summary>
    None,

    /// <summary>The 16 of its theme.</summary>
    Sixteen,

    /// <summary>The 256 of xterm.</summary>
    Indexed,

    /// <summary>Every one.</summary>
    Exact,
}
