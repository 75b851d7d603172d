using System.Buffers.Text;
using System.Text;

namespace Softphone.Terminal;

/// <summary>The octets of one frame; it grows to the largest frame and is reused.</summary>
internal sealed class OctetBuffer
{
    private byte[] _octets = new byte[4096];

    public int Length { get; private set; }

    public ReadOnlySpan<byte> Written => _octets.AsSpan(0, Length);

    public void Clear() => Length = 0;

    public void Add(ReadOnlySpan<byte> text)
    {
        Reserve(text.Length);
        text.CopyTo(_octets.AsSpan(Length));
        Length += text.Length;
    }

    public void Add(int number)
    {
        Reserve(11);
        Utf8Formatter.TryFormat(number, _octets.AsSpan(Length), out var written);
        Length += written;
    }

    public void Add(Rune rune)
    {
        Reserve(4);
        Length += rune.EncodeToUtf8(_octets.AsSpan(Length));
    }

    private void Reserve(int more)
    {
        if (_octets.Length - Length < more) Array.Resize(ref _octets, Math.Max(2 * _octets.Length, Length + more));
    }
}
