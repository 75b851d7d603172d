using System.Text;
using Softphone.Core;
using Softphone.Phone;

namespace Softphone.Cli;

/// <summary>
/// Tells who does not look that somebody calls: bell, title and, where the terminal has them, one notification for each call. The title
/// also says whom one talks to. What comes from the network is cut to plain text first.
/// </summary>
/// <param name="notifications">What the terminal knows.</param>
/// <param name="hasTitle">It has a title.</param>
internal sealed class Attention(NotificationKind notifications, bool hasTitle)
{
    private const int LongestName = 60;
    private const string Own = "softphone";

    private readonly HashSet<CallId> _told = [];
    private readonly HashSet<CallId> _asked = [];
    private readonly StringBuilder _text = new();
    private string _title = "";
    private int _unread;

    /// <summary>What to send to the terminal; empty when nothing is new.</summary>
    public ReadOnlySpan<byte> Look(PhoneView view)
    {
        _text.Clear();
        CallView? rings = null, talks = null;
        foreach (var call in view.Calls)
        {
            if (call.State == CallState.Connected) talks ??= call;
            if (call.Asked is not null && _asked.Add(call.Id)) Tell($"{NameOf(call)} asks to be followed");
            else if (call.Asked is null) _asked.Remove(call.Id);
            if (call is not { Direction: CallDirection.Incoming, State: CallState.Ringing }) continue;
            rings ??= call;
            if (_told.Add(call.Id)) Tell($"{NameOf(call)} calls");
        }

        var unread = view.Unread;
        if (unread > _unread && view.Threads.FirstOrDefault(t => t.Unread > 0) is { } thread) Tell($"{PlainText.Clean(thread.Name.Length > 0 ? thread.Name : thread.Peer, LongestName)} writes");
        _unread = unread;
        if (view.Calls.Count == 0) _told.Clear();
        Title(rings is not null ? $"☎ {NameOf(rings)} calls" : talks is not null ? $"{Own}: {NameOf(talks)}" : view.Missed > 0 ? $"{Own}: {view.Missed} missed" : Own);
        return _text.Length == 0 ? default : Encoding.UTF8.GetBytes(_text.ToString());
    }

    /// <summary>By the variables that terminals set.</summary>
    public static Attention For(Func<string, string?> variable)
    {
        var term = variable("TERM") ?? "";
        var program = variable("TERM_PROGRAM") ?? "";
        var kind = term == "xterm-kitty" || variable("KITTY_WINDOW_ID") is { Length: > 0 } ? NotificationKind.Kitty
            : program is "iTerm.app" or "WezTerm" or "ghostty" || variable("WT_SESSION") is { Length: > 0 } ? NotificationKind.Iterm
            : variable("VTE_VERSION") is { Length: > 0 } || term.StartsWith("foot", StringComparison.Ordinal) || term.StartsWith("rxvt", StringComparison.Ordinal) ? NotificationKind.Rxvt
            : NotificationKind.None;
        return new Attention(kind, hasTitle: term is not ("linux" or "vt100" or "vt220"));
    }

    private void Tell(string what)
    {
        _text.Append('\a');
        switch (notifications)
        {
            case NotificationKind.Iterm:
                // Never the name first: to some terminals "9;4;…" is a progress bar.
                _text.Append($"\e]9;☎ {what}\a");
                break;
            case NotificationKind.Rxvt:
                _text.Append($"\e]777;notify;{Own};{what.Replace(';', ',')}\a");
                break;
            case NotificationKind.Kitty:
                _text.Append($"\e]99;i={Own}:a=focus;{what}\e\\");
                break;
        }
    }

    private void Title(string title)
    {
        if (!hasTitle || title == _title) return;
        _title = title;
        _text.Append($"\e]2;{title}\a");
    }

    private static string NameOf(CallView call)
    {
        var name = call.Name.Length > 0 ? call.Name : call.Peer;
        return PlainText.Clean(name, LongestName);
    }
}
