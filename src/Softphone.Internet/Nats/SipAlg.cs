using System.Globalization;
using System.Text;
using Softphone.Core;

namespace Softphone.Internet;

/// <summary>
/// The SIP application layer gateway of a bad router. It touches what is in the clear on UDP port 5060 and nothing else, so TCP, TLS and
/// another port escape it. It knows Via, Contact and the c=, o= and m= lines of a description, and neither a=rtcp nor ICE: an agent on
/// the other side finds a default address that is none of the candidates (RFC 8839 §5.4).
/// </summary>
internal static class SipAlg
{
    private const ushort SipPort = 5060;

    /// <summary>Whether this gateway changes this packet.</summary>
    public static bool Meddles(Gateway gateway, Packet packet) =>
        gateway.Nat.Behavior is { SipAlg: not SipAlgMode.Off, Translates: true }
        && packet.Kind == WireKind.Datagram
        && (packet.Destination.Port == SipPort || packet.Source.Port == SipPort)
        && packet.Payload.IndexOf("SIP/2.0"u8) >= 0;

    /// <summary>A message on its way out, already with its outside source.</summary>
    public static void Outbound(NatDevice nat, Packet packet, Address inside, Instant now)
    {
        var careful = nat.Behavior.SipAlg == SipAlgMode.Rewrites;
        var outside = packet.Source;
        var message = Message.Of(packet.Payload);
        for (var i = 0; i < message.Headers.Length; i++)
        {
            if (!Knows(message.Headers[i])) continue;
            message.Headers[i] = Replace(message.Headers[i], inside, careful ? outside : outside with { Port = inside.Port });
        }

        var lines = message.Body.Split("\r\n");
        for (var i = 0; i < lines.Length; i++)
        {
            var line = lines[i];
            if (line.StartsWith("c=", StringComparison.Ordinal) || line.StartsWith("o=", StringComparison.Ordinal))
                lines[i] = ReplaceHost(line, inside.Ip.ToString(), outside.Ip.ToString());
            else if (careful && line.StartsWith("m=", StringComparison.Ordinal))
                lines[i] = OpenMedia(nat, line, inside.Ip, now);
        }

        message.Write(packet, string.Join("\r\n", lines), careful);
    }

    /// <summary>A message on its way in, already with its inside destination: what Outbound wrote into it is put back.</summary>
    public static void Inbound(NatDevice nat, Packet packet, Address outside)
    {
        if (nat.Behavior.SipAlg != SipAlgMode.Rewrites) return;
        var inside = packet.Destination;
        var message = Message.Of(packet.Payload);
        for (var i = 0; i < message.Headers.Length; i++)
            if (i == 0 || Knows(message.Headers[i])) message.Headers[i] = Replace(message.Headers[i], outside, inside);
        message.Write(packet, message.Body, careful: true);
    }

    private static bool Knows(string header) =>
        header.StartsWith("Via:", StringComparison.OrdinalIgnoreCase) || header.StartsWith("v:", StringComparison.OrdinalIgnoreCase)
        || header.StartsWith("Contact:", StringComparison.OrdinalIgnoreCase) || header.StartsWith("m:", StringComparison.OrdinalIgnoreCase);

    /// <summary>The address with its port, or without one where the port is the default, becomes the other.</summary>
    private static string Replace(string text, Address from, Address to)
    {
        var replaced = text.Replace(from.ToString(), to.ToString(), StringComparison.Ordinal);
        if (replaced != text || from.Port != SipPort) return replaced;
        return ReplaceHost(text, from.Ip.ToString(), to.ToString());
    }

    /// <summary>As a whole: 10.0.1.2 is not found in 10.0.1.20, nor where a port follows it.</summary>
    private static string ReplaceHost(string text, string from, string to)
    {
        for (var at = text.IndexOf(from, StringComparison.Ordinal); at >= 0; at = text.IndexOf(from, at + to.Length, StringComparison.Ordinal))
        {
            var end = at + from.Length;
            var isPart = (end < text.Length && (char.IsAsciiDigit(text[end]) || text[end] is '.' or ':')) || (at > 0 && (char.IsAsciiDigit(text[at - 1]) || text[at - 1] == '.'));
            if (!isPart) text = string.Concat(text.AsSpan(0, at), to, text.AsSpan(end));
            if (at + to.Length > text.Length) break;
        }

        return text;
    }

    private static string OpenMedia(NatDevice nat, string line, IpAddress inside, Instant now)
    {
        var parts = line.Split(' ');
        if (parts.Length < 3 || !ushort.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var port) || port == 0) return line;
        if (!nat.TryForward(new Address(inside, port), now, out var outside)) return line;
        parts[1] = outside.Port.ToString(CultureInfo.InvariantCulture);
        return string.Join(' ', parts);
    }

    private sealed record Message(string[] Headers, string Body)
    {
        public static Message Of(ReadOnlySpan<byte> payload)
        {
            var text = Encoding.Latin1.GetString(payload);
            var end = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
            return end < 0 ? new Message(text.Split("\r\n"), "") : new Message(text[..end].Split("\r\n"), text[(end + 4)..]);
        }

        public void Write(Packet packet, string body, bool careful)
        {
            for (var i = 0; careful && i < Headers.Length; i++)
            {
                var name = Headers[i].AsSpan(0, Math.Max(0, Headers[i].IndexOf(':'))).Trim();
                if (name.Equals("Content-Length", StringComparison.OrdinalIgnoreCase) || name.Equals("l", StringComparison.OrdinalIgnoreCase))
                    Headers[i] = string.Create(CultureInfo.InvariantCulture, $"{name}: {body.Length}");
            }

            packet.SetPayload(Encoding.Latin1.GetBytes(string.Join("\r\n", Headers) + "\r\n\r\n" + body));
        }
    }
}
