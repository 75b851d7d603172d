using System.Runtime.InteropServices;

namespace Softphone.Cli;

/// <summary>
/// Standard output or error as the descriptor that it is. The runtime's own stream keeps a closed pipe to itself, and a file's stream keeps
/// a position of its own, with which two streams into one file overwrite each other.
/// </summary>
internal sealed unsafe class StandardStream(int descriptor) : Stream
{
    public const int Output = 1;
    public const int Error = 2;

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>Of this process; on Windows the runtime's.</summary>
    public static Stream Open(int descriptor) => !OperatingSystem.IsWindows() ? new StandardStream(descriptor)
        : descriptor == Output ? Console.OpenStandardOutput() : Console.OpenStandardError();

    /// <exception cref="IOException">It cannot be written; the HResult is the system's error.</exception>
    public override void Write(ReadOnlySpan<byte> octets)
    {
        fixed (byte* start = octets)
        {
            for (var written = 0; written < octets.Length;)
            {
                var count = Posix.Write(descriptor, start + written, (nuint)(octets.Length - written));
                if (count >= 0)
                {
                    written += (int)count;
                    continue;
                }

                var error = Marshal.GetLastPInvokeError();
                if (error == Posix.InterruptedCall) continue;
                if (error != Posix.TryAgain) throw new IOException(Marshal.GetPInvokeErrorMessage(error), error);
                // Whoever shares the pipe made it one that does not wait.
                var ready = new Posix.PollDescriptor { Descriptor = descriptor, Events = Posix.PollOut };
                _ = Posix.Poll(&ready, 1, -1);
            }
        }
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}
