using System.CommandLine;
using System.CommandLine.Parsing;

namespace Softphone.Cli;

/// <summary>softphone nat.</summary>
internal static class NatCommand
{
    private const string About =
        """
        Find out how the NAT before this machine behaves: mapping, filtering, hairpin and fragments, each with its evidence,
        the classic name for it, and what calls to expect.
        It asks a STUN server, the profile's or that of --stun. Mapping and filtering need one that has two addresses
        (RFC 5780), as softphone lab serve is with --alternate; of any other it learns the outer address only. It takes a few seconds, more where packets get lost, for silence is believed only when it lasts. With --lifetime it
        also finds how long an idle binding lives, which takes about twice as long as that. The SIP server of a profile
        is asked by OPTIONS over UDP whether a SIP ALG on the way rewrites what it carries.
        """;

    private const string Examples =
        """
        softphone nat
        softphone nat --stun stun:stun.example.net --json
        softphone nat --lifetime
        softphone nat --lifetime 60s        look no further than a minute
        """;

    private static readonly TimeSpan DefaultLongest = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan Shortest = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Longest = TimeSpan.FromHours(1);

    public static Command Build(IVerb<NatOptions> verb, VerbContext context)
    {
        var flags = new ProfileFlags();
        var lifetime = new Option<TimeSpan?>("--lifetime")
        {
            HelpName = "TIME",
            Description = "Find the lifetime of an idle binding too, up to this (5m when no time is given)",
            Arity = ArgumentArity.ZeroOrOne,
            CustomParser = Bound,
        };
        var json = Flags.Json();
        var watch = new WatchFlags("STUN message", "what was found");
        var command = new Verb("nat", About, Examples, [ExitCode.Network, ExitCode.Output]) { lifetime, json };
        flags.AddTo(command).AddStunTo(command);
        watch.AddTo(command);
        command.SetAction(async (parsed, stop) =>
        {
            var profile = flags.Resolve(parsed, context);
            if (profile.Nat.Stun.Count == 0)
                throw new UsageException("there is no STUN server to ask: --stun stun:stun.example.net, or nat.stun in the profile");
            return (int)await verb.RunAsync(
                new NatOptions { Profile = profile, Lifetime = parsed.GetValue(lifetime), Json = parsed.GetValue(json), Watch = watch.Read(parsed) }, context, stop);
        });
        return command;
    }

    private static TimeSpan? Bound(ArgumentResult result)
    {
        if (result.Tokens.Count == 0) return DefaultLongest;
        if (Flags.Duration(result) is not { } longest) return null;
        if (longest < Shortest || longest > Longest) result.AddError($"--lifetime \"{result.Tokens[0].Value}\" is not between 10s and 1h");
        return longest;
    }
}
