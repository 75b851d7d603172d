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

    /// <summary>Writes SIP messages as packets, with their secrets masked as they stand in a trace.</summary>
    /// <returns>How many there were.</returns>
    public static int WriteMessages(IPacketSink sink, IEnumerable<TraceEntry> trace, Func<Instant, DateTimeOffset> clock)
    {
        using var capture = new PacketCapture(sink);
        // Every phone counts its paths by itself, and what was read from a wire has none.
        var paths = new Dictionary<(string Source, PathId Path, Address Local), PathId>();
        var messages = 0;
        foreach (var message in trace.OfType<SipTrace.Message>())
        {
            var octets = Masked(message.Text);
            var key = (message.Source, message.Path, message.Local);
            if (!paths.TryGetValue(key, out var path)) capture.Opened(paths[key] = path = new PathId(paths.Count + 1), message.Transport, message.Local);
            if (message.IsSent) capture.Sent(clock(message.At), path, message.Remote, octets);
            else capture.Received(clock(message.At), path, message.Remote, octets);
            messages++;
        }

        return messages;
    }

    /// <summary>SIP messages for a person: when, whose phone, between whom, and the message.</summary>
    public static string Messages(IEnumerable<SipTrace.Message> messages, Func<Instant, DateTimeOffset> clock)
    {
        var text = new StringBuilder();
        foreach (var message in messages)
        {
            text.Append(CultureInfo.InvariantCulture, $"{clock(message.At).ToLocalTime():yyyy-MM-dd HH:mm:ss.fff} ");
            if (message.Source.Length > 0) text.Append(PlainText.Clean(message.Source)).Append(' ');
            text.Append(message.IsSent ? $"{message.Local} → {message.Remote}" : $"{message.Remote} → {message.Local}").Append(' ').Append(message.Transport.ToString().ToLowerInvariant());
            text.Append(message.IsRepeat ? ", again\n" : "\n").Append(PlainText.Lines(message.Text)).Append('\n');
        }

        return text.ToString();
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
