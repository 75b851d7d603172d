using Softphone.Core;

namespace Softphone.Cli;

/// <summary>Maps what happened to the exit code that scripts are promised.</summary>
internal static class ExitCodes
{
    /// <summary>By the fault when a layer below SIP failed, else by the final status.</summary>
    /// <param name="status">The deciding SIP status; null or 0 when there was none.</param>
    /// <param name="fault">What went wrong; null for an ordinary end.</param>
    public static ExitCode Of(int? status, Fault? fault) =>
        fault is { Layer: not Layer.Sip } ? Of(fault)
        : status is > 0 ? Of(status.Value)
        : fault is null ? ExitCode.Ok : Of(fault);

    public static ExitCode Of(Fault fault) => fault.Layer switch
    {
        Layer.Profile => ExitCode.Usage,
        Layer.Dns or Layer.Transport or Layer.Tls or Layer.Dtls => ExitCode.Network,
        Layer.Sip => ExitCode.Rejected,
        Layer.Authentication => ExitCode.NotAuthorised,
        Layer.Sdp => ExitCode.NoCommonCodec,
        Layer.Stun or Layer.Turn or Layer.Ice => ExitCode.IceFailed,
        Layer.Media => ExitCode.TimedOut,
        Layer.Audio => ExitCode.AudioDevice,
        _ => ExitCode.Internal,
    };

    /// <summary>What a verb says by it, in the words of docs/cli.md.</summary>
    public static string Meaning(ExitCode code) => code switch
    {
        ExitCode.Ok => "it went well",
        ExitCode.Internal => "internal error (SOFTPHONE_DEBUG=1 shows where)",
        ExitCode.Usage => "usage or profile error",
        ExitCode.Rejected => "rejected, 4xx to 6xx",
        ExitCode.NotAuthorised => "not authorised (401, 403, 407)",
        ExitCode.TimedOut => "timed out or not answered",
        ExitCode.Busy => "busy (486, 600)",
        ExitCode.Network => "DNS, transport or TLS failure",
        ExitCode.IceFailed => "ICE failed, or a STUN or TURN server gave nothing",
        ExitCode.ExpectFailed => "what was expected did not hold",
        ExitCode.NoCommonCodec => "no common codec (488, 606)",
        ExitCode.AudioDevice => "audio device, or a recording that is not whole",
        ExitCode.Output => "standard output, a report or a capture did not take everything",
        _ => "interrupted, and ended in order",
    };

    public static ExitCode Of(int status) => status switch
    {
        < 300 => ExitCode.Ok,
        401 or 403 or 407 => ExitCode.NotAuthorised,
        408 or 480 or 487 or 504 => ExitCode.TimedOut,
        486 or 600 => ExitCode.Busy,
        488 or 606 => ExitCode.NoCommonCodec,
        _ => ExitCode.Rejected,
    };
}
