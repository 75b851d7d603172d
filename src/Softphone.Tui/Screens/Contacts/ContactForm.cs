using Softphone.Phone;
using Softphone.Sip;
using Softphone.Terminal;

namespace Softphone.Tui;

/// <summary>A contact being written, over the screen it was asked from.</summary>
internal sealed class ContactForm : Screen
{
    private readonly Contact? _old;
    private readonly Contact? _start;
    private readonly TextField _name;
    private readonly TextField _uri;
    private Form? _form;
    private ChoiceField? _account;

    /// <param name="old">The contact to change; null for a new one.</param>
    /// <param name="start">What a new one starts with.</param>
    public ContactForm(Contact? old, Contact? start = null)
    {
        (_old, _start) = (old, old ?? start);
        Keys =
        [
            new(["Enter"], "", "next", "go to the next field; save from the last one", Forward) { Rank = 1 },
            new(["F2"], "", "save", "keep the contact", Save) { Rank = 2 },
            new(["Esc"], "", "cancel", "change nothing", s => s.Close(this)) { Rank = 3 },
        ];
        _name = new TextField("Name") { Text = _start?.Name ?? "", Check = () => _name!.Text.Length == 0 ? "a name is missing" : null, Help = "As it is shown in lists, and when they call." };
        _uri = new TextField("Address")
        {
            Text = _start is null ? "" : Editable(_start.Uri),
            Check = () => AddressMistake(_uri!.Text),
            Example = () => "bob@example.net or 202",
            Help = "A SIP address, or a number or user of your own server.",
        };
    }

    public override IReadOnlyList<KeyBinding> Keys { get; }

    public override string Title => _old is null ? "new contact" : "contact";

    public override bool IsOverlay => true;

    public override bool TakesText => true;

    public override void Refresh(Session session)
    {
        // The accounts are known only now; what was typed is kept when there are more of them later.
        if (_form is not null) return;
        (string, string)[] choices = [("any", ""), .. session.View.Accounts.Select(a => (a.Name, ""))];
        _account = new ChoiceField("Account", choices) { Chosen = Math.Max(Array.FindIndex(choices, c => c.Item1 == _start?.Account), 0), Help = "The account to call with; any takes the one in use." };
        _form = new Form(_name, _uri, _account);
    }

    public override bool Handle(Session session, InputEvent input)
    {
        switch (input)
        {
            case InputEvent.Key { Code: KeyCode.Escape }:
                session.Close(this);
                return true;
            case InputEvent.Key { Code: KeyCode.Enter }:
                Forward(session);
                return true;
            default:
                return _form!.Handle(input) || input is InputEvent.Paste;
        }
    }

    public override void Draw(Session session, Surface surface, Rect area)
    {
        var inner = Dialog.Draw(surface, area, 66, 11, _old is null ? "New contact" : $"Contact {_old.Name}");
        _form?.Draw(surface, inner.Inset(0, 1));
    }

    /// <summary>The scheme that goes without saying is left out; whatever else it has must come back when it is kept.</summary>
    private static string Editable(string uri) => uri.StartsWith("sip:", StringComparison.OrdinalIgnoreCase) ? uri[4..] : uri;

    /// <summary>What is wrong with an address to call; null when nothing is. A bare user or number is one of our own server.</summary>
    internal static string? AddressMistake(string text)
    {
        if (text.Length == 0) return "an address is missing";
        var uri = text.Contains(':') && text.StartsWith("sip", StringComparison.OrdinalIgnoreCase) || text.StartsWith("tel:", StringComparison.OrdinalIgnoreCase) ? text : $"sip:{text}{(text.Contains('@') ? "" : "@a.invalid")}";
        return SipUri.TryParse(uri.Replace(" ", "", StringComparison.Ordinal), out _, out _) ? null : $"\"{text}\" is no address such as bob@example.net or 202";
    }

    private void Forward(Session session)
    {
        if (!_form!.Next()) Save(session);
    }

    private void Save(Session session)
    {
        if (!_form!.Validate()) return;
        var uri = _uri.Text;
        if (uri.Contains('@') && !uri.Contains(':')) uri = $"sip:{uri}";
        var contact = new Contact(_name.Text, uri, _account!.Chosen == 0 ? null : _account.Word);
        session.Ask(new PhoneCommand.SaveContact(contact, _old));
        session.Tell($"{contact.Name} is kept");
        session.Close(this);
    }
}
