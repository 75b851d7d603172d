using System.Buffers.Binary;

namespace Softphone.Audio;

/// <summary>
/// Records to a WAV file, 48 kHz mono 16 bits. The lengths in the header are brought up to date every second, after the samples that
/// they count, so that a crash costs at most a second and never the file.
/// </summary>
public sealed class WavSink : IAudioSink, IDisposable
{
    private const int HeaderLength = 44;
    private const int Rate = Pcm.Rate;

    /// <summary>Where the lengths of the format, 32 bits, end: after 12 hours.</summary>
    private const long LargestData = uint.MaxValue - HeaderLength;

    private readonly FileStream _file;
    private readonly byte[] _octets = new byte[1920];
    private long _written;
    private long _declared;

    /// <summary>Creates the file, or empties it.</summary>
    /// <exception cref="AudioFileException">The file cannot be written.</exception>
    public WavSink(string path)
    {
        try
        {
            // What was said is for its owner alone.
            _file = PrivateFile.Create(path);
            _file.Write(Header(0));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new AudioFileException(
                new Fault(Layer.Audio, $"the recording {path} cannot be written: {e.Message}", "choose another folder"));
        }
    }

    /// <summary>How much was recorded.</summary>
    public TimeSpan Duration => TimeSpan.FromSeconds(_written / (2.0 * Rate));

    /// <summary>What ended the recording, such as a full disk; null while all is well. A call goes on without its recording.</summary>
    public Fault? Failure { get; private set; }

    public void Write(ReadOnlySpan<short> pcm48k)
    {
        if (Failure is not null || _written + 2L * pcm48k.Length > LargestData) return;
        try
        {
            while (!pcm48k.IsEmpty)
            {
                var part = Math.Min(pcm48k.Length, _octets.Length / 2);
                for (var i = 0; i < part; i++) BinaryPrimitives.WriteInt16LittleEndian(_octets.AsSpan(2 * i), pcm48k[i]);
                _file.Write(_octets, 0, 2 * part);
                _written += 2 * part;
                pcm48k = pcm48k[part..];
            }

            if (_written - _declared >= 2 * Rate) Declare();
        }
        catch (IOException e)
        {
            Fail(e);
        }
    }

    /// <summary>Never throws: what could not be written at the end is told in <see cref="Failure"/> too.</summary>
    public void Dispose()
    {
        try
        {
            if (Failure is null && _declared != _written) Declare();
        }
        catch (IOException e)
        {
            Fail(e);
        }

        try
        {
            _file.Dispose();
        }
        catch (IOException e)
        {
            // What is left in the buffer does not fit either.
            Fail(e);
        }
    }

    private void Fail(IOException e) => Failure ??= new Fault(Layer.Audio, $"the recording {_file.Name} ended: {e.Message}", "free some space");

    private void Declare()
    {
        _file.Flush();
        // A pipe takes what comes; it has no header to go back to.
        if (!_file.CanSeek) return;
        Span<byte> length = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(length, (uint)_written);
        RandomAccess.Write(_file.SafeFileHandle, length, 40);
        BinaryPrimitives.WriteUInt32LittleEndian(length, (uint)(_written + HeaderLength - 8));
        RandomAccess.Write(_file.SafeFileHandle, length, 4);
        _declared = _written;
    }

    private static byte[] Header(uint length)
    {
        var header = new byte[HeaderLength];
        "RIFF"u8.CopyTo(header);
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(4), length + HeaderLength - 8);
        "WAVEfmt "u8.CopyTo(header.AsSpan(8));
        header[16] = 16;
        header[20] = 1;
        header[22] = 1;
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(24), Rate);
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(28), 2 * Rate);
        header[32] = 2;
        header[34] = 16;
        "data"u8.CopyTo(header.AsSpan(36));
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(40), length);
        return header;
    }
}
