using System.CommandLine;

namespace Softphone.Cli;

/// <summary>softphone turn: test.</summary>
internal static class TurnCommand
{
    private const string About =
        """
        Test each TURN server by each of its transports: allocate, relay, echo, load.
        Two relays are allocated at the server, ICE finds the path from one to the other, and packets of a call's size go through both
        and come back. What is told of each: how long the allocation took, the path, round trips and loss. It ends with 8 when
        a server does not do what a call needs of it.
        """;

    private const string Examples =
        """
        softphone turn test
        SOFTPHONE_TURN_PASSWORD=secret softphone turn test --turn turn:turn.example.net,turn:turn.example.net?transport=tcp --turn-user me
        softphone turn test --for 10s --rate 500 --size 1200 --json
        """;

    public static Command Build(IVerb<TurnTestOptions> verb, VerbContext context)
    {
        var defaults = new TurnTestOptions { Profile = new Softphone.Phone.Profile() };
        var flags = new ProfileFlags();
        var length = Flags.For("How long packets are sent through each (2s when not given)");
        var rate = Number("--rate", "Packets a second, 1 to 5000 (50 when not given)", 1, 5000);
        var size = Number("--size", "Octets of a packet, 24 to 1200 (172 when not given, as G.711 has)", 24, 1200);
        var json = Flags.Json();
        var watch = new WatchFlags("STUN and TURN message", "the test");
        var test = new Verb("test", About, Examples, [ExitCode.IceFailed, ExitCode.Output]) { length, rate, size, json };
        flags.AddTo(test).AddTurnTo(test);
        watch.AddTo(test);
        test.SetAction(async (parsed, stop) =>
        {
            var profile = flags.Resolve(parsed, context);
            if (profile.Nat.Turn.Count == 0) throw new UsageException("there is no TURN server to test: --turn turn:turn.example.net, or nat.turn in the profile");
            return (int)await verb.RunAsync(
                new TurnTestOptions
                {
                    Profile = profile,
                    For = parsed.GetValue(length) ?? defaults.For,
                    Rate = parsed.GetValue(rate) ?? defaults.Rate,
                    Size = parsed.GetValue(size) ?? defaults.Size,
                    Json = parsed.GetValue(json),
                    Watch = watch.Read(parsed),
                },
                context,
                stop);
        });
        return new Verb("turn", "TURN servers: whether they do what a call needs of them.", "softphone turn test --turn turn:turn.example.net --turn-user me") { test };
    }

    private static Option<int?> Number(string name, string what, int least, int most)
    {
        var option = new Option<int?>(name) { HelpName = "N", Description = what };
        option.Validators.Add(result =>
        {
            if (result.Tokens is [var token] && (!int.TryParse(token.Value, out var n) || n < least || n > most)) result.AddError($"{name} \"{token.Value}\" is not {least} to {most}");
        });
        return option;
    }
}
