namespace Softphone.Cli;

/// <summary>The country whose tones a person knows: by the locale of the environment, "de_AT.UTF-8".</summary>
internal static class Region
{
    /// <summary>Two letters of ISO 3166; empty when the locale names no country.</summary>
    public static string Of(IReadOnlyDictionary<string, string> environment)
    {
        foreach (var name in (string[])["LC_ALL", "LC_MESSAGES", "LANG"])
            if (environment.TryGetValue(name, out var locale) && locale.Length > 0) return CountryOf(locale);
        return "";
    }

    private static string CountryOf(string locale)
    {
        var country = locale.Split('.', '@')[0].Split('_') is [_, { Length: 2 } found] ? found : "";
        return country.All(char.IsAsciiLetter) ? country : "";
    }
}
