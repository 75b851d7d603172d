namespace Softphone.Sip;

/// <summary>Whose calls an account takes.</summary>
public enum CallsFrom
{
    /// <summary>Those that its servers send, and those to the Contact that only its registrar knows.</summary>
    Server,

    /// <summary>Those of whoever reaches it.</summary>
    Anyone,
}
