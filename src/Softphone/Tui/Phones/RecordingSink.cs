using System.Collections.Concurrent;
using Softphone.Audio;
using Softphone.Core;
using Softphone.Media;

namespace Softphone.Cli;

/// <summary>
/// A recording whose file is another thread's: the call hands its frames over and goes on, whatever the disk does. A disk that falls
/// behind for long loses frames of the recording, never of the call.
/// </summary>
internal sealed class RecordingSink : IAudioSink, IDisposable
{
    /// <summary>Frames that may wait, about ten seconds.</summary>
    private const int MostFrames = 500;

    private readonly BlockingCollection<short[]> _frames = new(MostFrames);
    private readonly string _path;
    private readonly Action<Fault> _failed;
    private readonly Thread _thread;
    private volatile bool _isOver;

    /// <param name="path">The file; its folder is made.</param>
    /// <param name="failed">Told, on the thread of the file, why there is no recording, or no whole one.</param>
    public RecordingSink(string path, Action<Fault> failed)
    {
        _path = path;
        _failed = failed;
        _thread = new Thread(Record) { IsBackground = true, Name = "recording" };
        _thread.Start();
    }

    /// <summary>The file is closed.</summary>
    public bool IsDone => !_thread.IsAlive;

    public void Write(ReadOnlySpan<short> pcm48k)
    {
        if (!_isOver) _frames.TryAdd(pcm48k.ToArray());
    }

    /// <summary>The rest is written soon. By the thread that writes frames.</summary>
    public void Dispose()
    {
        _isOver = true;
        _frames.CompleteAdding();
    }

    /// <summary>Waits until the file is closed; false when that takes longer than the limit.</summary>
    public bool Finish(TimeSpan limit) => _thread.Join(limit);

    private void Record()
    {
        try
        {
            PrivateFile.CreateFolder(Path.GetDirectoryName(_path)!);
            using var file = new WavSink(_path);
            foreach (var frame in _frames.GetConsumingEnumerable()) file.Write(frame);
            if (file.Failure is { } fault) _failed(fault);
        }
        catch (AudioFileException e)
        {
            Fail(e.Fault);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Fail(new Fault(Layer.Audio, $"the recording {_path} cannot be written: {e.Message}"));
        }
    }

    private void Fail(Fault fault)
    {
        _isOver = true;
        _failed(fault);
    }
}
