using System.CommandLine;

namespace Softphone.Cli;

/// <summary>softphone test FILE.yaml.</summary>
internal static class TestCommand
{
    private const string About =
        """
        Run scenarios: whole phones in virtual internets, with what happens to them and what must hold, written in YAML.
        It runs in virtual time and needs no network. It ends with 0 when everything held, 9 when something did not, 2 when a file
        is wrong. docs/scenarios.md describes the files; demo --scenario FILE tells one as a story.
        """;

    private const string Examples =
        """
        softphone test rebinding.yaml
        softphone test scenarios/ --junit results.xml
        softphone test double-nat.yaml --seed 7 --verbose
        """;

    public static Command Build(IVerb<TestOptions> verb, VerbContext context)
    {
        var files = new Argument<string[]>("FILE.yaml") { Description = "Scenario files, or folders of them", Arity = ArgumentArity.OneOrMore };
        var junit = Flags.Text("--junit", "OUT.xml", "Write the results as JUnit XML");
        var seed = new Option<ulong?>("--seed") { HelpName = "N", Description = "Instead of the seed that each file names" };
        var verbose = Flags.Verbose("Tell each scenario as a story, with every packet that was dropped");
        var json = Flags.Json();
        var command = new Verb("test", About, Examples, [ExitCode.ExpectFailed, ExitCode.Output]) { files, junit, seed, verbose, json };
        command.SetAction(async (parsed, stop) => (int)await verb.RunAsync(
            new TestOptions
            {
                Files = ScenarioFiles.Find(parsed.GetRequiredValue(files)),
                Junit = parsed.GetValue(junit),
                Seed = parsed.GetValue(seed),
                Verbose = parsed.GetValue(verbose),
                Json = parsed.GetValue(json),
            },
            context,
            stop));
        return command;
    }
}
