using Softphone.Core;

namespace Softphone.Phone;

/// <summary>
/// The phone as a person has it: several accounts, their calls, who hears whom, ringing, contacts and history, over a
/// <see cref="PhoneMachine"/> for each account. Takes <see cref="PhoneCommand"/>s, gives <see cref="PhoneView"/>s. One machine of the
/// one thread that drives it, on real sockets and in the virtual internet alike.
/// </summary>
public sealed partial class Desk : IMachine
{
    private readonly IDeskShell _shell;
    private readonly List<DeskAccount> _accounts = [];

    public Desk(IDeskShell shell) => _shell = shell;

    /// <summary>Every event of every phone, after the desk has seen it.</summary>
    public Action<DeskAccount, PhoneEvent>? Happened { get; set; }

    /// <summary>The call whose trace goes into the views; null for none.</summary>
    public CallId? Watch { get; set; }

    /// <summary>Adds an account; its phone is driven by the desk from now on.</summary>
    public void Add(DeskAccount account) => _accounts.Add(account);

    public Instant? NextTimeout
    {
        get
        {
            Instant? next = null;
            foreach (var account in _accounts) next = Instant.Earlier(next, account.Phone.NextTimeout);
            return next;
        }
    }

    /// <summary>Does what a person asked; what cannot be done is told as an event line.</summary>
    public void Do(Instant now, PhoneCommand command) => _shell.Do(command);

    /// <summary>What a screen shows now.</summary>
    public PhoneView View(Instant now) => new() { Now = now, Clock = _shell.WallClock(now) };

    public void Receive(in Datagram datagram)
    {
    }

    public void Fail(in PathFailure failure)
    {
    }

    public void Advance(Instant now)
    {
    }

    public bool TryTransmit(Span<byte> buffer, out Transmit transmit)
    {
        foreach (var account in _accounts)
            if (account.Phone.TryTransmit(buffer, out transmit)) return true;
        transmit = default;
        return false;
    }
}
