using System.Globalization;
using System.Text;
using Softphone.Media;

namespace Softphone.Phone;

/// <summary>
/// A key as the body of an INFO, from before there were packages for it (RFC 6086): application/dtmf-relay with "Signal=5" and
/// "Duration=160", or application/dtmf with the key alone.
/// </summary>
/// <param name="Key">0-9, *, #, A-D, or ! for a hook flash.</param>
/// <param name="DurationMs">How long it was held.</param>
internal readonly record struct KeyByInfo(char Key, int DurationMs)
{
    public const string ContentType = "application/dtmf-relay";

    private const string BareContentType = "application/dtmf";
    private const int UsualMs = 160;
    private const int LongestMs = 60_000;
    private const int LongestBody = 256;

    public byte[] ToBytes() => Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"Signal={Key}\r\nDuration={DurationMs}\r\n"));

    public static bool TryParse(string contentType, ReadOnlySpan<byte> body, out KeyByInfo key)
    {
        key = default;
        if (body.Length > LongestBody || !contentType.StartsWith(BareContentType, StringComparison.OrdinalIgnoreCase)) return false;
        var text = Encoding.ASCII.GetString(body);
        var (signal, duration) = (text.Trim(), UsualMs);
        foreach (var line in text.Split('\n'))
        {
            var at = line.IndexOf('=', StringComparison.Ordinal);
            if (at < 0) continue;
            var (name, value) = (line[..at].Trim(), line[(at + 1)..].Trim());
            if (name.Equals("Signal", StringComparison.OrdinalIgnoreCase)) signal = value;
            else if (name.Equals("Duration", StringComparison.OrdinalIgnoreCase) && int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var ms)) duration = Math.Min(ms, LongestMs);
        }

        if (signal.Length == 1 && TelephoneEvent.TryCode(signal[0], out var code)) key = new KeyByInfo(KeyOf(code), duration);
        else if (byte.TryParse(signal, NumberStyles.None, CultureInfo.InvariantCulture, out code)) key = new KeyByInfo(KeyOf(code), duration);
        return key.Key != '\0';
    }

    /// <summary>Some phones write the event's number, 10 for * and 11 for #.</summary>
    private static char KeyOf(byte code) => new TelephoneEvent(code, true, 0, 0).Key;
}
