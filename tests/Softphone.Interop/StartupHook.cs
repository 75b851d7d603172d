/// <summary>
/// Loaded by the runtime into a softphone under trial (DOTNET_STARTUP_HOOKS): a thread that fails when a file appears, as any thread of any
/// library might; with "abort" in the file the process gives up at once, as for a stack overflow. The product itself has no way to be made
/// to crash.
/// </summary>
internal static class StartupHook
{
    public const string FileVariable = "TRIAL_CRASH_FILE";

    public static void Initialize()
    {
        if (Environment.GetEnvironmentVariable(FileVariable) is not { Length: > 0 } file) return;
        new Thread(() =>
        {
            while (!File.Exists(file)) Thread.Sleep(20);
            if (File.ReadAllText(file) == "abort") Environment.FailFast("provoked by the trial");
            throw new InvalidOperationException("provoked by the trial");
        })
        { IsBackground = true }.Start();
    }
}
