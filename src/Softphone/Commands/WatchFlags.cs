using System.CommandLine;

namespace Softphone.Cli;

/// <summary>What a verb shows of its own traffic.</summary>
/// <param name="Verbose">Messages on standard error.</param>
/// <param name="Pcap">A file for every packet.</param>
/// <param name="Report">A file for how it went, with every message.</param>
internal sealed record WatchOptions(bool Verbose = false, string? Pcap = null, string? Report = null);

/// <summary>-v, --pcap and --report, which every verb has that speaks to a network.</summary>
/// <param name="messages">The messages that -v shows: "SIP message".</param>
/// <param name="page">What the report is of: "the call".</param>
internal sealed class WatchFlags(string messages, string page)
{
    private readonly Option<bool> _verbose = Flags.Verbose($"Every {messages} on standard error, secrets masked");
    private readonly Option<string?> _pcap = Flags.Text("--pcap", "FILE", "Write every packet to a capture file; it holds what was sent, unmasked");
    private readonly Option<string?> _report = Flags.Text("--report", "FILE.md", $"Write a report of {page}");

    public WatchFlags AddTo(Command command)
    {
        command.Add(_verbose);
        command.Add(_pcap);
        command.Add(_report);
        return this;
    }

    public WatchOptions Read(ParseResult parsed) => new(parsed.GetValue(_verbose), parsed.GetValue(_pcap), parsed.GetValue(_report));
}
