using System.Globalization;
using Softphone.Phone;
using Softphone.Terminal;

namespace Softphone.Tui;

/// <summary>Everything that is wrong in a capture, the worst first; Enter shows the ladder of the dialog.</summary>
internal sealed class ProblemsScreen : ListScreen
{
    private const string Group = "Problems";

    private readonly CaptureSight _capture;
    private List<CaptureFinding> _rows = [];

    public ProblemsScreen(CaptureSight capture)
    {
        _capture = capture;
        Keys =
        [
            new(["Enter"], "", "ladder", "show the messages of its dialog", Show) { Group = Group, Rank = 1, Disabled = _ => Selected is null ? "no problem is selected" : DialogOf(Selected) is null ? "it belongs to no dialog" : null },
            new(["/", "F3"], "filter", "filter", "show only rows with these letters", _ => Filter.Open()) { Group = Group, Rank = 4 },
            new(["e"], "explain", "explain", "the whole sentence, and what helps", Explain) { Group = Group, Rank = 5, Disabled = _ => Selected is null ? "no problem is selected" : null },
            new(["y"], "", "copy", "copy the sentence", Copy) { Group = Group, Rank = 60, Disabled = _ => Selected is null ? "no problem is selected" : null },
        ];
    }

    public override string Title => "problems";

    public override IReadOnlyList<KeyBinding> Keys { get; }

    private protected override int Count => _rows.Count;

    private CaptureFinding? Selected => List.Selected < _rows.Count ? _rows[List.Selected] : null;

    public override void Refresh(Session session)
    {
        _rows = [.. _capture.Problems.Where(p => Filter.Text.Length == 0 || $"{p.Kind} {p.Text}".Contains(Filter.Text, StringComparison.OrdinalIgnoreCase))];
        List.Fit(_rows.Count, Page);
    }

    public override void Draw(Session session, Surface surface, Rect area)
    {
        var note = _rows.Count == _capture.Problems.Count ? $"{_rows.Count}" : $"{_rows.Count} of {_capture.Problems.Count}";
        var inner = Filter.Draw(surface, Frame.Draw(surface, area, "Problems, the worst first", hasFocus: true, note));
        var (below, list) = inner.Height >= 12 ? inner.CutRows(-5) : (default, inner);
        (Body, Page) = (list.CutRows(1).Remainder, list.Height - 1);
        if (_rows.Count == 0) surface.Write(inner.X + 1, inner.Y + 1, _capture.Problems.Count == 0 ? "No problem was found." : "No problem has these letters.", Style.Dim, inner.Width - 1);
        else Table.Draw(surface, list, Columns, _rows.Count, i => Row(_rows[i]), List, hasFocus: true);
        if (below.Height == 0 || Selected is not { } selected) return;
        var lines = Paragraph.Wrap(Sentence(selected), below.Width - 2);
        for (var i = 0; i < lines.Count && i + 1 < below.Height; i++) surface.Write(below.X + 1, below.Y + 1 + i, lines[i], Style.Plain, below.Width - 2);
    }

    private static Column[] Columns { get; } = [new("", 8, Importance: 3), new("kind", 20, Importance: 2), new("dialog", 6, IsRight: true, Importance: 1), new("what", 0, Least: 20)];

    private static TableCell[] Row(CaptureFinding problem) =>
    [
        problem.Severity switch { 0 => new("failure", Color.Red), 1 => new("trouble", Color.Yellow), _ => new("oddity", Style.Dim) },
        problem.Kind, problem.Dialog?.ToString(CultureInfo.InvariantCulture) ?? "", problem.Text,
    ];

    private static string Sentence(CaptureFinding problem) => problem.Remedy.Length > 0 ? $"{problem.Text}; {problem.Remedy}." : $"{problem.Text}.";

    private Sip.SipDialog? DialogOf(CaptureFinding problem) => problem.Dialog is { } number ? _capture.Dialogs.FirstOrDefault(d => d.Number == number) : null;

    private void Show(Session session)
    {
        if (DialogOf(Selected!) is { } dialog) session.Open(new DialogLadderScreen([dialog], _capture));
    }

    private void Explain(Session session) => session.Open(new TextScreen(Selected!.Kind, Sentence(Selected)));

    private void Copy(Session session)
    {
        session.Ask(new PhoneCommand.Copy(Sentence(Selected!)));
        session.Tell("copied");
    }
}
