namespace Softphone.Media;

/// <summary>Makes the codecs of the <see cref="CodecCatalog"/>. Has no state; one serves every call.</summary>
public sealed class CodecFactory : ICodecFactory
{
    public static CodecFactory Instance { get; } = new();

    /// <summary>True for a codec of the catalogue: where its C library is not installed the program carries another.</summary>
    public bool Supports(string name) => CodecCatalog.Find(name) is not null;

    /// <summary>What makes and reads a codec here, for a person; null for a codec that is not of the catalogue.</summary>
    public string? LibraryOf(string name) => CodecCatalog.Find(name) switch
    {
        null => null,
        var codec when codec == CodecCatalog.Opus => OpusDecoder.IsNative(OpusLibrary.Best) ? "libopus" : "Concentus (libopus is not installed)",
        _ => NativeLibraries.IsPresent(NativeLibraries.SpeexDsp) ? "own, resampled by libspeexdsp" : "own, resampled by Concentus (libspeexdsp is not installed)",
    };

    /// <exception cref="ArgumentException">The name is not of the catalogue.</exception>
    public IAudioEncoder CreateEncoder(string name, EncoderTuning tuning) => Known(name) switch
    {
        "opus" => new OpusEncoder(tuning),
        "g722" => new BlockEncoder(new G722Encoder()),
        var law => new BlockEncoder(new G711Coder(law == "pcma")),
    };

    /// <exception cref="ArgumentException">The name is not of the catalogue.</exception>
    public IAudioDecoder CreateDecoder(string name) => Known(name) switch
    {
        "opus" => new OpusDecoder(),
        "g722" => new BlockDecoder(new G722Decoder()),
        var law => new BlockDecoder(new G711Coder(law == "pcma")),
    };

    private static string Known(string name) =>
        CodecCatalog.Find(name)?.Name ?? throw new ArgumentException($"no codec {name}: known are opus, g722, pcma, pcmu", nameof(name));
}
