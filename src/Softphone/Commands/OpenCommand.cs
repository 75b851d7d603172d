using System.CommandLine;

namespace Softphone.Cli;

/// <summary>softphone open FILE.</summary>
internal static class OpenCommand
{
    private const string About =
        """
        Read a capture of any phone, server or wire, and explain it: dialogs with their legs, ladders, what offer and answer agreed on, the quality of every RTP stream,
        keys, and the STUN, TURN and ICE in it. FILE is a pcap or a pcapng; Ethernet, Linux cooked, loopback and bare IP are read, IPv4 and IPv6, fragments and TCP put together.
        On a terminal it is the full screen of the phone's own SIP dialogs: list, filter, ladder, comparison, what was said of each and what is wrong; elsewhere it is printed.
        What TLS carries is read where its keys are known: of a pcapng that has them, or of a file that one of the ends wrote.
        """;

    private const string Examples =
        """
        softphone open call.pcap
        softphone open call.pcapng --problems
        softphone open call.pcap --call 2
        softphone open call.pcap --keys keys.log
        tcpdump -i any -w - port 5060 or udp | softphone open -
        """;

    public static Command Build(VerbContext context)
    {
        var file = new Argument<string>("FILE") { Description = "A pcap or pcapng file, or - for standard input" };
        var problems = new Option<bool>("--problems") { Description = "Only what is wrong, one line each, the worst first" };
        var call = new Option<int?>("--call") { HelpName = "N", Description = "One dialog of the list, with its ladder, its streams and its ICE" };
        var keys = new Option<string?>("--keys") { HelpName = "FILE", Description = "Secrets of TLS connections in it, as SSLKEYLOGFILE makes them; they are used and not told" };
        var text = new Option<bool>("--text") { Description = "Print it, where a terminal would show it on the full screen" };
        var json = Flags.Json();
        var command = new Verb("open", About, Examples, [ExitCode.Output]) { file, problems, call, keys, text, json };
        command.SetAction(async (parsed, _) => (int)await new OpenVerb(context, parsed.GetRequiredValue(file), parsed.GetValue(json))
        {
            ProblemsOnly = parsed.GetValue(problems),
            Dialog = parsed.GetValue(call),
            Keys = parsed.GetValue(keys),
            AsText = parsed.GetValue(text),
        }.RunAsync());
        return command;
    }
}
