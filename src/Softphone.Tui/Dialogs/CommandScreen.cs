using Softphone.Terminal;

namespace Softphone.Tui;

/// <summary>The ":" line at the foot of the screen, with what may be typed above it.</summary>
internal sealed class CommandScreen : Screen
{
    private const int MostShown = 10;

    private readonly LineEditor _line;
    private readonly CommandWords _words;
    private List<(string Line, string Argument, string Help)> _fits = [];
    private string _error = "";

    /// <summary>Which completion stands in the line; -1 when it is as typed.</summary>
    private int _taken = -1;

    public CommandScreen(Session session)
    {
        _line = session.CommandLine;
        _line.Text = "";
        _words = new CommandWords(session.Top.Keys, session.Global);
        _fits = _words.Complete(session, "");
    }

    public override string Title => "Command";

    public override bool TakesText => true;

    public override bool IsOverlay => true;

    public override bool Handle(Session session, InputEvent input)
    {
        switch (input)
        {
            case InputEvent.Key { Code: KeyCode.Escape }:
                session.Close(this);
                return true;
            case InputEvent.Key { Code: KeyCode.Backspace } when _line.Text.Length == 0:
                session.Close(this);
                return true;
            case InputEvent.Key { Code: KeyCode.Enter }:
                Run(session);
                return true;
            case InputEvent.Key { Code: KeyCode.Tab }:
                Take(_taken + 1);
                return true;
            case InputEvent.Key { Code: KeyCode.BackTab }:
                Take(_taken < 0 ? _fits.Count - 1 : _taken + _fits.Count - 1);
                return true;
            case InputEvent.Mouse:
                return true;
        }

        if (!_line.Handle(input)) return false;
        _taken = -1;
        _error = "";
        _fits = _words.Complete(session, _line.Text);
        return true;
    }

    public override void Draw(Session session, Surface surface, Rect area)
    {
        var foot = new Rect(0, surface.Height - 1, surface.Width, 1);
        surface.Fill(foot, Style.Plain);
        surface.Put(0, foot.Y, ':', new Style(Color.Cyan, Emphasis: Emphasis.Bold));
        DrawFits(surface, area);
        if (_error.Length > 0)
        {
            surface.Fill(new Rect(0, foot.Y - 1, surface.Width, 1), Style.Plain);
            surface.Write(1, foot.Y - 1, _error, new Style(Color.Red, Emphasis: Emphasis.Bold));
        }

        _line.Draw(surface, foot.CutColumns(1).Remainder);
    }

    private void DrawFits(Surface surface, Rect area)
    {
        var count = Math.Min(Math.Min(_fits.Count, MostShown), area.Height - 3);
        if (count <= 0 || _error.Length > 0) return;
        var first = Math.Clamp(_taken - count + 1, 0, _fits.Count - count);
        var box = new Rect(area.X, surface.Height - 3 - count, Math.Min(area.Width, 76), count + 2);
        surface.Fill(box, Style.Plain);
        var inner = Frame.Draw(surface, box, "", hasFocus: true, _fits.Count > count ? $"{_fits.Count} commands" : "");
        var beside = 22;
        for (var i = first; i < first + count; i++) beside = Math.Max(beside, Math.Min(GlyphWidth.Of(_fits[i].Line) + _fits[i].Argument.Length + 3, inner.Width / 2));
        for (var i = 0; i < count; i++)
        {
            var (line, argument, help) = _fits[first + i];
            var row = new Rect(inner.X, inner.Y + i, inner.Width, 1);
            var x = surface.Write(row.X + 1, row.Y, line, Style.Bold, beside - 2);
            if (argument.Length > 0) surface.Write(x, row.Y, argument, Style.Dim);
            surface.Write(row.X + beside, row.Y, help, Style.Dim, row.Width - beside);
            if (first + i == _taken) surface.Select(row);
        }
    }

    private void Take(int index)
    {
        if (_fits.Count == 0) return;
        _taken = index % _fits.Count;
        _line.Text = _fits[_taken].Line;
        _error = "";
    }

    private void Run(Session session)
    {
        var typed = _line.Text;
        // Closed first: what the command opens lies on the screen below.
        session.Close(this);
        if (_words.Run(session, typed) is { } wrong)
        {
            _error = wrong;
            session.Open(this);
            return;
        }

        _line.Commit();
    }
}
