namespace Softphone.Nat;

/// <summary>What to try after an allocation failed (RFC 8656 §7.4).</summary>
public enum TurnAdvice
{
    /// <summary>Trying again changes nothing.</summary>
    None,

    /// <summary>437: the server remembers this port; open another one, three tries at most.</summary>
    NewPort,

    /// <summary>486, 508, 500: leave this server alone for <see cref="TurnClient.RetryAfter"/>.</summary>
    RetryLater,

    /// <summary>508 or 420 to a wish about the port: ask again without the wish.</summary>
    AnyPort,

    /// <summary>No answer: try another server or transport.</summary>
    OtherServer,
}
