using Softphone.Core;

namespace Softphone.Media;

/// <summary>What happened on one stream, as a closed union.</summary>
public abstract record MediaEvent
{
    private MediaEvent()
    {
    }

    /// <summary>Audio has begun to be heard, once for a session.</summary>
    /// <param name="ReceivedAt">When the first audio packet arrived.</param>
    /// <param name="PlayedAt">When the first sample of it was pulled for playing.</param>
    public sealed record FirstAudio(Instant ReceivedAt, Instant PlayedAt) : MediaEvent;

    /// <summary>The peer pressed a key, reported once, when its end is known.</summary>
    /// <param name="Digit">0-9, *, #, A-D, or ! for a hook flash.</param>
    /// <param name="DurationMs">How long it was held.</param>
    /// <param name="Via">How it came: "rfc4733" or "inband".</param>
    public sealed record DtmfReceived(char Digit, int DurationMs, string Via) : MediaEvent;

    /// <summary>Every digit given to <see cref="MediaSession.SendDtmf"/> has been sent.</summary>
    public sealed record DtmfSent : MediaEvent;

    /// <summary>The peer's RTCP said that this stream ends (RFC 3550 §6.6). The call itself goes on.</summary>
    /// <param name="Reason">The peer's words, or empty.</param>
    public sealed record PeerBye(string Reason) : MediaEvent;

    /// <summary>Another source took over the stream: transfer, music on hold, a bridge.</summary>
    public sealed record SourceChanged(uint From, uint To) : MediaEvent;

    /// <summary>Our key has protected nearly as much as it may (RFC 3711 §9.2): the peer is to be given another.</summary>
    public sealed record KeyWorn : MediaEvent;

    /// <summary>Neither RTP nor RTCP came for a while although we should receive.</summary>
    /// <param name="SilentFor">How long it has been.</param>
    public sealed record MediaTimeout(TimeSpan SilentFor) : MediaEvent;

    /// <summary>Packets came again after <see cref="MediaTimeout"/>.</summary>
    /// <param name="After">How long nothing had come.</param>
    public sealed record Resumed(TimeSpan After) : MediaEvent;
}
