namespace Softphone.Sip;

/// <summary>How a caller wishes to be answered. Whether that is granted is for the person who is called to say.</summary>
public enum AnswerWish
{
    /// <summary>Nothing is said.</summary>
    None,

    /// <summary>At once, without anybody taking the call, as an intercom.</summary>
    Auto,

    /// <summary>By a person only.</summary>
    Manual,
}

/// <summary>
/// Answer-Mode and Priv-Answer-Mode (RFC 5373), and what servers of telephone systems write for the same into Alert-Info and Call-Info. The second of
/// RFC 5373's headers asks for more than the first, and gets no more here.
/// </summary>
internal static class AnswerMode
{
    /// <summary>More entries than this are not looked at.</summary>
    private const int MostEntries = 8;

    /// <summary>What a server adds to Alert-Info, as its info parameter or as the whole of it.</summary>
    private static readonly string[] Words = ["alert-autoanswer", "auto answer", "auto-answer", "autoanswer", "ring answer", "ring-answer", "intercom"];

    public static (AnswerWish Wish, bool IsDemanded) Of(SipHeaders headers)
    {
        foreach (var name in (string[])[HeaderName.PrivAnswerMode, HeaderName.AnswerMode])
        {
            if (!headers.TryValue(name, out var mode, out var parameters)) continue;
            var isDemanded = parameters.Has("require");
            if (mode.Equals("Auto", StringComparison.OrdinalIgnoreCase)) return (AnswerWish.Auto, isDemanded);
            if (mode.Equals("Manual", StringComparison.OrdinalIgnoreCase)) return (AnswerWish.Manual, isDemanded);
        }

        foreach (var name in (string[])[HeaderName.AlertInfo, HeaderName.CallInfo])
            foreach (var text in headers.GetList(name).Take(MostEntries))
                if (AsksFor(text)) return (AnswerWish.Auto, false);
        return default;
    }

    private static bool AsksFor(string text)
    {
        var close = text.IndexOf('>', StringComparison.Ordinal);
        if (close < 0) return Array.Exists(Words, word => text.Trim().Equals(word, StringComparison.OrdinalIgnoreCase));
        if (!Parameters.TryParse(text, close + 1, out var parameters, out _)) return false;
        return parameters["answer-after"] == "0" || (parameters["info"] is { } info && Array.Exists(Words, word => info.Equals(word, StringComparison.OrdinalIgnoreCase)));
    }
}
