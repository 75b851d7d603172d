namespace Softphone.Lab;

/// <summary>Who ends a simulated call.</summary>
public enum HangingUp
{
    Caller,
    Callee,

    /// <summary>Both at the same moment.</summary>
    Both,
}
