using Softphone.Core;

namespace Softphone.Phone;

/// <summary>The log of events: short lines for a person, the newest first, and never a secret.</summary>
public sealed partial class Desk
{
    private const int MostLines = 200;
    private const int LongestLine = 1024;

    private readonly LinkedList<EventLine> _log = [];
    private IReadOnlyList<EventLine>? _logView;

    /// <summary>Adds a line: the desk's own, and what its shell has to tell. Reasons and names of servers and peers in it are made fit to be shown.</summary>
    public void Tell(Instant now, string text, CallId? call = null, bool isProblem = false, bool isAnswer = false)
    {
        _log.AddFirst(new EventLine(_shell.WallClock(now), PlainText.Clean(text, LongestLine), isProblem, call) { IsAnswer = isAnswer });
        if (_log.Count > MostLines) _log.RemoveLast();
        _logView = null;
    }

    /// <summary>A line that somebody waits for, since it was asked for.</summary>
    public void Answer(Instant now, string text)
    {
        Tell(now, text);
        _log.First!.Value = _log.First.Value with { IsAnswer = true };
    }

    /// <summary>Something could not be done, and what helps.</summary>
    private void Problem(Instant now, string what, string remedy = "", DeskCall? call = null) =>
        Tell(now, remedy.Length == 0 ? what : $"{what}: {remedy}", call?.Id, isProblem: true);

    private void Tell(Instant now, string text, DeskCall? call) => Tell(now, text, call?.Id);

    private void Problem(Instant now, Fault fault, DeskCall? call = null) => Problem(now, fault.What, fault.Remedy, call);

    /// <summary>1:40, or 1:02:03.</summary>
    private static string Spoken(TimeSpan time) =>
        time.TotalHours >= 1 ? $"{(int)time.TotalHours}:{time.Minutes:00}:{time.Seconds:00}" : $"{time.Minutes}:{time.Seconds:00}";
}
