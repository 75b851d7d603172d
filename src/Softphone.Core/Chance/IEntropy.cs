namespace Softphone.Core;

/// <summary>Where a machine gets its chance from: the operating system's generator in the shell, a seed in tests and the lab.</summary>
public interface IEntropy
{
    /// <summary>Fills the span with uniformly random octets.</summary>
    void Fill(Span<byte> octets);
}
