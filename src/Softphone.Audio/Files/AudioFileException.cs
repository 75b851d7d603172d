namespace Softphone.Audio;

/// <summary>A sound file cannot be used. The fault names the file, what is wrong with it and what to do.</summary>
public sealed class AudioFileException(Fault fault) : Exception(fault.ToString())
{
    public Fault Fault { get; } = fault;
}
