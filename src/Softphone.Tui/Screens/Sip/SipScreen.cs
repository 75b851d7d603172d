using Softphone.Phone;
using Softphone.Terminal;

namespace Softphone.Tui;

/// <summary>The SIP messages of a call as a ladder, with marks for what ICE and media did meanwhile. Enter shows a message whole; where there is room, it stands beside.</summary>
public sealed class SipScreen : CallPage
{
    private readonly LadderView _ladder;

    public SipScreen(CallId call)
        : base(call)
    {
        _ladder = new LadderView(() => $"SIP message, {Named}");
        Keys = [.. _ladder.Keys()];
    }

    public override string Title => $"SIP of {Named}";

    public override IReadOnlyList<KeyBinding> Keys { get; }

    public override bool Handle(Session session, InputEvent input) => _ladder.Handle(session, input);

    public override void Draw(Session session, Surface surface, Rect area) => _ladder.Draw(surface, area);

    internal override void Read(CallView call) => _ladder.Show(SipStory.Of(call.Trace));

    internal override void Reset() => _ladder.Reset();
}
