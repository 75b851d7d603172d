using Softphone.Phone;
using Softphone.Sip;
using Softphone.Terminal;

namespace Softphone.Tui;

/// <summary>
/// The ladder of one dialog, whatever its method, or of several in one. It goes on as messages come, and keeps what it showed when the phone has
/// dropped them.
/// </summary>
internal sealed class DialogLadderScreen : Screen
{
    private readonly LadderView _ladder;
    private readonly CaptureSight? _capture;
    private IReadOnlyList<SipDialog> _dialogs;

    /// <param name="dialogs">In the order in which they are numbered.</param>
    /// <param name="capture">What they were read from, which says more of them; null for a phone's own.</param>
    public DialogLadderScreen(IReadOnlyList<SipDialog> dialogs, CaptureSight? capture = null)
    {
        (_dialogs, _capture) = (dialogs, capture);
        _ladder = new LadderView(() => Title);
        _ladder.Show(SipStory.Of(dialogs, capture));
        Keys = [.. _ladder.Keys(), .. SaveKeys.Of(() => (NameOf(_dialogs), [.. _ladder.Messages]), "SIP"), .. capture is null ? [] : CaptureKeys.Of(capture, () => _dialogs, "SIP")];
    }

    public override string Title => $"SIP of {NameOf(_dialogs)}{(_dialogs.Sum(d => (long)d.LeftOut) is > 0 and var some ? $", {some} older left out" : "")}";

    public override IReadOnlyList<KeyBinding> Keys { get; }

    public override void Refresh(Session session)
    {
        var now = new SipDialog[_dialogs.Count];
        for (var i = 0; i < now.Length; i++)
        {
            var number = _dialogs[i].Number;
            now[i] = _dialogs[i];
            // What is kept no more is better than nothing.
            for (var j = 0; j < session.View.Dialogs.Count; j++)
                if (session.View.Dialogs[j].Number == number) now[i] = session.View.Dialogs[j];
        }

        if (now.SequenceEqual(_dialogs, ReferenceEqualityComparer.Instance)) return;
        _dialogs = now;
        _ladder.Show(SipStory.Of(_dialogs, _capture));
    }

    public override bool Handle(Session session, InputEvent input) => _ladder.Handle(session, input);

    public override void Draw(Session session, Surface surface, Rect area) => _ladder.Draw(surface, area);

    private static string NameOf(IReadOnlyList<SipDialog> dialogs) =>
        dialogs.Count == 1 ? $"{dialogs[0].Method} {dialogs[0].To}" : $"{dialogs.Count} dialogs";
}
