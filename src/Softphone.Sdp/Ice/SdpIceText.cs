namespace Softphone.Sdp;

/// <summary>Which credentials of the peer can be used.</summary>
internal static class SdpIceText
{
    private const int LeastUfrag = 4;
    private const int Most = 256;

    /// <summary>Fewer are guessed in the time of a call.</summary>
    private const int LeastPassword = 16;

    /// <summary>What is wrong, for a person; null when checks can be made with them.</summary>
    // DEVIATION: RFC 8839 §5.4 wants 22 characters in a password, and none but letters, digits, "+" and "/". To the checks a password is a
    // string of octets like any other, and those that write Base64 with its padding, or 20 characters, make good ones
    // (Credentials_ThatBreakARuleWhichHarmsNothing_AreUsed).
    public static string? FlawOf(string ufrag, string password) =>
        FlawOf("ice-ufrag", ufrag, LeastUfrag, LeastUfrag) ?? FlawOf("ice-pwd", password, LeastPassword, 22);

    private static string? FlawOf(string name, string text, int least, int rule)
    {
        if (text.Length < least) return $"the peer's {name} has {text.Length} characters, at least {rule} are needed";
        if (text.Length > Most) return $"the peer's {name} has {text.Length} characters, at most {Most} are allowed";
        // The name of a check is "one:other" (RFC 8445 §7.2.2); a colon within would be a third part.
        var at = text.AsSpan().IndexOfAnyExceptInRange('!', '~');
        if (at < 0 && name == "ice-ufrag") at = text.IndexOf(':');
        return at < 0 ? null : $"the peer's {name} has a character in it that no name or key of ICE may have (number {at + 1})";
    }
}
