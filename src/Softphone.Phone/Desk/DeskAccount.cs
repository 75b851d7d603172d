using Softphone.Sip;

namespace Softphone.Phone;

/// <summary>One account of a desk, with the phone that serves it.</summary>
/// <param name="Name">Its profile's name.</param>
/// <param name="Phone">A phone of its own: accounts differ in servers, transports and the way media goes.</param>
/// <param name="Account">Its account in that phone.</param>
/// <param name="Identity">Who it is.</param>
public sealed record DeskAccount(string Name, PhoneMachine Phone, AccountId Account, SipAccount Identity)
{
    /// <summary>What its file says, without passwords (<see cref="ProfileDraft.Shown"/>); null for an account without a file.</summary>
    public Profile? Profile { get; init; }

    /// <summary>What is kept of its calls that are over.</summary>
    public RecordSettings Records { get; init; } = new();
}
