using Softphone.Core;

namespace Softphone.Cli;

/// <summary>What a verb has of the world around it: where it writes, the environment, and whether colours are welcome.</summary>
internal sealed class VerbContext
{
    private static readonly TimeSpan OutputLimit = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan ErrorLimit = TimeSpan.FromMilliseconds(200);

    private readonly LineOutput? _out;
    private readonly LineOutput? _error;

    public required TextWriter Out
    {
        get => Output;
        init
        {
            _out = value as LineOutput;
            Output = PlainWriter.Over(value);
        }
    }

    public required TextWriter Error
    {
        get;
        init
        {
            _error = value as LineOutput;
            field = PlainWriter.Over(value);
        }
    }

    /// <summary><see cref="Out"/>, where colours are written.</summary>
    public PlainWriter Output { get; private init; } = null!;

    /// <summary>Standard input, for the verbs that read it.</summary>
    public Func<TextReader> In { get; init; } = () => TextReader.Null;

    /// <summary>All variables of the process.</summary>
    public required IReadOnlyDictionary<string, string> Environment { get; init; }

    /// <summary>Standard output is a terminal.</summary>
    public bool IsTerminal { get; init; }

    /// <summary>Colours only on a terminal, and never with NO_COLOR or TERM=dumb.</summary>
    public bool UsesColour =>
        IsTerminal && string.IsNullOrEmpty(Environment.GetValueOrDefault("NO_COLOR")) && Environment.GetValueOrDefault("TERM") != "dumb";

    /// <summary>How the process ends, and how long anything may take then.</summary>
    public Ending Ending { get; init; } = new();

    public ProfileStore Profiles => field ??= new ProfileStore(Environment);

    /// <summary>The context of the running process.</summary>
    /// <param name="ending">How it ends.</param>
    public static VerbContext OfProcess(Ending ending)
    {
        var variables = new Dictionary<string, string>();
        foreach (System.Collections.DictionaryEntry variable in System.Environment.GetEnvironmentVariables())
            variables[(string)variable.Key] = (string?)variable.Value ?? "";
        var error = new LineOutput(StandardStream.Open(StandardStream.Error), "standard error", Console.OutputEncoding) { IsLast = true };
        return new VerbContext
        {
            Out = new LineOutput(StandardStream.Open(StandardStream.Output), "standard output", Console.OutputEncoding) { Failed = fault => Report(error, fault) },
            Error = error,
            In = () => new StreamReader(Console.OpenStandardInput()),
            Ending = ending,
            Environment = variables,
            IsTerminal = !Console.IsOutputRedirected,
        };
    }

    /// <summary>Where the verb's events go: one JSON object a line, or lines for a person.</summary>
    public IEventWriter Events(bool json) => json ? new JsonEventWriter(Output) : new HumanEventWriter(Output, UsesColour);

    /// <summary>From now on a phone runs, or servers: nobody waits for whoever reads our output (<see cref="LineOutput.GoLive"/>).</summary>
    public void GoLive()
    {
        _out?.GoLive();
        _error?.GoLive();
    }

    /// <summary>Waits for a while for whoever reads our output. What did not come out is told, and is no success.</summary>
    public ExitCode Finish(ExitCode code)
    {
        if (_out is { } output)
        {
            Ending.Saw(output.Finish(Ending.Left(OutputLimit)));
            if (output.Problem is { } problem)
            {
                // What ended it early was told when it did.
                if (!output.HasFailed) Report(problem);
                if (code == ExitCode.Ok) code = ExitCode.Output;
            }
        }

        if (_error is { } error) Ending.Saw(error.Finish(ErrorLimit));
        return code;
    }

    /// <summary>Tells a person on standard error what went wrong and what to do about it.</summary>
    public void Report(Fault fault) => Report(Error, fault);

    /// <summary>Tells of an error of this program, and with SOFTPHONE_DEBUG where it was.</summary>
    public async Task TellAsync(Exception error, string where = "")
    {
        await Error.WriteLineAsync($"softphone: {where}internal error: {error.Message}");
        if (!string.IsNullOrEmpty(Environment.GetValueOrDefault("SOFTPHONE_DEBUG"))) await Error.WriteAsync($"{error}\n");
    }

    private static void Report(TextWriter error, Fault fault) =>
        error.Write(fault.Remedy.Length > 0 ? $"softphone: {PlainText.Line(fault.What)}\n  {PlainText.Line(fault.Remedy)}\n" : $"softphone: {PlainText.Line(fault.What)}\n");
}
