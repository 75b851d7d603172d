using System.Globalization;
using Softphone.Media;
using Softphone.Phone;
using Softphone.Sip;
using Softphone.Terminal;

namespace Softphone.Tui;

/// <summary>One call in full: levels, quality of the last minute, both ends of its path in words, the flow of its signalling, and what is worth a remark.</summary>
public sealed partial class CallScreen(CallId call) : CallPage(call)
{
    private SipStory? _flow;
    private IceStory? _ice;
    private string[] _ends = ["", ""];
    private List<Remark> _remarks = [];
    private QualityHistory? _quality;
    private readonly WrappedText _whyText = new();
    private string _first = "";
    private string _why = "";
    private int _scroll;

    public override string Title => Named;

    public override bool Handle(Session session, InputEvent input)
    {
        var step = input switch
        {
            InputEvent.Key { Code: KeyCode.Down } or InputEvent.Key { Rune.Value: 'j', Modifiers: Modifiers.None } or InputEvent.Mouse { Action: MouseAction.WheelDown } => 1,
            InputEvent.Key { Code: KeyCode.Up } or InputEvent.Key { Rune.Value: 'k', Modifiers: Modifiers.None } or InputEvent.Mouse { Action: MouseAction.WheelUp } => -1,
            InputEvent.Key { Code: KeyCode.PageDown } => 5,
            InputEvent.Key { Code: KeyCode.PageUp } => -5,
            _ => 0,
        };
        _scroll = Math.Max(_scroll - step, 0);
        return step != 0;
    }

    public override void Refresh(Session session)
    {
        base.Refresh(session);
        if (Call is null || ReferenceEquals(_quality, Call.Quality)) return;
        _quality = Call.Quality;
        _remarks = Remarks.Of(Call, session.View.Now);
    }

    internal override void Read(CallView call)
    {
        _flow = SipStory.Of(call.Trace);
        _ice = IceStory.Of(call);
        _quality = null;
        _why = IceWords.Why(_ice, call);
        _first = FirstAudio(call.Trace);
        var pair = _ice.Selected(1)?.Pair;
        _ends = pair is null ? ["", ""] : [PathWords.Ours(pair.Local), PathWords.Theirs(pair.Remote)];
    }

    /// <summary>When the peer was heard first, counted from the answer; empty before.</summary>
    private static string FirstAudio(IReadOnlyList<TraceEntry> trace)
    {
        Instant? answered = null;
        Instant? heard = null;
        foreach (var entry in trace)
        {
            if (entry is SipTrace.Message message && answered is null && MaskedText.StatusOf(message.StartLine) == 200 && MaskedText.MethodOf(message.Text) == SipMethod.Invite) answered = message.At;
            else if (entry is MediaTrace.Heard first) heard ??= first.At;
        }

        if (answered is not { } at || heard is not { } sound) return "";
        return sound <= at ? "first sound before the answer" : string.Create(CultureInfo.InvariantCulture, $"first sound {(sound - at).TotalMilliseconds:0} ms after the answer");
    }

    internal override void Reset() => (_flow, _ice, _ends, _remarks, _first, _scroll) = (null, null, ["", ""], [], "", 0);
}
