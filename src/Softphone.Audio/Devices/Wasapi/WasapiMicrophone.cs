using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using NAudio.CoreAudioApi;
using NAudio.Wave;

namespace Softphone.Audio;

/// <summary>A microphone of Windows in shared mode, 48 kHz mono.</summary>
[SupportedOSPlatform("windows")]
internal sealed class WasapiMicrophone : IAudioStream
{
    private readonly WasapiRecorder _recorder;
    private volatile bool _isGone;

    public WasapiMicrophone(MMDevice device, SampleRing ring)
    {
        _recorder = new WasapiRecorderBuilder().WithDevice(device).WithSharedMode().WithEventSync().WithBufferLength(WasapiLoudspeaker.Latency)
            .WithFormat(new WaveFormat(48_000, 16, 1)).Build();
        _recorder.DataAvailable += (samples, _, _, _) => ring.Write(MemoryMarshal.Cast<byte, short>(samples));
        _recorder.RecordingStopped += (_, _) => _isGone = true;
        try
        {
            _recorder.StartRecording();
        }
        catch
        {
            _recorder.Dispose();
            throw;
        }
    }

    public bool IsAlive => !_isGone;

    public void Dispose() => _recorder.Dispose();
}
