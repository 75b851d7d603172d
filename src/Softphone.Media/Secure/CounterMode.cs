using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Softphone.Media;

/// <summary>
/// AES in counter mode (RFC 3711 §4.1.1): a keystream that is laid over the octets. One transform and its buffers are kept, since what
/// <see cref="Aes"/> offers for a single message sets the key up anew and allocates.
/// </summary>
internal sealed class CounterMode : IDisposable
{
    private const int Block = 16;
    private const int Chunk = 64 * Block;

    private readonly Aes _aes;
    private readonly ICryptoTransform _transform;
    private readonly byte[] _counters = new byte[Chunk];
    private readonly byte[] _stream = new byte[Chunk];

    public CounterMode(ReadOnlySpan<byte> key)
    {
        _aes = Aes.Create();
        _aes.SetKey(key);
        // Not ECB of the message: blocks of a counter that never comes twice under one key.
#pragma warning disable CA5358
        _aes.Mode = CipherMode.ECB;
#pragma warning restore CA5358
        _aes.Padding = PaddingMode.None;
        _transform = _aes.CreateEncryptor();
    }

    /// <summary>Encrypts or decrypts in place.</summary>
    /// <param name="start">The 16 octets of the first counter block; its last two are replaced.</param>
    /// <param name="first">What the last two octets count from.</param>
    /// <param name="data">No more than 2^16 blocks less <paramref name="first"/>.</param>
    public void Apply(ReadOnlySpan<byte> start, int first, Span<byte> data)
    {
        while (!data.IsEmpty)
        {
            var take = Math.Min(data.Length, Chunk);
            var padded = (take + Block - 1) & -Block;
            for (var at = 0; at < padded; at += Block)
            {
                start.CopyTo(_counters.AsSpan(at, Block));
                BinaryPrimitives.WriteUInt16BigEndian(_counters.AsSpan(at + Block - 2), (ushort)first++);
            }

            _transform.TransformBlock(_counters, 0, padded, _stream, 0);
            Xor(data[..take], _stream);
            data = data[take..];
        }
    }

    public void Dispose()
    {
        CryptographicOperations.ZeroMemory(_stream);
        _transform.Dispose();
        _aes.Dispose();
    }

    private static void Xor(Span<byte> data, ReadOnlySpan<byte> stream)
    {
        var words = MemoryMarshal.Cast<byte, ulong>(data);
        var streams = MemoryMarshal.Cast<byte, ulong>(stream);
        for (var i = 0; i < words.Length; i++) words[i] ^= streams[i];
        for (var i = words.Length * sizeof(ulong); i < data.Length; i++) data[i] ^= stream[i];
    }
}
