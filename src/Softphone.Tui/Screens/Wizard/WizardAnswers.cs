using Softphone.Phone;
using Softphone.Sip;

namespace Softphone.Tui;

/// <summary>Everything the wizard asks, as fields of its pages, and the profile they make. Nothing typed is forgotten while it is open.</summary>
internal sealed class WizardAnswers
{
    private readonly Func<string, bool> _isTaken;
    private readonly Profile? _before;
    private string _hostBefore = "";
    private string _userBefore = "";

    /// <param name="isTaken">Names that profiles have already.</param>
    /// <param name="before">The profile that is changed, without passwords; null for a new one.</param>
    public WizardAnswers(Func<string, bool> isTaken, Profile? before = null)
    {
        _isTaken = isTaken;
        _before = before;
        Preset = new ChoiceField("Server", [.. PresetText.Offered.Select(p => (p.ToString().ToLowerInvariant(), PresetText.Of(p)))]) { IsTall = true };
        Host = new TextField("Server")
        {
            Example = () => "pbx.example.net",
            Check = () => HostMistake(Host!.Text),
            Help = "Name or address of the SIP server, with :PORT when it is not the usual one.",
        };
        Transport = new ChoiceField("Transport", ("auto", ""), ("udp", ""), ("tcp", ""), ("tls", ""))
        {
            Help = "How to reach it. auto uses UDP, and TCP for what is too large for it. tls encrypts, if the server has it.",
        };
        Fingerprint = new TextField("Fingerprint")
        {
            Example = () => "none: an issuer must vouch for it",
            IsShown = HasTls,
            Check = () => FingerprintMistake(Fingerprint!.Text),
            Help = "For a certificate that no known issuer vouches for: its SHA-256, which the server's owner tells you. Only that certificate is accepted then.",
        };
        Ca = new TextField("Issuer file")
        {
            Example = () => "none: issuers that this machine knows",
            IsShown = HasTls,
            Check = () => Ca!.Text is "" or TlsProfile.System or ['/' or '~', ..] or [_, ':', ..] ? null : "its whole path, such as /etc/ssl/office-ca.pem",
            Help = "A file with the certificate (PEM) of the server's own issuer, with its whole path. It takes the place of the issuers that this machine knows.",
        };
        User = new TextField("User") { Example = () => "201", Check = () => UserMistake(User!.Text), Help = "Your extension or user name; user@domain when the domain is not the server's name." };
        DisplayName = new TextField("Your name") { Example = () => "optional", Help = "What people you call see." };
        Login = new TextField("Login name") { Example = () => "as the user", Help = "The name to authenticate with, where the server wants another one than the user." };
        PasswordKind = new ChoiceField("Password", ("type it", ""), ("command", ""), ("variable", ""), ("none", ""))
        {
            Help = "Where the password comes from: typed here and kept in a file that only you can read, printed by a command, or in an environment variable.",
        };
        Password = new TextField("  typed")
        {
            IsSecret = true,
            IsShown = () => PasswordKind.Chosen == 0,
            Example = () => _before?.Account.Password == ProfileDraft.Unshown ? "as it is" : "",
            Check = () => Password!.Text.Length == 0 && _before?.Account.Password != ProfileDraft.Unshown ? "the password is missing; choose none if the server wants none" : null,
            Help = "Kept in the profile's file, which only you can read (mode 0600).",
        };
        Command = new TextField("  command")
        {
            Example = () => "pass show sip/201",
            IsShown = () => PasswordKind.Chosen == 1,
            Check = () => Command!.Text.Length == 0 ? "a command is missing" : null,
            Help = "Any shell command; the first line it prints is the password.",
        };
        Variable = new TextField("  variable")
        {
            Example = () => "SIP_PASSWORD",
            IsShown = () => PasswordKind.Chosen == 2,
            Check = () => VariableMistake(Variable!.Text),
            Help = "The name of an environment variable. It must be set whenever the phone starts.",
        };
        Stun = new TextField("STUN server")
        {
            Example = () => "none",
            Check = () => ServersMistake(Stun!.Text, isTurn: false),
            Help = "Tells the phone its address outside your NAT, so that calls can go directly. Leave it empty when the server is in your own network, or relays all sound itself.",
        };
        Turn = new TextField("TURN server")
        {
            IsShown = () => !KeepsTurn,
            Example = () => "none",
            Check = () => ServersMistake(Turn!.Text, isTurn: true),
            Help = "Relays sound where no direct path exists. host, or several ways with commas: turn:t.example.net, turns:t.example.net:443. Leave it empty if you have none.",
        };
        TurnUser = new TextField("  user") { IsShown = HasTurn, Check = () => TurnUser!.Text.Length == 0 ? "TURN servers want a user" : null, Help = "Who you are to the TURN server." };
        TurnPasswordKind = new ChoiceField("  password", ("type it", ""), ("command", ""), ("variable", "")) { IsShown = HasTurn, Help = "Where the password of the TURN server comes from." };
        TurnPassword = new TextField("    typed")
        {
            IsSecret = true,
            IsShown = () => HasTurn() && TurnPasswordKind.Chosen == 0,
            Example = () => TurnPasswordBefore == ProfileDraft.Unshown ? "as it is" : "",
            Check = () => TurnPassword!.Text.Length == 0 && TurnPasswordBefore != ProfileDraft.Unshown ? "the password is missing" : null,
            Help = "Kept in the profile's file, which only you can read (mode 0600).",
        };
        TurnSource = new TextField("    source")
        {
            IsShown = () => HasTurn() && TurnPasswordKind.Chosen > 0,
            Check = () => TurnSource!.Text.Length == 0 ? "what gives the password is missing" : TurnPasswordKind.Chosen == 2 ? VariableMistake(TurnSource.Text) : null,
            Help = "The command that prints the password, or the variable that holds it.",
        };
        Name = new TextField("Profile") { Example = ProposedName, Check = NameMistake, IsShown = () => _before is null, Help = "What this account is called here; also the name of its file." };
        if (before is not null) Fill(before);
    }

    /// <summary>The profile is changed, not made.</summary>
    public bool IsEdit => _before is not null;

    /// <summary>Relays that these fields cannot say stay as the file has them.</summary>
    private bool KeepsTurn => _before is { Nat.Turn: { Count: > 0 } turn } && (turn.Count > 1 || turn[0].Secret is not null);

    private PasswordSource? TurnPasswordBefore => _before is { Nat.Turn: [var only] } ? only.Password : null;

    public ChoiceField Preset { get; }

    public TextField Host { get; }

    public ChoiceField Transport { get; }

    public TextField Fingerprint { get; }

    public TextField Ca { get; }

    public TextField User { get; }

    public TextField DisplayName { get; }

    public TextField Login { get; }

    public ChoiceField PasswordKind { get; }

    public TextField Password { get; }

    public TextField Command { get; }

    public TextField Variable { get; }

    public TextField Stun { get; }

    public TextField Turn { get; }

    public TextField TurnUser { get; }

    public ChoiceField TurnPasswordKind { get; }

    public TextField TurnPassword { get; }

    public TextField TurnSource { get; }

    public TextField Name { get; }

    public AccountPreset PresetChosen => PresetText.Offered[Preset.Chosen];

    /// <summary>The name typed, or the one proposed.</summary>
    public string ProfileName => _before is not null ? _before.Name : Name.Text.Length > 0 ? Name.Text : ProposedName();

    /// <summary>The profile that the answers make; each field must be right.</summary>
    public ProfileDraft Draft()
    {
        var user = User.Text;
        var at = user.LastIndexOf('@');
        var domain = at >= 0 ? user[(at + 1)..] : DomainOf(Host.Text);
        var account = new AccountProfile
        {
            Uri = SipUri.Create(at >= 0 ? user[..at] : user, domain).ToString(),
            DisplayName = DisplayName.Text.Length > 0 ? DisplayName.Text : null,
            AuthUser = Login.Text.Length > 0 ? Login.Text : null,
            Registrar = $"sip:{Host.Text}{(Transport.Chosen == 0 ? "" : $";transport={Transport.Word}")}",
            Preset = PresetChosen,
            Password = PasswordKind.Chosen switch
            {
                1 => new PasswordSource.Command(Command.Text),
                2 => new PasswordSource.Environment(Variable.Text),
                _ => null,
            },
        };
        var nat = new NatProfile { Stun = Servers(Stun.Text, isTurn: false) };
        if (HasTurn()) nat = nat with { Turn = [new TurnProfile { Urls = Servers(Turn.Text, isTurn: true), User = TurnUser.Text, Password = TurnPasswordOf() }] };
        var tls = !HasTls() ? new TlsProfile() : new TlsProfile { Ca = Ca.Text.Length > 0 ? [Ca.Text] : [], Fingerprints = Fingerprints(Fingerprint.Text) };
        var password = PasswordKind.Chosen == 0 && Password.Text.Length > 0 ? Password.Text : null;
        var made = new Profile { Name = ProfileName, Account = account, Nat = nat, Tls = tls };
        return new ProfileDraft(_before is { } before ? Changed(before, made) : made, password) { Before = _before };
    }

    /// <summary>What was asked, over what the file has besides; what was not changed is left as it was written.</summary>
    private Profile Changed(Profile before, Profile made) => before with
    {
        Account = before.Account with
        {
            Uri = User.Text == _userBefore && Host.Text == _hostBefore ? before.Account.Uri : made.Account.Uri,
            DisplayName = made.Account.DisplayName,
            AuthUser = made.Account.AuthUser,
            Password = PasswordKind.Chosen == 0 ? ProfileDraft.Unshown : made.Account.Password,
            Registrar = Host.Text == _hostBefore && Transport.Chosen == TransportOf(before) ? before.Account.Registrar : made.Account.Registrar,
            Preset = made.Account.Preset,
        },
        Nat = before.Nat with { Stun = made.Nat.Stun, Turn = KeepsTurn ? before.Nat.Turn : made.Nat.Turn },
        Tls = HasTls() ? before.Tls with { Ca = Ca.Text == CaOf(before) ? before.Tls.Ca : made.Tls.Ca, Fingerprints = made.Tls.Fingerprints } : before.Tls,
    };

    private void Fill(Profile before)
    {
        var account = before.Account;
        var aor = SipUri.TryParse(account.Uri, out var own, out _) ? own : null;
        var registrar = SipUri.TryParse(account.Registrar ?? "", out var named, out _) ? named : null;
        Preset.Chosen = Math.Max(PresetText.Offered.ToList().IndexOf(account.Preset), 0);
        var server = registrar ?? aor;
        Host.Text = _hostBefore = server is null ? "" : server.Port is { } port ? $"{server.Host}:{port}" : server.Host;
        Transport.Chosen = TransportOf(before);
        User.Text = _userBefore = aor is null ? "" : aor.Host.Equals(server?.Host, StringComparison.OrdinalIgnoreCase) ? aor.DisplayUser : $"{aor.DisplayUser}@{aor.Host}";
        DisplayName.Text = account.DisplayName ?? "";
        Login.Text = account.AuthUser ?? "";
        (PasswordKind.Chosen, Command.Text, Variable.Text) = account.Password switch
        {
            PasswordSource.Command command => (1, command.Line, ""),
            PasswordSource.Environment variable => (2, "", variable.Variable),
            null => (3, "", ""),
            _ => (0, "", ""),
        };
        Stun.Text = string.Join(", ", before.Nat.Stun);
        Ca.Text = CaOf(before);
        Fingerprint.Text = string.Join(", ", before.Tls.Fingerprints);
        if (KeepsTurn || before.Nat.Turn is not [var relay]) return;
        Turn.Text = string.Join(", ", relay.Urls);
        TurnUser.Text = relay.User;
        (TurnPasswordKind.Chosen, TurnSource.Text) = relay.Password switch
        {
            PasswordSource.Command command => (1, command.Line),
            PasswordSource.Environment variable => (2, variable.Variable),
            _ => (0, ""),
        };
    }

    private static string CaOf(Profile profile) => profile.Tls.Ca.Count == 1 ? profile.Tls.Ca[0] : "";

    private static int TransportOf(Profile profile) =>
        SipUri.TryParse(profile.Account.Registrar ?? "", out var registrar, out _) ? registrar.IsSips ? 3 : registrar.TransportName switch { "udp" => 1, "tcp" => 2, "tls" => 3, _ => 0 } : 0;

    /// <summary>The field that mends a fault of this layer, most likely.</summary>
    public FormField FieldOf(Layer layer) => layer switch
    {
        Layer.Authentication => PasswordKind.Chosen switch { 0 => Password, 1 => Command, 2 => Variable, _ => PasswordKind },
        Layer.Profile => PasswordKind.Chosen switch { 1 => Command, 2 => Variable, _ => Host },
        Layer.Tls => HasTls() ? Fingerprint : Transport,
        Layer.Sip => User,
        Layer.Stun => Stun,
        Layer.Turn => Turn,
        _ => Host,
    };

    private PasswordSource TurnPasswordOf() => TurnPasswordKind.Chosen switch
    {
        0 when TurnPassword.Text.Length == 0 && TurnPasswordBefore == ProfileDraft.Unshown => ProfileDraft.Unshown,
        0 => new PasswordSource.Literal(TurnPassword.Text),
        1 => new PasswordSource.Command(TurnSource.Text),
        _ => new PasswordSource.Environment(TurnSource.Text),
    };

    private bool HasTls() => Transport.Word == "tls";

    private bool HasTurn() => Turn.Text.Length > 0;

    /// <summary>After the server, or the user where that has been taken.</summary>
    private string ProposedName()
    {
        var host = DomainOf(Host.Text);
        var labels = host.Split('.');
        var first = IpAddress.TryParse(host, out _) || host.Length == 0 ? User.Text.Split('@')[0]
            : labels.Length > 2 && labels[0].ToLowerInvariant() is "sip" or "sips" or "voip" ? labels[1] : labels[0];
        var name = new string([.. first.Where(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_')]);
        if (name.Length is 0 or > 60) name = "phone";
        var proposed = name;
        for (var i = 2; _isTaken(proposed); i++) proposed = $"{name}-{i}";
        return proposed;
    }

    private string? NameMistake()
    {
        var name = ProfileName;
        if (name.Length > 64 || name[0] == '.' || !name.All(c => char.IsLetterOrDigit(c) || c is '-' or '_' or '.')) return "letters, digits, - _ and . only";
        return _isTaken(name) ? $"there is a profile {name} already" : null;
    }

    private static string? HostMistake(string text)
    {
        if (text.Length == 0) return "the server is missing";
        return !text.Contains('@') && !text.Contains(';') && SipUri.TryParse($"sip:{text}", out var uri, out _) && uri.Host.Length > 0 && uri.User is null
            ? null : $"\"{text}\" is no name or address such as pbx.example.net or 192.0.2.1:5060";
    }

    private static string? UserMistake(string text)
    {
        if (text.Length == 0) return "the user is missing";
        var uri = text.StartsWith("sip:", StringComparison.OrdinalIgnoreCase) ? "" : text.Contains('@') ? $"sip:{text}" : $"sip:{text}@a.invalid";
        return SipUri.TryParse(uri, out var read, out _) && read.User is { Length: > 0 } && read.Port is null && !text.Contains(';')
            ? null : $"\"{text}\" is no user such as 201, or alice@example.net";
    }

    private static string? FingerprintMistake(string text) =>
        Items(text).All(i => ProfileSetting.TryFingerprint(i, out _)) ? null : $"a fingerprint is {ProfileSetting.FingerprintForm}";

    private static string[] Fingerprints(string text) => [.. Items(text).Select(i => ProfileSetting.TryFingerprint(i, out var one) ? one : "").Distinct()];

    private static string? VariableMistake(string text) =>
        text.Length == 0 ? "the name of a variable is missing"
        : text.All(c => char.IsAsciiLetterOrDigit(c) || c == '_') && !char.IsAsciiDigit(text[0]) ? null : "a variable's name has letters, digits and _ only";

    private static string? ServersMistake(string text, bool isTurn)
    {
        foreach (var item in Items(text))
            if (!TryServer(item, isTurn, out _)) return $"\"{item}\" is not {(isTurn ? ServerUri.TurnForms : ServerUri.StunForms)}";
        return null;
    }

    private static ServerUri[] Servers(string text, bool isTurn) => [.. Items(text).Select(i => TryServer(i, isTurn, out var uri) ? uri : default).Distinct()];

    private static string[] Items(string text) => text.Split([',', ' '], StringSplitOptions.RemoveEmptyEntries);

    // A bare host is what people write.
    private static bool TryServer(string text, bool isTurn, out ServerUri uri)
    {
        var isBare = !text.StartsWith("stun", StringComparison.OrdinalIgnoreCase) && !text.StartsWith("turn", StringComparison.OrdinalIgnoreCase) || !text.Contains(':');
        return ServerUri.TryParse(isBare ? $"{(isTurn ? "turn" : "stun")}:{text}" : text, out uri) && uri.IsTurn == isTurn;
    }

    private static string DomainOf(string host) => SipUri.TryParse($"sip:{host}", out var uri, out _) ? uri.Host : host;
}
