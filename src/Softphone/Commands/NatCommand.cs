using System.CommandLine;

namespace Softphone.Cli;

/// <summary>softphone nat.</summary>
internal static class NatCommand
{
    private const string About =
        """
        Find out how the NAT before this machine behaves: mapping, filtering, hairpin and lifetime, each with its evidence,
        and the classic name for it.
        """;

    private const string Examples =
        """
        softphone nat
        softphone nat --stun stun:stun.example.net --json
        """;

    public static Command Build(IVerb<NatOptions> verb, VerbContext context)
    {
        var flags = new ProfileFlags();
        var json = Flags.Json();
        var command = new Verb("nat", About, Examples) { json };
        flags.AddTo(command).AddStunTo(command);
        command.SetAction(async (parsed, stop) =>
        {
            var profile = flags.Resolve(parsed, context);
            if (profile.Nat.Stun.Count == 0)
                throw new UsageException("there is no STUN server to ask: --stun stun:stun.example.net, or nat.stun in the profile");
            return (int)await verb.RunAsync(new NatOptions { Profile = profile, Json = parsed.GetValue(json) }, context, stop);
        });
        return command;
    }
}
