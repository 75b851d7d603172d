namespace Softphone.Terminal;

/// <summary>
/// What stands for a glyph on the console of Linux (TERM=linux), whose font has at most 512 of them: marks that the phone draws become those of
/// code page 437, which the kernel's own font and the usual console fonts have. Letters stay: which of them the font has, nobody can ask.
/// </summary>
internal static class ConsoleFolding
{
    public static int Of(int scalar) => scalar switch
    {
        < 0x7F => scalar,
        '─' or '│' or '█' or '░' or '▒' or '▓' or '▲' or '▼' or '←' or '→' or '↑' or '↓' or '·' or '•' => scalar,
        '━' or '╌' => '─',
        '┃' => '│',
        '╭' => '┌',
        '╮' => '┐',
        '╯' => '┘',
        '╰' => '└',
        >= 0x250C and <= 0x254B => scalar,
        '●' or '◉' => '■',
        '◐' or '◎' or '○' => 'o',
        '▮' => '█',
        '▯' => '░',
        '▁' or '▂' => '_',
        '▃' or '▄' or '▅' => '▄',
        '▆' or '▇' => '█',
        '▸' or '▶' => '►',
        '◀' => '◄',
        '⇄' => '↔',
        '✓' => '√',
        '✗' or '×' => 'x',
        '–' or '—' or '…' or '“' or '”' or '’' or '✉' or '≠' or 0x1F512 or 0x1F513 => AsciiFolding.Of(scalar),
        _ => scalar,
    };
}
