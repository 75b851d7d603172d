using Softphone.Core;

namespace Softphone.Media;

/// <summary>Makes the codecs of the <see cref="CodecCatalog"/>. Has no state; one serves every call.</summary>
public sealed class CodecFactory : ICodecFactory
{
    public static CodecFactory Instance { get; } = new();

    /// <summary>True for a codec of the catalogue whose library is installed.</summary>
    public bool Supports(string name) => CodecCatalog.Find(name) is not null && Missing(name) is null;

    /// <summary>What keeps a codec of the catalogue from working here, with the package to install; null when nothing does.</summary>
    public Fault? Missing(string name)
    {
        if (CodecCatalog.Find(name) is not { } codec) return null;
        var library = codec == CodecCatalog.Opus ? NativeLibraries.Opus : NativeLibraries.SpeexDsp;
        return NativeLibraries.IsPresent(library) ? null : NativeLibraries.Missing(library);
    }

    /// <exception cref="ArgumentException">The name is not of the catalogue.</exception>
    /// <exception cref="MissingLibraryException">The library of the codec is not installed.</exception>
    public IAudioEncoder CreateEncoder(string name, EncoderTuning tuning) => Known(name) switch
    {
        "opus" => new OpusEncoder(tuning),
        "g722" => new BlockEncoder(new G722Encoder()),
        var law => new BlockEncoder(new G711Coder(law == "pcma")),
    };

    /// <exception cref="ArgumentException">The name is not of the catalogue.</exception>
    /// <exception cref="MissingLibraryException">The library of the codec is not installed.</exception>
    public IAudioDecoder CreateDecoder(string name) => Known(name) switch
    {
        "opus" => new OpusDecoder(),
        "g722" => new BlockDecoder(new G722Decoder()),
        var law => new BlockDecoder(new G711Coder(law == "pcma")),
    };

    private static string Known(string name) =>
        CodecCatalog.Find(name)?.Name ?? throw new ArgumentException($"no codec {name}: known are opus, g722, pcma, pcmu", nameof(name));
}
