using System.Globalization;
using Softphone.Phone;
using Softphone.Terminal;

namespace Softphone.Tui;

/// <summary>Every STUN message that passed on one pair, and what came of it, as a ladder.</summary>
public sealed class StunScreen : CallPage
{
    private readonly int _pair;
    private readonly ListView _list = new();
    private PairStory? _story;
    private Instant? _began;
    private int _page;

    public StunScreen(CallId call, int pair)
        : base(call)
    {
        _pair = pair;
        Keys = [new KeyBinding(["y"], "", "copy", "copy the exchange as text", Copy) { Group = "ICE", Rank = 1 }];
    }

    public override string Title => $"STUN of pair {_pair}, {Named}";

    public override IReadOnlyList<KeyBinding> Keys { get; }

    public override bool Handle(Session session, InputEvent input)
    {
        var count = _story?.Steps.Count ?? 0;
        switch (input)
        {
            case InputEvent.Key key:
                return _list.Handle(key, count, _page);
            case InputEvent.Mouse { Action: MouseAction.WheelDown or MouseAction.WheelUp } wheel:
                _list.Select(_list.Selected + (wheel.Action == MouseAction.WheelDown ? 3 : -3), count);
                return true;
            default:
                return false;
        }
    }

    public override void Draw(Session session, Surface surface, Rect area)
    {
        if (_story is not { } story || _began is not { } began)
        {
            surface.Write(area.X + 1, area.Y, $"pair {_pair} is gone: a restart began another check list", Style.Dim, area.Width - 1);
            return;
        }

        var (head, body) = area.CutRows(3);
        var x = surface.Write(head.X + 1, head.Y, story.Name, Style.Bold, head.Width - 1);
        surface.Write(x + 2, head.Y, story.Way, Style.Plain, head.Right - x - 2);
        var (word, style) = IceWords.Of(story.Pair);
        x = surface.Write(head.X + 1, head.Y + 1, word, style, head.Width - 1);
        surface.Write(x + 2, head.Y + 1, story.Note, Style.Plain, head.Right - x - 2);
        ReadOnlySpan<int> lines = [body.X + 22, Math.Min(body.Right - 3, body.X + 22 + 90)];
        surface.WriteRight(body.X + 9, head.Y + 2, "ms", Style.Dim);
        surface.WriteRight(body.X + 19, head.Y + 2, "after", Style.Dim);
        surface.Write(lines[0] - 2, head.Y + 2, "us", Style.Bold);
        surface.WriteRight(lines[1] + 2, head.Y + 2, "peer", Style.Bold);
        _page = body.Height;
        _list.Fit(story.Steps.Count, body.Height);
        Span<char> text = stackalloc char[24];
        for (var i = 0; i < body.Height; i++)
        {
            var (y, index) = (body.Y + i, _list.Top + i);
            Ladder.Lines(surface, y, lines);
            if (index >= story.Steps.Count) continue;
            var step = story.Steps[index];
            StunLadder.Time(surface, body.X + 9, y, step.At - began);
            if (index > 0 && step.At > story.Steps[index - 1].At && LadderTime.FormatDelta(step.At - story.Steps[index - 1].At, text, out var length))
                surface.WriteRight(body.X + 19, y, text[..length], Style.Dim);
            StunLadder.Step(surface, y, lines, step);
            if (index == _list.Selected) surface.Put(body.X, y, '▸', Style.Bold);
        }
    }

    internal override void Read(CallView call)
    {
        var story = IceStory.Of(call);
        _story = story.Pairs.FirstOrDefault(p => p.Pair.Id == _pair);
        _began = story.Began;
    }

    internal override void Reset() => _story = null;

    private void Copy(Session session)
    {
        if (_story is not { } story || _began is not { } began) return;
        var lines = story.Steps.Select(s => string.Create(
            CultureInfo.InvariantCulture, $"{(s.At - began).TotalMilliseconds,8:0.0} ms  {(s.Way == StepWay.Ours ? "-->" : s.Way == StepWay.Theirs ? "<--" : "   ")} {s.Text}"));
        session.Ask(new PhoneCommand.Copy($"pair {_pair} {story.Name} {story.Way}: {story.Note}\n{string.Join('\n', lines)}\n"));
        session.Tell("the exchange is in the clipboard");
    }
}
