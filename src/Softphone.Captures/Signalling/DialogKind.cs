namespace Softphone.Captures;

/// <summary>What the messages of one Call-ID are about.</summary>
public enum DialogKind
{
    Call,
    Registration,
    Options,
    Subscription,
    Message,
    Other,
}
