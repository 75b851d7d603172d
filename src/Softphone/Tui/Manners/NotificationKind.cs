namespace Softphone.Cli;

/// <summary>How a terminal is asked to show a notification; each knows one way at most, and two ways would show it twice.</summary>
internal enum NotificationKind
{
    None,

    /// <summary>OSC 9: iTerm2, WezTerm, Ghostty, Windows Terminal.</summary>
    Iterm,

    /// <summary>OSC 777: rxvt-unicode, VTE and foot.</summary>
    Rxvt,

    /// <summary>OSC 99: kitty.</summary>
    Kitty,
}
