using System.Globalization;
using Softphone.Phone;
using Softphone.Sip;
using Softphone.Terminal;

namespace Softphone.Tui;

/// <summary>One SIP message whole, with those before and after it, or all of a ladder one below the other: scrolling and search.</summary>
internal sealed class SipMessageScreen : Screen
{
    private readonly LineEditor _editor = new(80);
    private readonly LadderView _ladder;
    private readonly ScrollView _seen = new();
    private readonly List<SipTrace.Message> _messages = [];
    private MessageView _view;
    private string _search = "";
    private bool _isTyping;

    /// <param name="ladder">Where its messages stand, and more that come.</param>
    /// <param name="message">The one that is shown; null for all.</param>
    public SipMessageScreen(LadderView ladder, SipTrace.Message? message)
    {
        _ladder = ladder;
        IsRaw = message is null;
        _view = message is null ? new MessageView([.. ladder.Messages]) : new MessageView(message);
        Take();
        Keys =
        [
            new KeyBinding(["/"], "", "search", "look for a text in the message", _ => Type()) { Group = "SIP", Rank = 1 },
            .. IsRaw ? (IEnumerable<KeyBinding>)[] :
            [
                new KeyBinding(["Right", "l"], "", "next", "show the next message", _ => Turn(1)) { Name = "next-message", Group = "SIP", Rank = 2 },
                new KeyBinding(["Left"], "", "before", "show the message before", _ => Turn(-1)) { Name = "message-before", Group = "SIP", Rank = 3 },
            ],
            new KeyBinding(["y"], "", "copy", IsRaw ? "copy all messages" : "copy the message", Copy) { Group = "SIP", Rank = 4 },
            new KeyBinding(["n"], "", "find next", "go to where the text stands next", _ => Search(1)) { Group = "SIP", Rank = 5, Disabled = _ => _search.Length == 0 ? "search with / first" : null },
            new KeyBinding(["N"], "", "find before", "go to where the text stood before", _ => Search(-1)) { Group = "SIP", Rank = 60, Disabled = _ => _search.Length == 0 ? "search with / first" : null },
        ];
    }

    public override string Title => _ladder.Title;

    public override IReadOnlyList<KeyBinding> Keys { get; }

    /// <summary>All messages are shown.</summary>
    private bool IsRaw { get; }

    public override bool TakesText => _isTyping;

    public override bool Handle(Session session, InputEvent input) => _isTyping ? HandleTyping(input) : _seen.Handle(input);

    public override void Draw(Session session, Surface surface, Rect area)
    {
        var (head, body) = area.CutRows(1);
        if (IsRaw) surface.Write(head.X + 1, head.Y, "every message as it passed, secrets masked", Style.Dim, head.Width - 1);
        else DrawHead(session, surface, head, _view.Messages[0]);
        if (_isTyping || _search.Length > 0) body = DrawSearch(surface, body);
        _view.Fit(body.Width - 1);
        _seen.Fit(_view.Count, body.Height);
        var seen = _seen.Seen is { } percent ? string.Create(CultureInfo.InvariantCulture, $", {percent} % seen") : "";
        var place = IsRaw ? "" : string.Create(CultureInfo.InvariantCulture, $"{_messages.IndexOf(_view.Messages[0]) + 1} of ");
        surface.WriteRight(head.Right - 1, head.Y, string.Create(CultureInfo.InvariantCulture, $"{place}{_messages.Count}{seen}"), Style.Dim);
        _view.Draw(surface, body, _seen.Top, _isTyping ? _editor.Text : _search);
    }

    private static void DrawHead(Session session, Surface surface, Rect head, SipTrace.Message message)
    {
        var at = session.View.Clock - (session.View.Now - message.At);
        var pen = new Pen(surface, head.X + 1, head.Y, head.Right);
        if (message.Source.Length > 0) pen.Write(message.IsSent ? "→ to " : "← from ", message.IsSent ? Color.Cyan : Color.Green);
        else pen.Write($"{message.Local} → ", Color.Cyan);
        pen.Write(message.Remote.ToString(), Style.Bold);
        pen.Space();
        pen.Write(message.Transport.ToString().ToLowerInvariant());
        pen.Space(2);
        pen.Write(at.ToString("HH:mm:ss.fff", CultureInfo.InvariantCulture), Style.Dim);
        pen.Space(2);
        if (message.IsRepeat) pen.Write("sent again", Color.Yellow);
    }

    public override void Refresh(Session session) => Take();

    private void Take()
    {
        _messages.Clear();
        _messages.AddRange(_ladder.Messages);
        if (IsRaw)
        {
            if (!_messages.SequenceEqual(_view.Messages, ReferenceEqualityComparer.Instance)) _view = new MessageView([.. _messages]);
        }
        else if (!_messages.Contains(_view.Messages[0]))
        {
            _messages.Insert(0, _view.Messages[0]);
        }
    }

    private Rect DrawSearch(Surface surface, Rect body)
    {
        var (rest, line) = (body.CutRows(-1).Remainder, body.CutRows(-1).Cut);
        surface.Put(line.X, line.Y, '/', Style.Bold);
        if (_isTyping) _editor.Draw(surface, new Rect(line.X + 1, line.Y, line.Width - 1, 1));
        else surface.Write(line.X + 1, line.Y, _view.Find(_search, 0) < 0 ? $"{_search}: not in this message" : _search, Style.Dim, line.Width - 1);
        return rest;
    }

    private bool HandleTyping(InputEvent input)
    {
        if (input is InputEvent.Key { Code: KeyCode.Enter })
        {
            (_isTyping, _search) = (false, _editor.Commit());
            if (_view.Find(_search, _seen.Top) is >= 0 and var found) _seen.To(found);
            return true;
        }

        if (input is InputEvent.Key { Code: KeyCode.Escape })
        {
            (_isTyping, _search) = (false, "");
            return true;
        }

        return _editor.Handle(input);
    }

    private void Type()
    {
        _isTyping = true;
        _editor.Text = "";
    }

    private void Search(int by)
    {
        if (_view.Find(_search, _seen.Top + by, by < 0) is >= 0 and var found) _seen.To(found);
    }

    private void Turn(int by)
    {
        var at = _messages.IndexOf(_view.Messages[0]) + by;
        if (at < 0 || at >= _messages.Count) return;
        _view = new MessageView(_messages[at]);
        _seen.To(0);
    }

    private void Copy(Session session)
    {
        session.Ask(new PhoneCommand.Copy(string.Join("\r\n", _view.Messages.Select(m => m.Text))));
        session.Tell(IsRaw ? "all messages are in the clipboard" : "the message is in the clipboard");
    }
}
