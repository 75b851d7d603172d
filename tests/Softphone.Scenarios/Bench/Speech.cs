using Softphone.Audio;

namespace Softphone.Scenarios;

/// <summary>The two voices of the demo.</summary>
internal static class Speech
{
    public static short[] Load(string who)
    {
        using var stream = typeof(Speech).Assembly.GetManifestResourceStream($"{who}.wav") ?? throw new InvalidOperationException($"no speech of {who}");
        var file = new byte[stream.Length];
        stream.ReadExactly(file);
        return WavFile.Read(file, $"{who}.wav");
    }
}
