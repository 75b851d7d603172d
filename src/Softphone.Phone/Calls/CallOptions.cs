using Softphone.Core;
using Softphone.Media;

namespace Softphone.Phone;

/// <summary>What one call is to do beyond talking.</summary>
public sealed record CallOptions
{
    /// <summary>What the peer hears; null sends silence.</summary>
    public IAudioSource? Source { get; init; }

    /// <summary>Where goes what the peer says; null throws it away.</summary>
    public IAudioSink? Sink { get; init; }

    /// <summary>Hang up so long after the answer; null waits for somebody to.</summary>
    public TimeSpan? Duration { get; init; }

    /// <summary>Give up when nobody has answered by then; null waits for the network to give up.</summary>
    public TimeSpan? RingLimit { get; init; }

    /// <summary>Keys to press once connected; w pauses half a second.</summary>
    public string Dtmf { get; init; } = "";

    /// <summary>Headers of the INVITE beside our own, in order.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Headers { get; init; } = [];

    /// <summary>The INVITE goes by this transport, whatever the target and the account say; null lets RFC 3263 choose.</summary>
    public Transport? Transport { get; init; }
}
