namespace Softphone.Cli;

/// <summary>What the process says when it ends; a contract with scripts.</summary>
internal enum ExitCode
{
    Ok = 0,

    /// <summary>A fault of this program.</summary>
    Internal = 1,

    /// <summary>A flag, a verb or a profile is wrong.</summary>
    Usage = 2,

    /// <summary>The peer or its server refused with 4xx–6xx.</summary>
    Rejected = 3,

    /// <summary>The credentials were not accepted, or there are none.</summary>
    NotAuthorised = 4,

    /// <summary>No answer in time.</summary>
    TimedOut = 5,

    Busy = 6,

    /// <summary>DNS, transport or TLS failed.</summary>
    Network = 7,

    IceFailed = 8,

    /// <summary>An --expect did not hold.</summary>
    ExpectFailed = 9,

    NoCommonCodec = 10,

    AudioDevice = 11,

    /// <summary>Standard output, a report or a capture did not take everything: it is full, closed, or nobody read it.</summary>
    Output = 12,

    /// <summary>Ctrl-C, as a shell would say it.</summary>
    Interrupted = 130,
}
