using Softphone.Phone;
using Softphone.Terminal;

namespace Softphone.Tui;

/// <summary>A call that rings here, over whatever screen is shown: nobody has to look for it.</summary>
internal sealed class Banner
{
    private const int LeastName = 18;

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
        Pen.Piece reject = $"{KeyOf(Bindings.Hangup)} reject ";
        Pen.Piece answer = $"{KeyOf(Bindings.Answer)} answer  ";
        _reject = new Rect(row.Right - reject.Text.Length, row.Y, reject.Text.Length, 1);
        _answer = new Rect(_reject.X - answer.Text.Length, row.Y, answer.Text.Length, 1);
        surface.Write(_reject.X, row.Y, reject.Text, style);
        surface.Write(_answer.X, row.Y, answer.Text, style);
        var age = call.Age(session.View.Now);
        Pen.Piece rings = $"   rings {(int)age.TotalMinutes}:{age.Seconds:00}";
        // A long name gives way to how long it rings, unless it would be cut to nothing.
        var end = _answer.X - 1;
        if (end - row.X - rings.Text.Length >= LeastName) end -= rings.Text.Length;
        var pen = new Pen(surface, row.X + 1, row.Y, end);
        pen.Write("← ", style);
        pen.Write(Wording.Peer(session.View, call.Account, call.Name, call.Peer), style);
        if (call.Account.Length > 0 && session.View.Accounts.Count > 1)
        {
            pen.Write(" for ", style);
            pen.Write(call.Account, style);
        }

        pen = new Pen(surface, pen.X, row.Y, _answer.X - 1);
        pen.TryWrite(rings.Text, style);
        if (session.View.Live() > 1 && pen.Room > 32) pen.Write("   answering holds the others", style);

        string KeyOf(KeyBinding binding) => isTyping ? session.Keys.WhileTyping(binding) : session.KeyOf(binding);
    }
}
