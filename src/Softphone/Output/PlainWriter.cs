using System.Diagnostics.CodeAnalysis;
using System.Text;
using Softphone.Core;

namespace Softphone.Cli;

/// <summary>
/// The way to standard output and standard error: whatever is written, names, reasons and files of others in it cannot command the
/// terminal. <see cref="WriteLine(string)"/> is one line, whatever was in the text; several lines are written by <see cref="Write(string)"/>.
/// Colours come by <see cref="Write(string, string)"/> alone.
/// </summary>
internal sealed class PlainWriter : TextWriter
{
    private readonly TextWriter _raw;

    private char? _half;

    private PlainWriter(TextWriter raw) => _raw = raw;

    public override Encoding Encoding => _raw.Encoding;

    public override IFormatProvider FormatProvider => _raw.FormatProvider;

    [AllowNull]
    public override string NewLine
    {
        get => _raw.NewLine;
        set => _raw.NewLine = value;
    }

    public static PlainWriter Over(TextWriter raw) => raw as PlainWriter ?? new PlainWriter(raw);

    /// <param name="text">What is written, of one line or several.</param>
    /// <param name="colour">The parameters of SGR, such as "1;31"; empty for none.</param>
    public void Write(string text, string colour) => _raw.Write(colour.Length == 0 ? PlainText.Lines(text) : $"\e[{colour}m{PlainText.Lines(text)}\e[0m");

    public override void Write(char value)
    {
        // Half a character says nothing by itself.
        if (_half is not { } half)
        {
            if (char.IsHighSurrogate(value)) _half = value;
            else Write([value]);
            return;
        }

        _half = null;
        Write([half, value]);
    }

    public override void Write(char[] buffer, int index, int count) => Write(buffer.AsSpan(index, count));

    public override void Write(ReadOnlySpan<char> buffer) => _raw.Write(PlainText.Lines(buffer.ToString()));

    public override void Write(string? value) => _raw.Write(PlainText.Lines(value ?? ""));

    public override void WriteLine() => _raw.WriteLine();

    public override void WriteLine(string? value) => _raw.WriteLine(PlainText.Line(value ?? ""));

    public override Task WriteLineAsync(string? value) => _raw.WriteLineAsync(PlainText.Line(value ?? ""));

    public override void Flush() => _raw.Flush();

    public override Task FlushAsync() => _raw.FlushAsync();
}
