using System.CommandLine;
using Softphone.Phone;

namespace Softphone.Cli;

/// <summary>--expect EXPR…: any number of expressions behind one flag, or the flag any number of times.</summary>
internal static class ExpectFlag
{
    private const string Name = "--expect";

    public static Option<Expectation[]> Create() => new(Name)
    {
        HelpName = "EXPR...",
        Description = $"What must hold in the end, else exit code 9: {Expectation.Forms}",
        Arity = ArgumentArity.OneOrMore,
        CustomParser = result =>
        {
            var found = new List<Expectation>();
            foreach (var token in result.Tokens)
            {
                if (Expectation.TryParse(token.Value, out var expectation, out var problem)) found.Add(expectation);
                else result.AddError($"{Name} {problem}");
            }

            return [.. found];
        },
    };

    /// <summary>
    /// Writes the flag before each of several expressions that follow one, as long as they look like expressions. So a URI behind
    /// them is still an argument.
    /// </summary>
    public static IReadOnlyList<string> Spread(IReadOnlyList<string> args)
    {
        var spread = new List<string>();
        var following = 0;
        foreach (var arg in args)
        {
            if (arg == Name) following = 1;
            else if (following == 1) following = 2;
            else if (following == 2 && Expectation.TryParse(arg, out _, out _)) spread.Add(Name);
            else following = 0;
            spread.Add(arg);
        }

        return spread;
    }
}
