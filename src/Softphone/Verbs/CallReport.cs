using System.Text;
using Softphone.Core;
using Softphone.Media;
using Softphone.Phone;
using Softphone.Sip;
using static Softphone.Cli.PlainLine;

namespace Softphone.Cli;

/// <summary>The report of a call: how it went, why this path, and every SIP message and ICE step, from the one trace; and what made its sound.</summary>
internal static class CallReport
{
    /// <summary>A page of Markdown.</summary>
    /// <param name="direction">Who called.</param>
    /// <param name="peer">The other side's URI.</param>
    /// <param name="outcome">How it went, on one line.</param>
    /// <param name="explanation">Why this path, or what failed and what helps.</param>
    /// <param name="trace">What happened, oldest first.</param>
    public static string Text(CallDirection direction, string peer, string outcome, string explanation, IReadOnlyCollection<TraceEntry> trace)
    {
        var page = new StringBuilder();
        page.Append(Fill($"# Call {(direction == CallDirection.Outgoing ? "to" : "from")} {peer}\n\n"));
        page.Append(PlainText.Lines(outcome)).Append("\n\n").Append(PlainText.Line(explanation)).Append("\n\n## What happened\n\n```\n");
        var first = trace.FirstOrDefault()?.At ?? Instant.Zero;
        foreach (var entry in trace)
            page.Append(Fill($"{(entry.At - first).TotalSeconds,9:0.000}  {entry.Layer,-9} {entry.Describe()}\n"));
        page.Append("```\n\n## SIP\n");
        foreach (var message in trace.OfType<SipTrace.Message>())
            page.Append(Fill($"\n{(message.At - first).TotalSeconds:0.000} {message.Describe()}\n\n```\n")).Append(PlainText.Lines(message.Text)).Append("\n```\n");
        page.Append("\n## Codecs of this machine\n\n");
        foreach (var codec in CodecCatalog.All) page.Append(Fill($"- {codec.Name}: {CodecFactory.Instance.LibraryOf(codec.Name)}\n"));
        return page.ToString();
    }
}
