namespace Softphone.Media;

/// <summary>The codecs there are, best first.</summary>
public static class CodecCatalog
{
    public static CodecInfo Opus { get; } = new("opus", "opus", 48_000, 2, null)
    {
        NewEncoder = tuning => new OpusEncoder(tuning),
        NewDecoder = () => new OpusDecoder(),
        Library = () => OpusDecoder.IsNative(OpusLibrary.Best) ? "libopus" : "Concentus (libopus is not installed)",
    };

    public static CodecInfo G722 { get; } = new("g722", "G722", 8_000, 1, 9)
    {
        NewEncoder = _ => new BlockEncoder(new G722Encoder()),
        NewDecoder = () => new BlockDecoder(new G722Decoder()),
        Library = Own,
    };

    public static CodecInfo Pcma { get; } = G711("pcma", 8, isALaw: true);

    public static CodecInfo Pcmu { get; } = G711("pcmu", 0, isALaw: false);

    public static IReadOnlyList<CodecInfo> All { get; } = [Opus, G722, Pcma, Pcmu];

    /// <summary>Finds a codec by its name in any case; null when there is none.</summary>
    public static CodecInfo? Find(string name)
    {
        foreach (var codec in All)
            if (codec.Name.Equals(name, StringComparison.OrdinalIgnoreCase)) return codec;
        return null;
    }

    private static CodecInfo G711(string name, byte payloadType, bool isALaw) => new(name, name.ToUpperInvariant(), 8_000, 1, payloadType)
    {
        NewEncoder = _ => new BlockEncoder(new G711Coder(isALaw)),
        NewDecoder = () => new BlockDecoder(new G711Coder(isALaw)),
        Library = Own,
    };

    private static string Own() => NativeLibraries.IsPresent(NativeLibraries.SpeexDsp) ? "own, resampled by libspeexdsp" : "own, resampled by Concentus (libspeexdsp is not installed)";
}
