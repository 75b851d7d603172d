using System.Diagnostics.CodeAnalysis;
using Softphone.Media;
using Softphone.Core;
using Softphone.Phone;
using Softphone.Sockets;

namespace Softphone.Cli;

/// <summary>Accounts: from a profile to a phone that registers.</summary>
internal sealed partial class LiveDesk
{
    private readonly List<WaitingAccount> _waiting = [];
    private readonly Dictionary<string, CredentialKeeper> _credentials = [];

    /// <summary>What all accounts keep of what others sent.</summary>
    private readonly OctetLedger _kept = new();

    /// <summary>Makes the phone of a profile, as soon as its passwords are there.</summary>
    private void Wait(Profile profile)
    {
        _waiting.RemoveAll(w => w.Name == profile.Name);
        Locks?.TryTake(profile, out _);
        _waiting.Add(new WaitingAccount(profile.Name, profile.Account.Uri) { Profile = profile });
        Guarded.Begin(
            () =>
            {
                Fault? fault;
                PhoneSetup? setup = null;
                TlsTrust? trust = null;
                if (TryFetch(profile, out var secrets, out fault) && PhoneSetup.TryFrom(profile, secrets, out setup, out fault))
                    TrustReader.TryRead(profile, _context.Environment, out trust, out fault);
                Post(now => Settle(now, profile, fault, secrets, setup, trust));
            },
            e => Post(now => Settle(now, profile, new Fault(Layer.Internal, $"there is no phone: {e.Message}", "please report it"), null, null, null)));
    }

    private void Settle(Instant now, Profile profile, Fault? fault, ProfileSecrets? secrets, PhoneSetup? setup, TlsTrust? trust)
    {
        // Another profile may have taken its name while a command was asked.
        if (!_waiting.Exists(w => ReferenceEquals(w.Profile, profile))) return;
        if (fault is not null) Refuse(now, profile, fault);
        else Begin(now, profile, secrets!, setup!, trust!);
    }

    private bool TryFetch(Profile profile, [NotNullWhen(true)] out ProfileSecrets? secrets, [NotNullWhen(false)] out Fault? fault)
    {
        secrets = null;
        var fetcher = new SecretFetcher(_context.Environment) { IsAlone = true };
        if (!fetcher.TryFetch(profile.Account.Password, out var password, out fault)) return false;
        var turn = new List<string>();
        foreach (var entry in profile.Nat.Turn)
        {
            if (!fetcher.TryFetch(entry.Source, out var secret, out fault)) return false;
            turn.Add(secret);
        }

        secrets = new ProfileSecrets(password, turn) { FetchedAt = DateTimeOffset.UtcNow };
        return true;
    }

    private void Refuse(Instant now, Profile profile, Fault fault)
    {
        var at = _waiting.FindIndex(w => w.Name == profile.Name);
        if (at >= 0) _waiting[at] = _waiting[at] with { Problem = fault };
        _desk.Tell(now, $"{profile.Name}: {fault.What}", isProblem: true);
    }

    private void Begin(Instant now, Profile profile, ProfileSecrets secrets, PhoneSetup setup, TlsTrust trust)
    {
        _waiting.RemoveAll(w => w.Name == profile.Name);
        if (_isShuttingDown) return;
        foreach (var note in setup.Notes) _desk.Tell(now, $"{profile.Name}: {note.What}");
        var options = RunIdentity.Give(setup.Options) with { Name = profile.Name, Numbering = _desk.Numbering };
        var phone = new PhoneMachine(options, new CapturedNetwork(_host.Network(options.TlsDomain, trust), _capture), new SystemEntropy(), CodecFactory.Instance, new Trace(ledger: _kept));
        _phones.Add(phone);
        var account = phone.AddAccount(setup.Account);
        _desk.Add(new DeskAccount(profile.Name, phone, account, setup.Account) { Records = profile.Records, Profile = ProfileDraft.Shown(profile) });
        _desk.Start(now);
        _credentials[profile.Name] = new CredentialKeeper(
            profile,
            secrets,
            accounts => Post(at => _desk.SetTurnAccounts(at, profile.Name, accounts)),
            e => Tell($"{profile.Name}: no new TURN credentials could be made: {e.Message}", isProblem: true));
        if (setup.Account.Registrar is not null) _desk.Do(now, new PhoneCommand.Register(profile.Name));
    }

    /// <summary>Takes an account away, with or without a phone.</summary>
    private void Remove(Instant now, string name)
    {
        _waiting.RemoveAll(w => w.Name == name);
        if (_credentials.Remove(name, out var keeper)) keeper.Dispose();
        _desk.Remove(now, name);
    }

    /// <summary>True when the account had no phone and is tried again.</summary>
    private bool Retry(string name)
    {
        if (_waiting.Find(w => w.Name == name) is not { Profile: { } profile } waiting) return false;
        if (waiting.Problem is not null) Wait(profile);
        return true;
    }

    /// <summary>The view with the accounts that the desk does not know yet.</summary>
    private PhoneView Complete(PhoneView view)
    {
        if (_waiting.Count == 0) return view;
        var asks = _waiting.Find(w => w.AsksCommand);
        return view with
        {
            Accounts = [.. view.Accounts, .. _waiting.Select(w => w.View)],
            Notice = asks is null ? view.Notice : $"asking for the password of {asks.Name}…",
        };
    }
}
