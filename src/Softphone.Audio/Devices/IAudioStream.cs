namespace Softphone.Audio;

/// <summary>An open device.</summary>
public interface IAudioStream : IDisposable
{
    /// <summary>False once the device is gone; it does not come back in this stream.</summary>
    bool IsAlive { get; }
}
