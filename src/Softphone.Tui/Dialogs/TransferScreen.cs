using Softphone.Core;
using Softphone.Phone;
using Softphone.Terminal;

namespace Softphone.Tui;

/// <summary>
/// A peer asks us to call somebody else: who asks, and every part of the target as it stands. It comes by itself, so yes is a key of its own
/// that counts only once the question has been seen; nobody's letter typed elsewhere makes a call.
/// </summary>
internal sealed class TransferScreen : Screen
{
    private const int Widest = 76;
    private const int Label = 11;

    /// <summary>What is pressed sooner was meant for the screen below.</summary>
    private static readonly TimeSpan LookFor = TimeSpan.FromSeconds(1);

    private readonly KeyBinding[] _keys;
    private readonly CallId _call;
    private readonly Instant _openedAt;
    private TransferQuestion _question;

    public TransferScreen(CallId call, TransferQuestion question, Instant now)
    {
        (_call, _question, _openedAt) = (call, question, now);
        _keys =
        [
            new(["y"], "", "call", "call whom it names", session => Decide(session, true)) { Rank = 1 },
            new(["n", "Esc"], "", "no", "decline; the call goes on", session => Decide(session, false)) { Rank = 2 },
        ];
    }

    public override string Title => "Transfer";

    public override bool IsOverlay => true;

    public override IReadOnlyList<KeyBinding> Keys => _keys;

    /// <summary>It comes over what a person looks at, and not over what he types or is asked.</summary>
    public static void OpenWhereAsked(Session session)
    {
        if (session.Top.TakesText || session.Top.IsOverlay) return;
        foreach (var call in session.View.Calls)
        {
            if (call.Asked is not { } question) continue;
            session.Open(new TransferScreen(call.Id, question, session.Now));
            return;
        }
    }

    public override void Refresh(Session session)
    {
        if (Find(session)?.Asked is { } question) _question = question;
        else session.Close(this);
    }

    public override bool Handle(Session session, InputEvent input) => input is not InputEvent.Key key || !KeyNames.IsSpecial(key);

    public override void Draw(Session session, Surface surface, Rect area)
    {
        if (Find(session) is not { } call) return;
        var room = Math.Min(Widest, area.Width) - 4;
        // A name is what the peer calls itself, so its address stands with it.
        var who = call.Name.Length > 0 ? $"{call.Name} ({Wording.Address(call.Peer)})" : Wording.Address(call.Peer);
        var intro = Paragraph.Wrap($"{who} asks us to call somebody else{(call.State == CallState.Ended ? ", and has hung up" : "")}:", room);
        List<(string Name, IReadOnlyList<string> Lines)> parts = [];
        Part("calls", _question.User.Length > 0 ? _question.User : "(no name)");
        Part("at", _question.Host);
        if (_question.Parameters.Length > 0) Part("with", _question.Parameters);
        if (_question.MayBeAbroad) Part("which", "is a number with a country code: it may be abroad");
        Part("scheme", _question.Scheme == "sips" ? "sips: encrypted to there" : _question.Scheme);
        Part("account", call.Account.Length > 0 ? call.Account : "(none)");
        if (_question.By.Length > 0) Part("says", $"it is in the name of {_question.By}");
        if (_question.TakesPlace) Part("joins", "a call that it has there: nobody picks up anew");
        var warning = _question.IsByServer ? [] : Paragraph.Wrap("This call did not come by a server of yours: nobody but the other side says who that is.", room);
        var left = Math.Max(0, (int)Math.Ceiling((_question.Until - session.View.Now).TotalSeconds));

        var height = intro.Count + parts.Sum(p => p.Lines.Count) + (warning.Count > 0 ? warning.Count + 1 : 0) + 6;
        var inner = Dialog.Draw(surface, area, Widest, height, Title, $"declined by itself in {left} s");
        // Where not all fits, what is asked and how to say no stay in sight: the rest is cut from the end.
        var y = inner.Y + (inner.Height >= height - 2 ? 1 : 0);
        var last = inner.Bottom - 1;
        foreach (var line in intro) Put(line, 0, Style.Plain);
        foreach (var (name, lines) in parts)
        {
            for (var i = 0; i < lines.Count; i++)
            {
                if (i == 0 && y < last) surface.Write(inner.X, y, name, Style.Dim, inner.Width);
                Put(lines[i], Label, name is "calls" or "at" or "with" ? Style.Bold : Style.Plain);
            }
        }

        if (warning.Count > 0) y++;
        foreach (var line in warning) Put(line, 0, new Style(Color.Yellow, Emphasis: Emphasis.Bold));
        var pen = new Pen(surface, inner.X, last, inner.Right);
        pen.Write("y ", new Style(Color.Cyan, Emphasis: Emphasis.Bold));
        pen.Write("call");
        pen.Write("   n ", new Style(Color.Cyan, Emphasis: Emphasis.Bold));
        pen.Write("no");

        void Part(string name, string text) => parts.Add((name, Paragraph.Wrap(text, room - Label)));

        void Put(string text, int indent, Style style)
        {
            if (y < last) surface.Write(inner.X + indent, y, text, style, inner.Width - indent);
            y++;
        }
    }

    private CallView? Find(Session session)
    {
        foreach (var call in session.View.Calls)
            if (call.Id == _call) return call;
        return null;
    }

    private void Decide(Session session, bool follows)
    {
        if (follows && session.Now - _openedAt < LookFor)
        {
            session.Tell("read whom it calls first, then y again");
            return;
        }

        session.Close(this);
        session.Ask(new PhoneCommand.DecideTransfer(_call, follows));
    }
}
