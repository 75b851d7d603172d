namespace Softphone.Media;

/// <summary>Makes the codecs of the <see cref="CodecCatalog"/>. Has no state; one serves every call.</summary>
public sealed class CodecFactory : ICodecFactory
{
    public static CodecFactory Instance { get; } = new();

    /// <summary>True for a codec of the catalogue: where its C library is not installed the program carries another.</summary>
    public bool Supports(string name) => CodecCatalog.Find(name) is not null;

    /// <summary>What makes and reads a codec here, for a person; null for a codec that is not of the catalogue.</summary>
    public string? LibraryOf(string name) => CodecCatalog.Find(name)?.Library();

    /// <exception cref="ArgumentException">The name is not of the catalogue.</exception>
    public IAudioEncoder CreateEncoder(string name, EncoderTuning tuning) => Known(name).NewEncoder(tuning);

    /// <exception cref="ArgumentException">The name is not of the catalogue.</exception>
    public IAudioDecoder CreateDecoder(string name) => Known(name).NewDecoder();

    private static CodecInfo Known(string name) =>
        CodecCatalog.Find(name) ?? throw new ArgumentException($"no codec {name}: known are {string.Join(", ", CodecCatalog.All.Select(c => c.Name))}", nameof(name));
}
