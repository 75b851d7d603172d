namespace Softphone.Terminal;

/// <summary>What stands for a glyph where there is only ASCII: lines, blocks, arrows and marks that the phone draws; anything else is "?".</summary>
internal static class AsciiFolding
{
    public static int Of(int scalar) => scalar switch
    {
        < 0x7F => scalar,
        '─' or '━' or '╌' or '–' or '—' => '-',
        '│' or '┃' => '|',
        >= 0x250C and <= 0x254B or >= 0x256D and <= 0x2570 => '+',
        // A full stop at a cut would look like the end of a sentence.
        '…' => '~',
        '·' => '.',
        '●' or '◉' or '▮' or '█' or '▓' => '#',
        '○' or '◎' => 'o',
        '◐' => '~',
        '▯' or '░' or '▒' => '.',
        '▁' or '▂' => '_',
        '▃' or '▄' => '-',
        '▅' or '▆' => '=',
        '▇' => '#',
        '▸' or '▶' or '→' => '>',
        '◀' or '←' => '<',
        '▲' or '↑' => '^',
        '▼' or '↓' => 'v',
        '⇄' => 'x',
        '✓' => 'v',
        '“' or '”' => '"',
        '’' => '\'',
        '•' => '*',
        '✗' or '×' => 'x',
        '✉' => 'M',
        '≠' => '!',
        // The padlocks, shut and open.
        0x1F512 => 'S',
        0x1F513 => '-',
        _ => '?',
    };
}
