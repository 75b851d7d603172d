namespace Softphone.Captures;

/// <summary>Why a TLS connection is not read.</summary>
public enum TlsFlaw
{
    /// <summary>Nobody gave the keys of it.</summary>
    NoKeys,

    /// <summary>The capture begins within it, or has no beginning that can be read: keys are found by what is said there.</summary>
    NoBeginning,

    /// <summary>A cipher suite, or a version, that is not read here.</summary>
    Cipher,

    /// <summary>Octets are missing, or do not fit the keys.</summary>
    Damaged,
}
