using Softphone.Core;
using Softphone.Phone;
using Softphone.Sdp;

namespace Softphone.Scenarios;

/// <summary>What is special about the two phones of a <see cref="CallBench"/>.</summary>
internal sealed record BenchOptions
{
    /// <summary>False: the phones know a STUN server only.</summary>
    public bool Turn { get; init; } = true;

    public RtcpMuxPolicy Mux { get; init; } = RtcpMuxPolicy.Offer;

    /// <summary>Cheap ones, since most scenarios do not care.</summary>
    public IReadOnlyList<SdpCodec> Codecs { get; init; } = [SdpCodec.Pcmu];

    /// <summary>How long bob rings before he answers; null leaves the answering to the test.</summary>
    public TimeSpan? Ringing { get; init; } = TimeSpan.Zero;

    /// <summary>What bob does once he has answered.</summary>
    public CallOptions Bob { get; init; } = new();

    /// <summary>Changes a phone's options by its name, last of all.</summary>
    public Func<string, PhoneOptions, PhoneOptions>? Adjust { get; init; }

    /// <summary>What stands between a phone and its host, by its name; nothing when null.</summary>
    public Func<string, IMachine, IMachine>? Around { get; init; }

    /// <summary>Entries that each phone's trace keeps.</summary>
    public int TraceBound { get; init; } = 20_000;

    /// <summary>The password of alice; null is the right one.</summary>
    public string? AlicePassword { get; init; }

    /// <summary>The TURN password of both; null is the right one.</summary>
    public string? TurnPassword { get; init; }
}
