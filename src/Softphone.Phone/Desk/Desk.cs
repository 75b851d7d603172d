using Softphone.Core;
using Softphone.Media;

namespace Softphone.Phone;

/// <summary>
/// The phone as a person has it: several accounts, their calls, who hears whom, ringing, contacts and history, over a
/// <see cref="PhoneMachine"/> for each account. Takes <see cref="PhoneCommand"/>s, gives <see cref="PhoneView"/>s. One machine of the
/// one thread that drives it, on real sockets and in the virtual internet alike.
/// </summary>
public sealed partial class Desk : IMachine, IDisposable
{
    private readonly IDeskShell _shell;
    private readonly DeskLines _lines = new();

    /// <summary>The lines, and those of removed accounts until nothing is left of them.</summary>
    private readonly List<DeskLine> _driven = [];

    public Desk(IDeskShell shell, DeskOptions? options = null)
    {
        options ??= new DeskOptions();
        _shell = shell;
        _inUse = options.Account;
        _contacts = options.Contacts;
        _book = new ContactIndex(_contacts);
        _history = Newest(options.History);
        foreach (var entry in _history) _lastEntry = Math.Max(_lastEntry, entry.Number);
        _tones = ToneTable.For(options.Country);
        _mixer = new Mixer(shell.Microphone, shell.Speaker, shell.Ringer) { Tones = _tones, VolumeDb = options.VolumeDb };
        Notice = options.Notice;
    }

    /// <summary>Every event of every phone, after the desk has seen it.</summary>
    public Action<DeskAccount, PhoneEvent>? Happened { get; set; }

    /// <summary>Something threw, an error of this program: where, and what. The rest of the desk goes on; to be written down.</summary>
    public Action<Instant, string, Exception>? Broke { get; set; }

    /// <summary>The call whose trace goes into the views; null for none.</summary>
    public CallId? Watch { get; set; }

    /// <summary>What a person must know all the time (<see cref="PhoneView.Notice"/>); empty when nothing.</summary>
    public string Notice { get; set; }

    /// <summary>Numbers the calls of all phones: <see cref="PhoneOptions.Numbering"/> of each must be this one.</summary>
    public CallNumbering Numbering { get; } = new();

    /// <summary>The accounts, in the order they were added.</summary>
    public IEnumerable<DeskAccount> Accounts => _lines.Select(l => l.Account);

    /// <summary>Every phone is shut down: nothing is left in the network.</summary>
    public bool IsDown => _driven.TrueForAll(l => l.IsDown);

    public Instant? NextTimeout
    {
        get
        {
            var next = Instant.Earlier(_timers.Next, _mixing.Delay(_mixer.NextTimeout));
            foreach (var line in _driven) next = Instant.Earlier(next, line.NextTimeout);
            return next;
        }
    }

    /// <summary>Adds an account; its phone is driven by the desk from the next <see cref="Start"/> on.</summary>
    /// <exception cref="ArgumentException">The name is taken, or the phone numbers its calls by itself.</exception>
    public void Add(DeskAccount account)
    {
        if (Find(account.Name) is not null) throw new ArgumentException($"there is an account {account.Name} already", nameof(account));
        if (account.Phone.Options.Numbering != Numbering) throw new ArgumentException("its calls are not numbered by this desk", nameof(account));
        var line = new DeskLine(account);
        account.Phone.IsBusyBesides = () => _calls.Exists(c => !c.IsOver);
        Overhear(account.Phone);
        _lines.Add(line);
        _driven.Add(line);
    }

    /// <summary>
    /// Takes an account away: its phone hangs up, unregisters and gives allocations back, and is driven until then; the views have it no
    /// more, and another may take its name at once.
    /// </summary>
    public void Remove(Instant now, string account)
    {
        if (Find(account) is not { } line) return;
        _lines.Remove(line);
        End(now, line);
        Settle(now);
    }

    /// <summary>Starts every phone that was added since.</summary>
    public void Start(Instant now)
    {
        foreach (var line in _lines)
        {
            if (line.IsStarted) continue;
            line.IsStarted = true;
            Guard(now, line.Account.Name, "the start", () => line.Phone.Start(now));
        }

        Settle(now);
    }

    /// <summary>Hangs up, unregisters and gives allocations back, within about two seconds; then <see cref="IsDown"/>.</summary>
    public void Shutdown(Instant now)
    {
        foreach (var line in _driven) End(now, line);
        Settle(now);
    }

    /// <summary>The TURN servers of one account with new credentials (<see cref="PhoneMachine.SetTurnAccounts"/>).</summary>
    public void SetTurnAccounts(Instant now, string account, IReadOnlyList<TurnAccount> accounts)
    {
        if (Find(account) is { } line) Guard(now, account, "new TURN accounts", () => line.Phone.SetTurnAccounts(now, accounts));
        Settle(now);
    }

    /// <summary>Interfaces or their addresses came or went, or the machine woke from sleep.</summary>
    public void NetworkChanged(Instant now)
    {
        foreach (var line in _driven) Guard(now, line.Account.Name, "a change of the network", () => line.Phone.NetworkChanged(now));
        Settle(now);
    }

    public void Receive(in Datagram datagram)
    {
        foreach (var line in _driven)
        {
            if (!line.Phone.Owns(datagram.Path)) continue;
            try
            {
                line.Phone.Receive(datagram);
            }
            catch (Exception e)
            {
                Report(datagram.At, line.Account.Name, "a packet", e);
            }

            break;
        }

        Settle(datagram.At);
    }

    public void Fail(in PathFailure failure)
    {
        foreach (var line in _driven)
        {
            if (!line.Phone.Owns(failure.Path)) continue;
            try
            {
                line.Phone.Fail(failure);
            }
            catch (Exception e)
            {
                Report(failure.At, line.Account.Name, "a failure of its path", e);
            }

            break;
        }

        Settle(failure.At);
    }

    public void Advance(Instant now)
    {
        foreach (var line in _driven)
            if (line.NextTimeout <= now) Advance(now, line);
        while (_timers.TryExpire(now, out var timer)) Remind(now, timer);
        Mix(now);
        Settle(now);
    }

    public void Sent(Instant now)
    {
        foreach (var line in _driven) line.Phone.Sent(now);
    }

    public bool TryTransmit(Span<byte> buffer, out Transmit transmit)
    {
        foreach (var line in _driven)
        {
            try
            {
                if (line.Phone.TryTransmit(buffer, out transmit)) return true;
            }
            catch (Exception e)
            {
                Report(_settledAt, line.Account.Name, "what it sends", e);
            }
        }

        transmit = default;
        return false;
    }

    /// <summary>Closes recordings that run, and keeps what is to be kept of calls that are over. The phones stay their owner's.</summary>
    public void Dispose()
    {
        foreach (var call in _calls.Concat(_refused)) Guard(_settledAt, "", "the end of a record", () => Retire(call));
        foreach (var call in _calls) Guard(_settledAt, "", "the end of a recording", () => (call.Recording?.Sink as IDisposable)?.Dispose());
    }

    private DeskLine? Find(string account)
    {
        foreach (var line in _lines)
            if (string.Equals(line.Account.Name, account, StringComparison.OrdinalIgnoreCase)) return line;
        return null;
    }

    /// <summary>Takes what the phones have to tell until all are silent.</summary>
    private void Settle(Instant now)
    {
        _settledAt = now;
        bool moved;
        do
        {
            moved = false;
            for (var i = 0; i < _driven.Count; i++)
            {
                while (_driven[i].Phone.TryEvent(out var happened))
                {
                    moved = true;
                    Take(now, _driven[i], happened);
                }
            }

            if (!_isDirty) continue;
            _isDirty = false;
            Route(now);
            // A tone that begins now has its first frame due at once.
            Mix(now);
        }
        while (moved);
        if (_driven.Count > _lines.Count) Forget();
    }

    private void Forget()
    {
        for (var i = _driven.Count - 1; i >= 0; i--)
        {
            if (!_driven[i].IsDown || _lines.Contains(_driven[i])) continue;
            _driven.RemoveAt(i);
        }
    }
}
