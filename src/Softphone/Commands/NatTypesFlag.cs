using System.CommandLine;
using System.CommandLine.Parsing;
using Softphone.Lab;

namespace Softphone.Cli;

/// <summary>--only of the laboratory's tables.</summary>
internal static class NatTypesFlag
{
    public static Option<IReadOnlyList<string>?> Build() =>
        new("--only") { HelpName = "A,B", Description = $"These types only: {string.Join(", ", NatBehavior.Names)}", CustomParser = Types };

    private static IReadOnlyList<string>? Types(ArgumentResult result)
    {
        var types = result.Tokens[0].Value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        foreach (var type in types)
            if (!NatBehavior.Names.Contains(type)) result.AddError($"--only \"{type}\" is no NAT type: {string.Join(", ", NatBehavior.Names)}");
        if (types.Length == 0) result.AddError($"--only needs a NAT type: {string.Join(", ", NatBehavior.Names)}");
        return types;
    }
}
