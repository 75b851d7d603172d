using System.Globalization;
using Softphone.Cli;

namespace Softphone.Cli.Tests;

/// <summary>Runs the front of the program in this process, with a folder and an environment of its own and verbs that only note what they were given.</summary>
internal sealed class Bench : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("softphone-cli-").FullName;

    public Bench() => Environment["XDG_CONFIG_HOME"] = _folder;

    public Dictionary<string, string> Environment { get; } = new() { ["PATH"] = System.Environment.GetEnvironmentVariable("PATH") ?? "" };

    public StringWriter Out { get; } = new(CultureInfo.InvariantCulture) { NewLine = "\n" };

    public StringWriter Error { get; } = new(CultureInfo.InvariantCulture) { NewLine = "\n" };

    /// <summary>The options that a verb was called with.</summary>
    public object? Given { get; private set; }

    public string ProfileFolder => Path.Combine(_folder, "softphone", "profiles");

    public VerbContext Context => new() { Out = Out, Error = Error, Environment = Environment };

    public async Task<int> RunAsync(params string[] args)
    {
        var handlers = new VerbHandlers
        {
            Tui = new Note<TuiOptions>(this),
            Demo = new Note<DemoOptions>(this),
            Call = new Note<CallVerbOptions>(this),
            Answer = new Note<AnswerOptions>(this),
            Register = new Note<RegisterOptions>(this),
            Options = new Note<RequestOptions>(this),
            Nat = new Note<NatOptions>(this),
            Test = new Note<TestOptions>(this),
            IceGather = new Note<IceGatherOptions>(this),
            TurnTest = new Note<TurnTestOptions>(this),
            LabMatrix = new Note<LabMatrixOptions>(this),
            LabExplain = new Note<LabExplainOptions>(this),
            Devices = new Note<DevicesOptions>(this),
            LabServe = new Note<ServeOptions>(this),
        };
        return (int)await CommandLine.RunAsync(args, handlers, Context);
    }

    /// <summary>Runs a verb that must be understood and gives what it was called with.</summary>
    public async Task<T> OptionsAsync<T>(params string[] args)
    {
        var code = await RunAsync(args);
        Assert.True(code == 0, $"{code}: {Error}");
        return Assert.IsType<T>(Given);
    }

    public string AddProfile(string name, string text, bool open = false)
    {
        Directory.CreateDirectory(ProfileFolder);
        var path = Path.Combine(ProfileFolder, $"{name}.yaml");
        File.WriteAllText(path, text);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | (open ? UnixFileMode.GroupRead : 0));
        return path;
    }

    public string AddFile(string name)
    {
        var path = Path.Combine(_folder, name);
        File.WriteAllText(path, "");
        return path;
    }

    public void Dispose()
    {
        Out.Dispose();
        Error.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private sealed class Note<T>(Bench bench) : IVerb<T>
    {
        public Task<ExitCode> RunAsync(T options, VerbContext context, CancellationToken stop)
        {
            bench.Given = options;
            return Task.FromResult(ExitCode.Ok);
        }
    }
}
