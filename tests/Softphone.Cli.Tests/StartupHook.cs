using Softphone.Cli.Tests;

/// <summary>What the runtime starts in a child process before its program, when a test asks for it by DOTNET_STARTUP_HOOKS.</summary>
internal static class StartupHook
{
    public static void Initialize()
    {
        if (Environment.GetEnvironmentVariable(KillTests.FolderVariable) is { Length: > 0 } folder) KillTests.Keep(folder);
    }
}
