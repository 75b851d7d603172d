namespace Softphone.Media;

/// <summary>A part of a tone: up to two frequencies at once, or silence.</summary>
/// <param name="First">Hz; 0 is silence.</param>
/// <param name="Second">A second frequency in Hz; 0 when there is none.</param>
/// <param name="Modulation">Amplitude modulation of the first frequency in Hz; 0 when there is none.</param>
/// <param name="Seconds">How long.</param>
public readonly record struct ToneSegment(double First, double Second, double Modulation, double Seconds);
