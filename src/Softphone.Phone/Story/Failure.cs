namespace Softphone.Phone;

/// <summary>What failed, for a program that reads it.</summary>
public enum Failure
{
    NameNotFound,
    Certificate,
    NoConnection,
    Credentials,

    /// <summary>A server or the peer answered with a refusal, or not at all.</summary>
    ServerRefused,

    Description,
    NoPath,
    Media,
    Audio,
    Profile,
    Internal,
}
