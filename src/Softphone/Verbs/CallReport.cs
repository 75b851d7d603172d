using System.Globalization;
using System.Text;
using Softphone.Core;
using Softphone.Phone;
using Softphone.Sip;

namespace Softphone.Cli;

/// <summary>The report of a call: how it went, why this path, and every SIP message and ICE step, from the one trace.</summary>
internal static class CallReport
{
    /// <summary>The --report of a verb.</summary>
    public static void Write(string file, PhoneRun run, PhoneEvent.CallEnded ended)
    {
        try
        {
            // It holds whom the phone talked to, and every message: for its owner alone.
            using var page = new StreamWriter(PrivateFile.Create(file));
            page.Write(Text(ended.Direction, ended.Peer, HumanText.Of(run.Translate.Of(ended, [])) ?? "", ended.Summary.Explanation, run.Trace.Entries));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            run.Context.Report(new Fault(Layer.Internal, $"the report {file} could not be written: {e.Message}", "name another file"));
        }
    }

    /// <summary>A page of Markdown.</summary>
    /// <param name="direction">Who called.</param>
    /// <param name="peer">The other side's URI.</param>
    /// <param name="outcome">How it went, on one line.</param>
    /// <param name="explanation">Why this path, or what failed and what helps.</param>
    /// <param name="trace">What happened, oldest first.</param>
    public static string Text(CallDirection direction, string peer, string outcome, string explanation, IReadOnlyCollection<TraceEntry> trace)
    {
        var page = new StringBuilder();
        page.Append(CultureInfo.InvariantCulture, $"# Call {(direction == CallDirection.Outgoing ? "to" : "from")} {peer}\n\n");
        page.Append(outcome).Append("\n\n").Append(explanation).Append("\n\n## What happened\n\n```\n");
        var first = trace.FirstOrDefault()?.At ?? Instant.Zero;
        foreach (var entry in trace)
            page.Append(CultureInfo.InvariantCulture, $"{(entry.At - first).TotalSeconds,9:0.000}  {entry.Layer,-9} {entry.Describe()}\n");
        page.Append("```\n\n## SIP\n");
        foreach (var message in trace.OfType<SipTrace.Message>())
            page.Append(CultureInfo.InvariantCulture, $"\n{(message.At - first).TotalSeconds:0.000} {message.Describe()}\n\n```\n{message.Text}\n```\n");
        return page.ToString();
    }
}
