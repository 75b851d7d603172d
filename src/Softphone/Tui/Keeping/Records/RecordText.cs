using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Softphone.Core;
using Softphone.Phone;
using Softphone.Sip;

namespace Softphone.Cli;

/// <summary>A call with its trace, as a report and as packets.</summary>
internal static partial class RecordText
{
    public static string Report(CallView call) => CallReport.Text(call.Direction, call.Peer, Outcome(call), call.Explanation, [.. call.Trace]);

    private static string Outcome(CallView call)
    {
        var parts = new List<string> { call.State == CallState.Ended ? $"over: {call.Ending}" : call.State.ToString().ToLowerInvariant(), $"account {call.Account}" };
        if (call.Talked is { } talked) parts.Add($"talked {talked:h\\:mm\\:ss}");
        if (call.Path.Length > 0) parts.Add($"path {call.Path}");
        if (call.Media is { } media)
        {
            parts.Add(media.Codec.ToLowerInvariant());
            parts.Add(string.Create(CultureInfo.InvariantCulture, $"{media.Rx.LossPercent:0.0} % lost, jitter {media.Rx.JitterMs:0.0} ms, MOS {media.Mos:0.0}"));
        }

        if (call.LeftOut > 0) parts.Add(string.Create(CultureInfo.InvariantCulture, $"{call.LeftOut} steps in the middle are left out"));
        return string.Join(", ", parts);
    }

    /// <summary>Writes the SIP messages of a record as packets, with their secrets masked as they stand in it.</summary>
    /// <returns>How many there were.</returns>
    public static int WriteMessages(PcapFile file, CallView call, Func<Instant, DateTimeOffset> clock)
    {
        using var capture = new PacketCapture(file);
        var messages = 0;
        foreach (var message in call.Trace.OfType<SipTrace.Message>())
        {
            var octets = Masked(message.Text);
            capture.Opened(message.Path, message.Transport, message.Local);
            if (message.IsSent) capture.Sent(clock(message.At), message.Path, message.Remote, octets);
            else capture.Received(clock(message.At), message.Path, message.Remote, octets);
            messages++;
        }

        return messages;
    }

    /// <summary>A message whose secrets were masked is shorter than it says: who reads the capture of a stream would wait for the rest.</summary>
    private static byte[] Masked(string text)
    {
        var end = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        if (end < 0) return Encoding.UTF8.GetBytes(text);
        var body = Encoding.UTF8.GetByteCount(text.AsSpan(end + 4));
        return Encoding.UTF8.GetBytes(ContentLength().Replace(text[..end], header => header.Groups[1].Value + body.ToString(CultureInfo.InvariantCulture), 1) + text[end..]);
    }

    [GeneratedRegex(@"(?<=\n)((?:Content-Length|l)[ \t]*:[ \t]*)\d+", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex ContentLength();
}
