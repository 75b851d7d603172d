using Softphone.Phone;

namespace Softphone.Cli;

/// <summary>Reads the text of a YAML file, and of a file without end no more than the reader of the text looks at.</summary>
internal static class YamlFile
{
    /// <returns>The text; of one that is too long, enough for the reader to say so.</returns>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public static string Read(string path)
    {
        using var file = new StreamReader(path);
        var text = new char[YamlText.MaxLength + 1];
        return new string(text, 0, file.ReadBlock(text));
    }
}
