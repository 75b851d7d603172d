namespace Softphone.Audio.Tests;

/// <summary>The speech of sounds/, found above the test's folder.</summary>
internal static class Speech
{
    public static short[] Load(string name) => WavFile.Load(PathOf(name));

    public static string PathOf(string name)
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var path = Path.Combine(folder.FullName, "sounds", $"{name}.wav");
            if (File.Exists(path)) return path;
        }

        throw new FileNotFoundException($"sounds/{name}.wav");
    }
}
