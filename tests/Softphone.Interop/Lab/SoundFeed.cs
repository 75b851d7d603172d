using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Softphone.Interop;

/// <summary>Plays a sound over and over into a sink, at the sink's pace, until it is disposed or the sink is gone.</summary>
internal sealed class SoundFeed : IDisposable
{
    private readonly Process _process;
    private readonly Thread _thread;

    public SoundFeed(ProcessStartInfo player, short[] sound)
    {
        _process = Process.Start(player)!;
        _process.BeginOutputReadLine();
        _process.ErrorDataReceived += (_, _) => { };
        _process.BeginErrorReadLine();
        _thread = new Thread(() => Play(MemoryMarshal.AsBytes<short>(sound).ToArray())) { IsBackground = true };
        _thread.Start();
    }

    public void Dispose()
    {
        if (!_process.HasExited) _process.Kill();
        _process.WaitForExit();
        _thread.Join();
        _process.Dispose();
    }

    private void Play(byte[] sound)
    {
        try
        {
            while (true) _process.StandardInput.BaseStream.Write(sound);
        }
        catch (Exception ended) when (ended is IOException or ObjectDisposedException or InvalidOperationException)
        {
            // The player ended.
        }
    }
}
