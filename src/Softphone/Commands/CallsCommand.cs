using System.CommandLine;

namespace Softphone.Cli;

/// <summary>softphone calls, and calls show.</summary>
internal static class CallsCommand
{
    private const string About =
        """
        List the calls that are over, and show their records; --registrations: registrations that failed. The newest is number 1.
        A record has the SIP messages, the steps of ICE and why it went so; it is on disk where the profile says records.on-disk: true.
        """;

    private const string Examples =
        """
        softphone calls
        softphone calls show 1 --sip
        softphone calls show 3 --report > call.md
        softphone calls show 1 --registrations --sip
        """;

    public static Command Build(VerbContext context)
    {
        var json = Flags.Json();
        var registrations = Registrations();
        var command = new Verb("calls", About, Examples) { registrations, json, Show(context) };
        command.SetAction(parsed => (int)new PastCallsVerb(context, parsed.GetValue(json)) { Registrations = parsed.GetValue(registrations) }.List());
        return command;
    }

    private static Option<bool> Registrations() => new("--registrations") { Description = "Registrations that failed, in place of calls" };

    private static Command Show(VerbContext context)
    {
        var number = new Argument<int>("N") { Description = "The number of the call in the list, 1 for the newest" };
        var registrations = Registrations();
        var sip = new Option<bool>("--sip") { Description = "Every SIP message, secrets masked" };
        var ice = new Option<bool>("--ice") { Description = "Candidates, pairs and every step of ICE" };
        var report = new Option<bool>("--report") { Description = "The report, as --report of call writes it" };
        var pcap = Flags.Text("--pcap", "FILE", "Write the SIP messages as a capture, secrets masked; media is not in a record");
        var json = Flags.Json();
        var command = new Verb("show", "Show one call: how it went and why, and what else is asked for") { number, registrations, sip, ice, report, pcap, json };
        command.SetAction(parsed => (int)new PastCallsVerb(context, parsed.GetValue(json))
        {
            Registrations = parsed.GetValue(registrations),
            Sip = parsed.GetValue(sip),
            Ice = parsed.GetValue(ice),
            Report = parsed.GetValue(report),
            Pcap = parsed.GetValue(pcap),
        }.Show(parsed.GetRequiredValue(number)));
        return command;
    }
}
