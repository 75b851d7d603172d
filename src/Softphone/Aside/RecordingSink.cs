using System.Globalization;
using System.Runtime.InteropServices;
using Softphone.Audio;
using Softphone.Core;
using Softphone.Media;

namespace Softphone.Cli;

/// <summary>
/// A recording whose file is another thread's: the call hands its frames over and goes on, whatever the disk does. A disk that falls
/// behind for long loses frames of the recording, never of the call; how much is told at the end.
/// </summary>
internal sealed class RecordingSink : IAudioSink, IDisposable
{
    private const int OctetsPerSecond = 2 * 48_000;

    /// <summary>What may wait: about ten seconds.</summary>
    private const int MostOctets = 10 * OctetsPerSecond;

    private readonly AsideWriter _writer;
    private readonly string _path;
    private readonly Action<Fault>? _failed;

    /// <param name="path">The file; its folder is made.</param>
    /// <param name="failed">Told, on the thread of the file, why there is no recording, or no whole one.</param>
    public RecordingSink(string path, Action<Fault> failed)
        : this(path, () => Open(path), failed)
    {
    }

    /// <param name="path">The file, for the person.</param>
    /// <param name="open">Opens it, on its thread.</param>
    /// <param name="failed">Told, on that thread, why there is no recording, or no whole one; null where somebody asks <see cref="Problem"/>.</param>
    public RecordingSink(string path, Func<IAsideTarget> open, Action<Fault>? failed = null)
    {
        (_path, _failed) = (path, failed);
        _writer = new AsideWriter("recording", MostOctets, open, Tell);
    }

    /// <summary>A recording in a file that is open already.</summary>
    public static RecordingSink To(string path, WavSink file) => new(path, () => new Target(file));

    /// <summary>The file is closed.</summary>
    public bool IsDone => _writer.IsDone;

    /// <summary>Why the recording is not whole, by now; null while it is.</summary>
    public Fault? Problem => Judge(_writer);

    public void Write(ReadOnlySpan<short> pcm48k) => _writer.TryWrite(MemoryMarshal.AsBytes(pcm48k));

    /// <summary>The rest is written soon. By the thread that writes frames.</summary>
    public void Dispose() => _writer.Complete();

    /// <summary>Waits until the file is closed; false when that takes longer than the limit.</summary>
    public bool Finish(TimeSpan limit) => _writer.Finish(limit);

    private void Tell(AsideWriter writer)
    {
        if (Judge(writer) is { } problem) _failed?.Invoke(problem);
    }

    private Fault? Judge(AsideWriter writer)
    {
        if (writer.Failure is { } failure) return Explain(failure);
        var (_, lost) = writer.Missing;
        return lost == 0 ? null : new Fault(
            Layer.Audio,
            string.Create(CultureInfo.InvariantCulture, $"{(double)lost / OctetsPerSecond:0.0} s of the recording {_path} were lost: the disk did not take it"),
            "record to another disk");
    }

    private static Target Open(string path)
    {
        PrivateFile.CreateFolder(Path.GetDirectoryName(path)!);
        return new Target(new WavSink(path));
    }

    private Fault Explain(Exception e) => e is AudioFileException told ? told.Fault : new Fault(Layer.Audio, $"the recording {_path} cannot be written: {e.Message}");

    private sealed class Target(WavSink file) : IAsideTarget
    {
        public void Write(ReadOnlySpan<byte> record)
        {
            file.Write(MemoryMarshal.Cast<byte, short>(record));
            Check();
        }

        public void Rest()
        {
        }

        public void Close()
        {
            file.Dispose();
            Check();
        }

        private void Check()
        {
            if (file.Failure is { } fault) throw new AudioFileException(fault);
        }
    }
}
