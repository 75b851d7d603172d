using Softphone.Media;
using Softphone.Phone;
using Softphone.Terminal;

namespace Softphone.Tui;

/// <summary>The calls that go on, and for a moment those that are over.</summary>
internal sealed class CallsPanel : TablePanel<CallView>
{
    private static readonly Column[] All =
    [
        new("#", 2, IsRight: true),
        new("", 1),
        new("peer", 0, Least: 18),
        new("state", 9),
        new("time", 7, IsRight: true),
        new("path", 5, Importance: 6),
        new("MOS", 3, IsRight: true, Importance: 5),
        new("loss", 5, IsRight: true, Importance: 2),
        new("rtt", 6, IsRight: true, Importance: 2),
        new("codec", 6, Importance: 3),
        new("account", 10, Importance: 1),
        new("", 0, Importance: 7, Least: 15),
    ];

    private readonly ListOrder<CallView> _order = Orders.OfCalls();
    private readonly KeyBinding[] _keys;

    public CallsPanel() => _keys = [.. _order.Keys("", Refresh)];

    public override string Title => "Calls";

    public override IReadOnlyList<KeyBinding> Keys => _keys;

    protected override ListOrder<CallView> Order => _order;

    protected override IReadOnlyList<Column> Columns => All;

    protected override string Empty(Session session) => session.View.Accounts.Count == 0 ? $"no account yet: {session.KeyOf(Bindings.Wizard)} sets one up" : $"no calls: {session.KeyOf(Bindings.Dial)} dials, or type a number";

    protected override IReadOnlyList<CallView> Of(PhoneView view) => view.Calls;

    protected override bool IsSame(CallView one, CallView other) => one.Id == other.Id;

    protected override bool Matches(CallView thing, string letters) => Letters.Have(letters, thing.Peer, thing.Name, thing.Account);

    public override string Note(Session session) => session.View.Live() is > 0 and var live ? $"{live}" : "";

    public override void Refresh(Session session)
    {
        base.Refresh(session);
        Follow(session);
    }

    /// <summary>The selected row is the call that keys act on.</summary>
    public void Follow(Session session)
    {
        if (session.Call is { } call && Selected?.Id != call.Id) SelectWhere(c => c.Id == call.Id);
    }

    protected override void Moved(Session session) => session.Selected = Selected?.Id;

    public override void Open(Session session)
    {
        if (Selected is not { } call) return;
        session.Selected = call.Id;
        session.Do(call.RingsHere() ? Bindings.Answer : Bindings.Stats);
    }

    protected override void Fill(Session session, CallView thing, TableCell[] fields)
    {
        var dim = thing.IsLive() ? Style.Plain : Style.Dim;
        var (word, style) = Marks.Of(thing);
        var media = thing.Media;
        fields[0] = new(thing.Id.ToString(), dim);
        fields[1] = new(Marks.Arrow(thing.Direction), dim);
        // Plain RTP is what most calls are: the mark is for those that are more, or became less.
        var peer = Wording.Peer(session.View, thing.Account, thing.Name, thing.Peer);
        if (thing.Security.IsSecured || thing.Security.IsWeakened) peer = $"{Marks.Lock(thing.Security).Mark} {peer}";
        fields[2] = new(peer, thing.IsLive() ? Style.Bold : Style.Dim);
        fields[3] = new(word, style);
        fields[4] = new(Wording.Clock(thing.Age(session.View.Now)), dim);
        fields[5] = new(thing.Path.Length > 0 ? thing.Path : "–", thing.Path.Length > 0 ? Marks.OfPath(thing.Path) : Style.Dim);
        // Of a call that goes on what counts is how it is now; of one that is over, how it was.
        var quality = media is null ? default : thing.IsLive() ? thing.Quality.Minute : MediaQuality.Of(null, media);
        fields[6] = quality.Mos is { } mos ? new($"{mos:0.0}", Marks.OfMos(mos)) : new("–", Style.Dim);
        fields[7] = quality.LossPercent is not { } loss ? new("–", Style.Dim) : new($"{loss:0.0}%", loss >= 3 ? Color.Red : loss >= 1 ? Color.Yellow : dim);
        fields[8] = media?.RttMs is { } rtt ? new($"{rtt:0} ms", dim) : new("–", Style.Dim);
        fields[9] = media is { Codec.Length: > 0 } ? new(media.Codec, dim) : new("–", Style.Dim);
        fields[10] = new(thing.Account, dim);
        fields[11] = Remark(thing);
    }

    /// <summary>What is going on with it beside its state: the one thing that matters most.</summary>
    private static TableCell Remark(CallView call)
    {
        if (!call.IsLive()) return new(call.Ending, Style.Dim);
        if (call.Transfer.Length > 0) return new(call.Transfer, Color.Yellow);
        if (call.HasNoPath()) return new("no path yet", Color.Red);
        var text = call.Recording is null ? "" : $"● REC {Wording.Clock(call.Recorded)}";
        if (call.Playing is not null) text = text.Length > 0 ? $"{text} ♪" : $"♪ {Wording.Clock(call.Played)}";
        if (call.InConference) text = text.Length > 0 ? $"conf {text}" : "conference";
        if (call.DigitsSent.Length > 0)
        {
            // Where both stand the header says REC.
            if (call is { Recording: not null, InConference: false }) text = $"● {Wording.Clock(call.Recorded)}";
            text = text.Length > 0 ? $"{text} keys {Tail(call.DigitsSent, 4)}" : $"keys {Tail(call.DigitsSent, 8)}";
        }

        return new(text, call.Recording is null ? Color.Cyan : Color.Red);
    }

    private static string Tail(string digits, int most) => digits.Length <= most ? digits : "…" + digits[^(most - 1)..];
}
