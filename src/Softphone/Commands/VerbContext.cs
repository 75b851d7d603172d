using Softphone.Core;

namespace Softphone.Cli;

/// <summary>What a verb has of the world around it: where it writes, the environment, and whether colours are welcome.</summary>
internal sealed class VerbContext
{
    public required TextWriter Out { get => Output; init => Output = PlainWriter.Over(value); }

    public required TextWriter Error { get; init => field = PlainWriter.Over(value); }

    /// <summary><see cref="Out"/>, where colours are written.</summary>
    public PlainWriter Output { get; private init; } = null!;

    /// <summary>All variables of the process.</summary>
    public required IReadOnlyDictionary<string, string> Environment { get; init; }

    /// <summary>Standard output is a terminal.</summary>
    public bool IsTerminal { get; init; }

    /// <summary>Colours only on a terminal, and never with NO_COLOR or TERM=dumb.</summary>
    public bool UsesColour =>
        IsTerminal && string.IsNullOrEmpty(Environment.GetValueOrDefault("NO_COLOR")) && Environment.GetValueOrDefault("TERM") != "dumb";

    public ProfileStore Profiles => field ??= new ProfileStore(Environment);

    /// <summary>The context of the running process.</summary>
    public static VerbContext OfProcess()
    {
        var variables = new Dictionary<string, string>();
        foreach (System.Collections.DictionaryEntry variable in System.Environment.GetEnvironmentVariables())
            variables[(string)variable.Key] = (string?)variable.Value ?? "";
        return new VerbContext
        {
            Out = Console.Out,
            Error = Console.Error,
            Environment = variables,
            IsTerminal = !Console.IsOutputRedirected,
        };
    }

    /// <summary>Where the verb's events go: one JSON object a line, or lines for a person.</summary>
    public IEventWriter Events(bool json) => json ? new JsonEventWriter(Output) : new HumanEventWriter(Output, UsesColour);

    /// <summary>Tells a person on standard error what went wrong and what to do about it.</summary>
    public void Report(Fault fault)
    {
        Error.WriteLine($"softphone: {fault.What}");
        if (fault.Remedy.Length > 0) Error.WriteLine($"  {fault.Remedy}");
    }
}
