namespace Softphone.Phone;

/// <summary>What became of a text.</summary>
public enum TextState
{
    /// <summary>It came.</summary>
    Received,

    /// <summary>Ours, and nobody has answered yet.</summary>
    Sending,

    /// <summary>Ours, and the other side has it.</summary>
    Delivered,

    /// <summary>Ours, and a server keeps it for the other side (202).</summary>
    Stored,

    /// <summary>Ours, and it is not there.</summary>
    Failed,
}

/// <summary>One text of a thread. Immutable.</summary>
/// <param name="At">When it came or was written, by the wall clock.</param>
/// <param name="State">What became of it.</param>
/// <param name="Text">Lines, made fit to be shown.</param>
public sealed record TextView(DateTimeOffset At, TextState State, string Text)
{
    public bool IsOurs => State != TextState.Received;

    /// <summary>Why it is not there; empty when it is, or may be.</summary>
    public string Problem { get; init; } = "";
}

/// <summary>What was written between one of our accounts and somebody. Immutable.</summary>
/// <param name="Account">Which account.</param>
/// <param name="Peer">The other side's address.</param>
/// <param name="Name">Its name, of the contacts or as it tells itself; empty when unknown.</param>
/// <param name="Texts">Oldest first.</param>
/// <param name="Unread">How many of the last that came nobody has seen.</param>
public sealed record ThreadView(string Account, string Peer, string Name, IReadOnlyList<TextView> Texts, int Unread);
