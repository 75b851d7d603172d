using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using NAudio.CoreAudioApi;
using NAudio.Wave;

namespace Softphone.Audio;

/// <summary>A loudspeaker of Windows in shared mode, 48 kHz mono: Windows converts where the device wants it otherwise.</summary>
[SupportedOSPlatform("windows")]
internal sealed class WasapiLoudspeaker : IAudioStream, IWaveProvider
{
    internal const int Latency = 20;

    private readonly SampleRing _ring;
    private readonly WasapiPlayer _player;
    private volatile bool _isGone;

    public WasapiLoudspeaker(MMDevice device, SampleRing ring)
    {
        _ring = ring;
        _player = new WasapiPlayerBuilder().WithDevice(device).WithSharedMode().WithEventSync().WithLatency(Latency)
            .WithCategory(AudioStreamCategory.Communications).Build();
        _player.PlaybackStopped += (_, _) => _isGone = true;
        try
        {
            _player.Init(this);
            _player.Play();
        }
        catch
        {
            _player.Dispose();
            throw;
        }
    }

    public WaveFormat WaveFormat { get; } = new(48_000, 16, 1);

    public bool IsAlive => !_isGone;

    /// <summary>By a thread of NAudio's, which waits for nobody.</summary>
    public int Read(Span<byte> buffer)
    {
        _ring.ReadOrSilence(MemoryMarshal.Cast<byte, short>(buffer));
        return buffer.Length;
    }

    public void Dispose() => _player.Dispose();
}
