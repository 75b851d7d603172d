namespace Softphone.Interop;

/// <summary>The phone under test: the packaged executable when SOFTPHONE_BINARY names one, else the build beside this one.</summary>
internal static class Binary
{
    private static readonly string? Packaged = Environment.GetEnvironmentVariable("SOFTPHONE_BINARY");

    public static string Program => Packaged ?? "dotnet";

    public static IReadOnlyList<string> FirstArguments => Packaged is null
        ? [Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "../../../../../src/Softphone/bin", Configuration, "net10.0/softphone.dll"))]
        : [];

    /// <summary>Debug or Release, as this was built.</summary>
    public static string Configuration => Path.GetFileName(Path.GetDirectoryName(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar)))!;

    /// <summary>The repository's top folder.</summary>
    public static string Repository => Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "../../../../.."));

    public static string Sound(string name) => Path.Combine(Repository, "sounds", name);
}
