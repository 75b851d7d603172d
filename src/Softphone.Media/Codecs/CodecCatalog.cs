namespace Softphone.Media;

/// <summary>The codecs there are, best first.</summary>
public static class CodecCatalog
{
    public static CodecInfo Opus { get; } = new("opus", "opus", 48_000, 2, null);

    public static CodecInfo G722 { get; } = new("g722", "G722", 8_000, 1, 9);

    public static CodecInfo Pcma { get; } = new("pcma", "PCMA", 8_000, 1, 8);

    public static CodecInfo Pcmu { get; } = new("pcmu", "PCMU", 8_000, 1, 0);

    public static IReadOnlyList<CodecInfo> All { get; } = [Opus, G722, Pcma, Pcmu];

    /// <summary>Finds a codec by its name in any case; null when there is none.</summary>
    public static CodecInfo? Find(string name)
    {
        foreach (var codec in All)
            if (codec.Name.Equals(name, StringComparison.OrdinalIgnoreCase)) return codec;
        return null;
    }
}
