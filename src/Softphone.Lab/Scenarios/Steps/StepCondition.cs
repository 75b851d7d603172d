namespace Softphone.Lab;

/// <summary>What a step waits for.</summary>
public enum StepCondition
{
    Registered,
    Ringing,
    Connected,
    Held,
    Over,
}
