using System.Globalization;
using Softphone.Core;
using Softphone.Sip;

namespace Softphone.Cli;

/// <summary>Tells SIP messages as they pass, secrets masked as in the trace that they come from, and what was dropped.</summary>
/// <param name="error">Standard error; nobody waits for it.</param>
internal sealed class SipTeller(TextWriter error)
{
    private Instant? _began;

    /// <summary>On the thread of the pump.</summary>
    public void Tell(TraceEntry entry)
    {
        _began ??= entry.At;
        var time = string.Create(CultureInfo.InvariantCulture, $"{(entry.At - _began.Value).TotalSeconds,8:0.000}");
        switch (entry)
        {
            case SipTrace.Message message:
                error.Write($"{time}  {(message.IsSent ? "→" : "←")} {message.Remote} {message.Transport.ToString().ToUpperInvariant()}{(message.IsRepeat ? ", again" : "")}\n{Indented(message.Text)}\n");
                break;
            case SipTrace.Dropped dropped:
                error.Write($"{time}  {PlainText.Line(dropped.Describe())}\n");
                break;
        }
    }

    private static string Indented(string text) => string.Concat(PlainText.Lines(text).TrimEnd().Split('\n').Select(line => $"    {line}\n"));
}
