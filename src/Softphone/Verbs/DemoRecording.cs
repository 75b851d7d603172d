using System.Diagnostics.CodeAnalysis;
using Softphone.Audio;
using Softphone.Core;
using Softphone.Media;

namespace Softphone.Cli;

/// <summary>What one side of the demonstration hears: all of it in a file, the beginning in memory to be looked through.</summary>
internal sealed class DemoRecording : IAudioSink, IDisposable
{
    private readonly WavSink _file;
    private readonly PcmSink _memory;
    private bool _isClosed;

    private DemoRecording(WavSink file, TimeSpan remembered) => (_file, _memory) = (file, new PcmSink(remembered));

    /// <summary>The beginning of what was heard.</summary>
    public ReadOnlySpan<short> Samples => _memory.Samples;

    public static bool TryOpen(DemoFolder folder, string who, TimeSpan remembered, [NotNullWhen(true)] out DemoRecording? recording, [NotNullWhen(false)] out Fault? fault)
    {
        (recording, fault) = (null, null);
        try
        {
            recording = new DemoRecording(new WavSink(folder.FileOf(who)), remembered);
            return true;
        }
        catch (AudioFileException e)
        {
            fault = e.Fault;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            fault = new Fault(Layer.Audio, $"there is no folder for recordings: {e.Message}", "--out names another one");
        }

        return false;
    }

    public void Write(ReadOnlySpan<short> pcm48k)
    {
        _file.Write(pcm48k);
        _memory.Write(pcm48k);
    }

    /// <summary>Ends the file; why it is not whole, or null.</summary>
    public Fault? Close()
    {
        Dispose();
        return _file.Failure;
    }

    public void Dispose()
    {
        if (_isClosed) return;
        _isClosed = true;
        _file.Dispose();
    }
}
