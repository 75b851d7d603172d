using System.Globalization;
using System.Text;
using Softphone.Core;
using Softphone.Phone;
using Softphone.Sip;

namespace Softphone.Cli;

/// <summary>The --report of a call: how it went, why this path, and every SIP message and ICE step, from the one trace.</summary>
internal static class CallReport
{
    public static void Write(string file, PhoneRun run, PhoneEvent.CallEnded ended)
    {
        try
        {
            File.WriteAllText(file, Text(run.Trace, ended, run.Translate));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            run.Context.Report(new Fault(Layer.Internal, $"the report {file} could not be written: {e.Message}", "name another file"));
        }
    }

    private static string Text(Trace trace, PhoneEvent.CallEnded ended, EventTranslator translate)
    {
        var page = new StringBuilder();
        page.Append(CultureInfo.InvariantCulture, $"# Call {(ended.Direction == CallDirection.Outgoing ? "to" : "from")} {ended.Peer}\n\n");
        page.Append(HumanText.Of(translate.Of(ended, []))).Append("\n\n").Append(ended.Summary.Explanation).Append("\n\n## What happened\n\n```\n");
        var first = trace.Entries.FirstOrDefault()?.At ?? ended.At;
        foreach (var entry in trace.Entries)
            page.Append(CultureInfo.InvariantCulture, $"{(entry.At - first).TotalSeconds,9:0.000}  {entry.Layer,-9} {entry.Describe()}\n");
        page.Append("```\n\n## SIP\n");
        foreach (var message in trace.Entries.OfType<SipTrace.Message>())
            page.Append(CultureInfo.InvariantCulture, $"\n{(message.At - first).TotalSeconds:0.000} {message.Describe()}\n\n```\n{message.Text}\n```\n");
        return page.ToString();
    }
}
