using System.CommandLine;

namespace Softphone.Cli;

/// <summary>softphone ice: gather.</summary>
internal static class IceCommand
{
    private const string About =
        """
        Gather the ICE candidates that a call would have, and say when each came.
        The servers are those of the profile, or of --stun and --turn. It ends with 8 when there is no candidate, or when a
        server that was asked gave nothing; which one, and why, is told on standard error.
        """;

    private const string Examples =
        """
        softphone ice gather
        softphone ice gather --stun stun:stun.example.net --components 2
        SOFTPHONE_TURN_PASSWORD=secret softphone ice gather --turn turn:turn.example.net --turn-user me --json
        """;

    public static Command Build(IVerb<IceGatherOptions> verb, VerbContext context)
    {
        var flags = new ProfileFlags();
        var components = new Option<int?>("--components") { HelpName = "N", Description = "1, or 2 with a port of its own for RTCP (1 when not given)" };
        components.Validators.Add(result =>
        {
            if (result.Tokens is [var token] && token.Value is not ("1" or "2")) result.AddError($"--components \"{token.Value}\" is not 1 or 2");
        });
        var json = Flags.Json();
        var watch = new WatchFlags("STUN and TURN message", "the gathering");
        var gather = new Verb("gather", About, Examples, [ExitCode.IceFailed, ExitCode.Output]) { components, json };
        flags.AddTo(gather).AddStunTo(gather).AddTurnTo(gather);
        watch.AddTo(gather);
        gather.SetAction(async (parsed, stop) => (int)await verb.RunAsync(
            new IceGatherOptions { Profile = flags.Resolve(parsed, context), Components = parsed.GetValue(components) ?? 1, Json = parsed.GetValue(json), Watch = watch.Read(parsed) }, context, stop));
        return new Verb("ice", "How media finds its way: what this machine could offer a peer.", "softphone ice gather --stun stun:stun.example.net") { gather };
    }
}
