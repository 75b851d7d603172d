namespace Softphone.Captures;

/// <summary>How bad it is, the worst first.</summary>
public enum Severity
{
    /// <summary>There was no call, no registration or no audio of one side by it.</summary>
    Failure,

    /// <summary>It worked, and somebody noticed.</summary>
    Trouble,

    /// <summary>Nobody need have noticed.</summary>
    Oddity,
}
