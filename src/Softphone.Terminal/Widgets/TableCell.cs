namespace Softphone.Terminal;

/// <summary>One field of a table's row.</summary>
public readonly record struct TableCell(string Text, Style Style = default)
{
    public static implicit operator TableCell(string text) => new(text);
}
