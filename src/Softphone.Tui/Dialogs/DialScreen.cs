using Softphone.Phone;
using Softphone.Terminal;

namespace Softphone.Tui;

/// <summary>Asks for somebody: a number, an address or a name, completed from contacts and history.</summary>
internal sealed class DialScreen : Screen
{
    private const int MostShown = 8;

    private readonly LineEditor _line = new();
    private readonly DialPurpose _purpose;
    private readonly CallView? _call;
    private readonly KeyBinding[] _keys;
    private List<Person> _people = [];
    private string _found = "\0";
    private string? _account;

    /// <summary>Which suggestion is taken; -1 takes what was typed.</summary>
    private int _chosen = -1;
    private Rect _list;

    public DialScreen(string text = "")
        : this(DialPurpose.Call, null) => _line.Text = text;

    public DialScreen(DialPurpose purpose, CallView? call)
    {
        (_purpose, _call) = (purpose, call);
        KeyBinding enter = new(["Enter"], "", purpose switch { DialPurpose.Transfer => "transfer", DialPurpose.Write => "write", _ => "call" }, "take it", Take) { Rank = 1 };
        KeyBinding complete = new(["Tab"], "", "complete", "put the first suggestion into the line", Complete) { Rank = 2 };
        KeyBinding account = new(["F4"], "", "account", "call with the next account", NextAccount)
        {
            Rank = 3,
            Disabled = session => session.View.Accounts.Count < 2 ? "there is one account only" : null,
        };
        KeyBinding back = new(["Esc"], "", "back", "leave it", session => session.Close(this)) { Rank = 4 };
        _keys = purpose == DialPurpose.Transfer ? [enter, complete, back] : [enter, complete, account, back];
    }

    public override string Title => _purpose switch
    {
        DialPurpose.Transfer => $"Transfer {Wording.Who(_call!)} to",
        DialPurpose.Write => "Write to",
        DialPurpose.Consult => $"Call first, then join with {Wording.Who(_call!)}",
        _ => "Dial",
    };

    public override bool TakesText => true;

    public override bool IsOverlay => true;

    public override IReadOnlyList<KeyBinding> Keys => _keys;

    public override void Refresh(Session session)
    {
        if (_call is not null && session.View.Calls.FirstOrDefault(c => c.Id == _call.Id) is not { State: not CallState.Ended })
        {
            session.Close(this);
            session.Tell("the call is over");
            return;
        }

        Search(session);
    }

    public override bool Handle(Session session, InputEvent input)
    {
        switch (input)
        {
            case InputEvent.Key { Code: KeyCode.Down, Modifiers: Modifiers.None }:
                Choose(_chosen + 1);
                return true;
            case InputEvent.Key { Code: KeyCode.Up, Modifiers: Modifiers.None }:
                Choose(_chosen - 1);
                return true;
            case InputEvent.Mouse { Action: MouseAction.WheelDown }:
                Choose(_chosen + 1);
                return true;
            case InputEvent.Mouse { Action: MouseAction.WheelUp }:
                Choose(_chosen - 1);
                return true;
            case InputEvent.Mouse { Action: MouseAction.Press, Button: 0 } mouse when _list.Contains(mouse.X, mouse.Y):
                if (_chosen == mouse.Y - _list.Y) Take(session);
                else Choose(mouse.Y - _list.Y);
                return true;
            default:
                if (!_line.Handle(input)) return false;
                Search(session);
                return true;
        }
    }

    public override void Draw(Session session, Surface surface, Rect area)
    {
        var inner = Dialog.Draw(surface, area, 64, MostShown + 6, Title);
        var (typed, rest) = inner.CutRows(1);
        surface.Write(typed.X, typed.Y, "▸", Color.Cyan);
        _line.Draw(surface, typed.CutColumns(2).Remainder);
        if (_line.Text.Length == 0) surface.Write(typed.X + 2, typed.Y, Hint(session), Style.Dim, typed.Width - 2);

        var (_, below) = rest.CutRows(1);
        (var last, _list) = below.CutRows(-1);
        _list = new Rect(_list.X, _list.Y, _list.Width, Math.Min(_people.Count, _list.Height));
        for (var i = 0; i < _list.Height; i++) DrawPerson(surface, _list, i);
        if (_people.Count == 0 && _line.Text.Length > 0) surface.Write(below.X, below.Y, "nobody in contacts or history", Style.Dim);
        DrawWhat(session, surface, last);
    }

    private void DrawPerson(Surface surface, Rect list, int index)
    {
        var person = _people[index];
        var row = new Rect(list.X, list.Y + index, list.Width, 1);
        var isChosen = index == _chosen;
        if (isChosen) surface.Put(row.X, row.Y, '▸', Style.Bold);
        var left = row.X + 2;
        surface.Write(left, row.Y, person.Name.Length > 0 ? person.Name : "–", person.IsContact ? Style.Plain : Style.Dim, 20);
        surface.Write(left + 21, row.Y, Wording.Address(person.Uri), Style.Plain, row.Right - left - 21 - 9);
        surface.WriteRight(row.Right, row.Y, person.IsContact ? "contact" : "history", Style.Dim);
        if (isChosen) surface.Select(row);
    }

    /// <summary>What Enter does.</summary>
    private void DrawWhat(Session session, Surface surface, Rect row)
    {
        var (target, account) = Target(session);
        var pen = new Pen(surface, row.X, row.Y, row.Right);
        if (target.Length == 0) return;
        if (Dialling.Refusal(session, target, account) is { } why)
        {
            pen.Write(why, Color.Yellow);
            return;
        }

        pen.Write("Enter ", new Style(Color.Cyan, Emphasis: Emphasis.Bold));
        pen.Write(_purpose switch { DialPurpose.Transfer => "transfers to ", DialPurpose.Write => "writes to ", _ => "calls " }, Style.Dim);
        pen.Write(Wording.Address(target), Style.Bold);
        if (_purpose == DialPurpose.Transfer || account is null) return;
        pen.Write(" with ", Style.Dim);
        pen.Write(account, Style.Bold);
    }

    private string Hint(Session session) =>
        session.LastDialled.Length > 0 && _purpose == DialPurpose.Call ? $"a number, an address or a name; Enter for {Wording.Address(session.LastDialled)}" : "a number, an address or a name";

    /// <summary>Who Enter would take, and with which account.</summary>
    private (string Target, string? Account) Target(Session session)
    {
        var person = _chosen >= 0 && _chosen < _people.Count ? _people[_chosen] : People.Named(session.View, _line.Text.Trim());
        var target = person?.Uri ?? Dialling.Clean(_line.Text);
        var account = _account ?? person?.Account;
        if (account is not null && !session.View.Accounts.Any(a => a.Name == account)) account = null;
        return (target, account ?? (session.View.Account.Length > 0 ? session.View.Account : null));
    }

    private void Take(Session session)
    {
        var (target, account) = Target(session);
        if (target.Length == 0)
        {
            _line.Text = session.LastDialled;
            Search(session);
            return;
        }

        // What cannot be called stays in the line, to be mended.
        if (Dialling.Refusal(session, target, account) is { } why)
        {
            session.Tell(why);
            return;
        }

        session.Close(this);
        if (_purpose == DialPurpose.Transfer)
        {
            Dialling.Transfer(session, _call!, target);
            return;
        }

        if (_purpose == DialPurpose.Write)
        {
            session.Open(new ThreadScreen(account ?? session.View.Account, target));
            return;
        }

        Dialling.Place(session, target, account);
        if (_purpose == DialPurpose.Consult) session.Tell($"{session.KeyOf(Bindings.Attend)} joins the two when the other side has answered");
    }

    private void Complete(Session session)
    {
        if (_people.Count == 0) return;
        var person = _people[Math.Max(_chosen, 0)];
        _line.Text = Wording.Address(person.Uri);
        _account ??= person.Account;
        Search(session);
    }

    private void NextAccount(Session session)
    {
        var accounts = session.View.Accounts;
        var current = Target(session).Account;
        var at = 0;
        while (at < accounts.Count && accounts[at].Name != current) at++;
        _account = accounts[(at + 1) % accounts.Count].Name;
    }

    private void Choose(int index) => _chosen = Math.Clamp(index, -1, _people.Count - 1);

    /// <summary>Letters mean somebody we know, so the first is taken then; digits mean themselves.</summary>
    private void Search(Session session)
    {
        var typed = _line.Text.Trim();
        if (typed == _found) return;
        _found = typed;
        _people = People.Find(session.View, typed, MostShown);
        _chosen = _people.Count > 0 && typed.Any(char.IsLetter) && !typed.Contains('@') && !typed.Contains(':') ? 0 : -1;
    }
}
