using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;

namespace Softphone.Sip;

/// <summary>The body of a message-summary NOTIFY (RFC 3842 §5.2), as far as voice messages go.</summary>
/// <param name="New">Messages that nobody has heard; one where the server says only that there are some.</param>
/// <param name="Old">Messages that were heard.</param>
public sealed record MessageSummary(int New, int Old)
{
    public const string ContentType = "application/simple-message-summary";

    /// <summary>The name of the event package.</summary>
    public const string Package = "message-summary";

    private const int MostOctets = 8192;

    /// <summary>False when it does not say whether messages wait.</summary>
    public static bool TryParse(ReadOnlySpan<byte> body, [NotNullWhen(true)] out MessageSummary? summary)
    {
        summary = null;
        if (body.Length > MostOctets) return false;
        bool? areWaiting = null;
        (int New, int Old)? voice = null;
        foreach (var line in Encoding.UTF8.GetString(body).Split('\n'))
        {
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            if (colon < 0) continue;
            var name = line.AsSpan(0, colon).Trim();
            var value = line.AsSpan(colon + 1).Trim();
            if (name.Equals("Messages-Waiting", StringComparison.OrdinalIgnoreCase)) areWaiting ??= value.Equals("yes", StringComparison.OrdinalIgnoreCase);
            else if (name.Equals("Voice-Message", StringComparison.OrdinalIgnoreCase) && TryCounts(value, out var counts)) voice ??= counts;
        }

        if (areWaiting is null && voice is null) return false;
        var (fresh, old) = voice ?? (areWaiting == true ? 1 : 0, 0);
        summary = new MessageSummary(fresh, old);
        return true;
    }

    /// <summary>"2/8 (0/2)": new, old, and of these the urgent ones, which are not told apart.</summary>
    private static bool TryCounts(ReadOnlySpan<char> text, out (int New, int Old) counts)
    {
        counts = default;
        var end = text.IndexOfAny(' ', '\t', '(');
        if (end >= 0) text = text[..end];
        var slash = text.IndexOf('/');
        if (slash < 0 || !int.TryParse(text[..slash], NumberStyles.None, CultureInfo.InvariantCulture, out var fresh)
            || !int.TryParse(text[(slash + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var old)) return false;
        counts = (fresh, old);
        return true;
    }
}
