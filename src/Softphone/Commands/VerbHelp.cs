using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace Softphone.Cli;

/// <summary>Adds the whole description, the examples and the exit codes to a verb's own help.</summary>
internal sealed class VerbHelp(HelpAction plain) : SynchronousCommandLineAction
{
    public override int Invoke(ParseResult parseResult)
    {
        var verb = parseResult.CommandResult.Command as Verb;
        if (verb is not null) verb.Description = verb.About;
        var code = plain.Invoke(parseResult);
        if (verb is not null)
        {
            var output = parseResult.InvocationConfiguration.Output;
            if (verb.Examples.Length > 0)
            {
                output.WriteLine("Examples:");
                foreach (var line in verb.Examples.Split('\n')) output.WriteLine($"  {line}");
                output.WriteLine();
            }

            output.WriteLine("Exit codes:");
            foreach (var end in (IEnumerable<ExitCode>)[ExitCode.Ok, ExitCode.Internal, ExitCode.Usage, .. verb.Ends, ExitCode.Interrupted])
                output.WriteLine($"  {(int)end,-5}{ExitCodes.Meaning(end)}");
            output.WriteLine();
        }

        return code;
    }

    /// <summary>Puts itself in the place of the plain help.</summary>
    public static void Install(RootCommand root)
    {
        foreach (var option in root.Options.OfType<HelpOption>())
            if (option.Action is HelpAction plain) option.Action = new VerbHelp(plain);
    }
}
