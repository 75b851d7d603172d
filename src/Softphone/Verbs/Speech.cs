using Softphone.Audio;

namespace Softphone.Cli;

/// <summary>The speech that ships inside the executable, so that the demo needs no file beside it.</summary>
internal static class Speech
{
    public static short[] Load(string who)
    {
        using var stream = typeof(Speech).Assembly.GetManifestResourceStream($"{who}.wav")
            ?? throw new InvalidOperationException($"the speech of {who} is not in this build");
        var file = new byte[stream.Length];
        stream.ReadExactly(file);
        return WavFile.Read(file, $"{who}.wav");
    }
}
