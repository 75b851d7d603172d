using System.Globalization;

namespace Softphone.Sip;

/// <summary>
/// A message to octets. A header that came off the wire is written as it came; one of our own in long form, or the compact one of a long message without the space (§7.3.1), on one line.
/// Content-Length always agrees with the body (RFC 3261 §20.14). No text in a message can hold a line break, so none can forge one.
/// </summary>
public static class SipWriter
{
    /// <summary>How many octets the message takes.</summary>
    public static int Measure(SipMessage message)
    {
        var writer = new Output(default, measures: true);
        writer.Message(message);
        return writer.Length;
    }

    /// <summary>Writes the message and returns how many octets it took.</summary>
    /// <exception cref="ArgumentException">The span is shorter than <see cref="Measure"/> says.</exception>
    public static int Write(SipMessage message, Span<byte> into)
    {
        if (into.Length < Measure(message)) throw new ArgumentException("the message does not fit", nameof(into));
        var writer = new Output(into, measures: false);
        writer.Message(message);
        return writer.Length;
    }

    public static byte[] ToArray(SipMessage message)
    {
        var octets = new byte[Measure(message)];
        Write(message, octets);
        return octets;
    }

    private ref struct Output(Span<byte> into, bool measures)
    {
        private readonly Span<byte> _into = into;
        private readonly bool _measures = measures;

        public int Length { get; private set; }

        public void Message(SipMessage message)
        {
            Text(message.StartLine);
            Octets("\r\n"u8);
            var agrees = SipParser.ReadContentLength(message.Headers, out var declared) == SipParser.ContentLengthState.Good
                && declared == message.Body.Length;
            for (var i = 0; i < message.Headers.Count; i++)
            {
                var header = message.Headers[i];
                if (!agrees && ReferenceEquals(header.Name, HeaderName.ContentLength)) continue;
                Header(header, message.IsCompact);
            }

            if (!agrees)
            {
                Octets(message.IsCompact ? "l:"u8 : "Content-Length: "u8);
                Number(message.Body.Length);
                Octets("\r\n"u8);
            }

            Octets("\r\n"u8);
            Octets(message.Body.Span);
        }

        private void Header(SipHeader header, bool isCompact)
        {
            if (!header.Line.IsEmpty)
            {
                Octets(header.Line.Span);
                if (!header.Line.Span.EndsWith("\r\n"u8)) Octets("\r\n"u8);
                return;
            }

            Text(isCompact ? HeaderName.Shortest(header.Name) : header.Name);
            Octets(isCompact ? ":"u8 : ": "u8);
            Text(header.Value);
            Octets("\r\n"u8);
        }

        private void Text(string text)
        {
            if (_measures) Length += SipText.Count(text);
            else Length += SipText.Encode(text, _into[Length..]);
        }

        private void Octets(scoped ReadOnlySpan<byte> octets)
        {
            if (!_measures) octets.CopyTo(_into[Length..]);
            Length += octets.Length;
        }

        private void Number(int number)
        {
            Span<byte> digits = stackalloc byte[10];
            number.TryFormat(digits, out var count, provider: CultureInfo.InvariantCulture);
            Octets(digits[..count]);
        }
    }
}
