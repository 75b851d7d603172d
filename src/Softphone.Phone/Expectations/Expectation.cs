using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Softphone.Core;

namespace Softphone.Phone;

/// <summary>One expectation of a call, as --expect and scenario files have them: a quantity, a comparison and a value. Read once, held against the call when it is over.</summary>
public sealed class Expectation
{
    /// <summary>The expressions that there are, for help and messages.</summary>
    public const string Forms =
        "answered<5s, path=host|srflx|prflx|relay|direct, audio=two-way, mos>=4.0, loss<1%, codec=opus, ice<800ms, dtmf=1234, srtp=on, gap<2s, status=200";

    private static readonly string[] Comparisons = ["<=", ">=", "<", ">", "="];
    private static readonly string[] Names = ["answered", "path", "audio", "mos", "loss", "codec", "ice", "dtmf", "srtp", "gap", "status"];

    private static readonly SearchValues<char> Keys = SearchValues.Create("0123456789*#ABCDabcd");

    private readonly Func<CallOutcome, string?> _failure;

    private Expectation(string text, Func<CallOutcome, string?> failure) => (Text, _failure) = (text, failure);

    /// <summary>As it was written.</summary>
    public string Text { get; }

    public override string ToString() => Text;

    /// <summary>Why it does not hold, with what was found instead; null when it holds.</summary>
    public string? Failure(CallOutcome outcome) => _failure(outcome) is { } found ? $"{Text} does not hold: {found}" : null;

    /// <summary>All that do not hold, in the order given.</summary>
    public static IReadOnlyList<string> Failures(IEnumerable<Expectation> expectations, CallOutcome outcome) =>
        [.. expectations.Select(e => e.Failure(outcome)).OfType<string>()];

    /// <summary>Reads an expression.</summary>
    /// <param name="text">"answered&lt;5s".</param>
    /// <param name="expectation">What it expects.</param>
    /// <param name="problem">Why it cannot be read, with the forms that there are.</param>
    public static bool TryParse(string text, [NotNullWhen(true)] out Expectation? expectation, [NotNullWhen(false)] out string? problem)
    {
        expectation = null;
        problem = null;
        text = text.Trim();
        var at = text.AsSpan().IndexOfAny("<>=");
        var name = (at < 0 ? text : text[..at]).Trim().ToLowerInvariant();
        if (!Names.Contains(name))
        {
            problem = $"\"{text}\" is unknown; the nearest is {Nearest.Of(name, Names)}. There are: {Forms}";
            return false;
        }

        if (at < 0)
        {
            problem = $"\"{text}\" lacks a comparison; there are: {Forms}";
            return false;
        }

        var comparison = Comparisons.First(c => text.AsSpan(at).StartsWith(c));
        var value = text[(at + comparison.Length)..].Trim();
        var failure = name switch
        {
            "answered" => Time(comparison, value, o => o.Setup, "it was not answered", "answered after"),
            "ice" => Time(comparison, value, o => o.Ice, "ICE found no path", "ICE took"),
            "gap" => Time(comparison, value, o => o.Gap, "nothing was heard", "the longest gap was"),
            "status" => Number(comparison, value, "", 100, 699, o => o.Status, "there was no call", "the status was"),
            "mos" => Number(comparison, value, "", 1, 5, o => o.Mos, "quality was not measured", "MOS was"),
            "loss" => Number(comparison, value, "%", 0, 100, o => o.LossPct, "loss was not measured", "loss was"),
            "path" => Words(comparison, value, ["host", "srflx", "prflx", "relay", "direct"], IsPath, o => o.Path is { } p ? $"the path is {p}" : "there was no path"),
            "audio" => Words(comparison, value, ["two-way", "send-only", "receive-only", "none"], (o, w) => o.Audio == w, o => $"audio was {o.Audio}"),
            "codec" => Words(comparison, value, ["opus", "g722", "pcma", "pcmu"], (o, w) => w.Equals(o.Codec, StringComparison.OrdinalIgnoreCase), o => o.Codec is { } c ? $"the codec is {c}" : "there was no codec"),
            "srtp" => Words(comparison, value, ["on", "off", "sdes", "dtls"], (o, w) => w switch { "on" => o.Srtp is not null, "off" => o.Srtp is null, _ => o.SrtpBy == w }, o => o.Srtp is { } s ? $"SRTP is on ({s}{(o.SrtpBy is { } by ? $", keys by {by}" : "")})" : "SRTP is off"),
            _ => Digits(comparison, value),
        };
        if (failure is null)
        {
            problem = $"\"{text}\" cannot be read; it looks like one of {Forms}";
            return false;
        }

        expectation = new Expectation(text, failure);
        return true;
    }

    private static bool IsPath(CallOutcome outcome, string word) =>
        word == "direct" ? outcome.Path is "host" or "srflx" or "prflx" : outcome.Path == word;

    private static Func<CallOutcome, string?>? Time(
        string comparison, string value, Func<CallOutcome, TimeSpan?> quantity, string missing, string found)
    {
        if (comparison == "=" || !DurationText.TryParse(value, out var limit)) return null;
        return outcome => quantity(outcome) is not { } actual ? missing
            : Holds(comparison, actual.TotalMilliseconds, limit.TotalMilliseconds) ? null
            : $"{found} {Short(actual)}";
    }

    private static Func<CallOutcome, string?>? Number(
        string comparison, string value, string unit, double least, double most, Func<CallOutcome, double?> quantity, string missing, string found)
    {
        if (unit.Length > 0 && value.EndsWith(unit, StringComparison.Ordinal)) value = value[..^unit.Length];
        if (!double.TryParse(value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var limit) || limit < least || limit > most) return null;
        return outcome => quantity(outcome) is not { } actual ? missing
            : Holds(comparison, actual, limit) ? null
            : string.Create(CultureInfo.InvariantCulture, $"{found} {actual:0.##}{unit}");
    }

    // Several words with bars between them: any of them will do.
    private static Func<CallOutcome, string?>? Words(
        string comparison, string value, string[] known, Func<CallOutcome, string, bool> matches, Func<CallOutcome, string> found)
    {
        var words = value.ToLowerInvariant().Split('|');
        if (comparison != "=" || words.Any(w => !known.Contains(w))) return null;
        return outcome => words.Any(w => matches(outcome, w)) ? null : found(outcome);
    }

    private static Func<CallOutcome, string?>? Digits(string comparison, string value)
    {
        if (comparison != "=" || value.Length == 0 || value.AsSpan().ContainsAnyExcept(Keys)) return null;
        return outcome => outcome.Digits.Equals(value, StringComparison.OrdinalIgnoreCase) ? null
            : outcome.Digits.Length == 0 ? "no key was received" : $"received {outcome.Digits}";
    }

    private static bool Holds(string comparison, double actual, double limit) => comparison switch
    {
        "<" => actual < limit,
        "<=" => actual <= limit,
        ">" => actual > limit,
        ">=" => actual >= limit,
        _ => Math.Abs(actual - limit) < 0.005,
    };

    private static string Short(TimeSpan time) => time.TotalSeconds >= 1
        ? string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.##} s")
        : string.Create(CultureInfo.InvariantCulture, $"{time.TotalMilliseconds:0.#} ms");
}
