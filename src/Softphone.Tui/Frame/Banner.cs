using Softphone.Phone;
using Softphone.Terminal;

namespace Softphone.Tui;

/// <summary>A call that rings here, over whatever screen is shown: nobody has to look for it.</summary>
internal sealed class Banner
{
    private Rect _answer;
    private Rect _reject;

    /// <summary>The key at this place; null when there is none.</summary>
    public KeyBinding? At(int x, int y) => _answer.Contains(x, y) ? Bindings.Answer : _reject.Contains(x, y) ? Bindings.Hangup : null;

    /// <summary>No call rings.</summary>
    public void Clear() => _answer = _reject = default;

    public void Draw(Session session, CallView call, Surface surface, Rect row)
    {
        var style = new Style(Color.Yellow, Emphasis: Emphasis.Reverse | Emphasis.Bold);
        surface.Fill(row, style);
        var isTyping = session.Top is { TakesText: true } or ConfirmScreen or TransferScreen;
        var reject = isTyping ? "F8 reject " : "h reject ";
        var answer = isTyping ? "F5 answer  " : "a answer  ";
        _reject = new Rect(row.Right - reject.Length, row.Y, reject.Length, 1);
        _answer = new Rect(_reject.X - answer.Length, row.Y, answer.Length, 1);
        surface.Write(_reject.X, row.Y, reject, style);
        surface.Write(_answer.X, row.Y, answer, style);
        var pen = new Pen(surface, row.X + 1, row.Y, _answer.X - 1);
        pen.Write("← ", style);
        pen.Write(Wording.Peer(session.View, call.Account, call.Name, call.Peer), style);
        if (call.Account.Length > 0 && session.View.Accounts.Count > 1)
        {
            pen.Write(" for ", style);
            pen.Write(call.Account, style);
        }

        var age = call.Age(session.View.Now);
        if (pen.Room > 8) pen.Write(style, $"   rings {(int)age.TotalMinutes}:{age.Seconds:00}");
        if (session.View.Live() > 1 && pen.Room > 32) pen.Write("   answering holds the others", style);
    }
}
