using System.Buffers;
using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Softphone.Phone;

namespace Softphone.Cli;

/// <summary>Options that several verbs have, each read and explained in one way.</summary>
internal static class Flags
{
    /// <summary>The keys of a telephone.</summary>
    public static readonly SearchValues<char> Keys = SearchValues.Create("0123456789*#ABCDabcd");

    private static readonly SearchValues<char> KeysAndPauses = SearchValues.Create("0123456789*#ABCDabcdwW");

    public static Option<bool> Json() => new("--json") { Description = "Print one JSON object a line on standard output, for scripts" };

    public static Option<bool> Verbose(string what) => new("--verbose", "-v") { Description = what };

    public static Option<TimeSpan?> For(string what) => new("--for") { Description = what, HelpName = "TIME", CustomParser = Duration };

    public static Option<string?> Text(string name, string value, string what) => new(name) { HelpName = value, Description = what };

    /// <summary>One of a few words.</summary>
    public static Option<string?> Word(string name, string what, params string[] words)
    {
        var option = new Option<string?>(name) { HelpName = string.Join('|', words), Description = what };
        option.CompletionSources.Add(words);
        option.Validators.Add(result =>
        {
            var word = result.GetValueOrDefault<string?>();
            if (word is not null && !words.Contains(word)) result.AddError($"{name} \"{word}\" is not allowed: {string.Join(", ", words)}");
        });
        return option;
    }

    /// <summary>Keys to press, in which w is a pause.</summary>
    public static bool AreKeys(string text) => !text.AsSpan().ContainsAnyExcept(KeysAndPauses);

    public static TimeSpan? Duration(ArgumentResult result)
    {
        var text = result.Tokens[0].Value;
        // Seconds are meant where nothing is said, as with sleep(1).
        if (DurationText.TryParse(text.Length > 0 && char.IsAsciiDigit(text[^1]) ? text + "s" : text, out var duration)) return duration;
        result.AddError($"{NameOf(result)} \"{text}\" is not {DurationText.Forms}, or a number of seconds");
        return null;
    }

    public static int? CallLimit(ArgumentResult result)
    {
        if (ProfileSetting.TryLimit(result.Tokens[0].Value, out var calls)) return calls;
        result.AddError($"{NameOf(result)} \"{result.Tokens[0].Value}\" is not {ProfileSetting.LimitRange}");
        return null;
    }

    /// <summary>"2%" or "0.02" as a fraction of one.</summary>
    public static double Fraction(ArgumentResult result)
    {
        var text = result.Tokens[0].Value;
        var percent = text.EndsWith('%');
        if (double.TryParse(percent ? text[..^1] : text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value))
        {
            if (percent) value /= 100;
            if (value is >= 0 and <= 1) return value;
        }

        result.AddError($"{NameOf(result)} \"{text}\" is not a share such as 2%");
        return 0;
    }

    public static string NameOf(ArgumentResult result) => result.Parent is OptionResult option ? option.Option.Name : result.Argument.Name;
}
