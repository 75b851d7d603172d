using Softphone.Core;

namespace Softphone.Media;

/// <summary>Transitions of a <see cref="MediaSession"/>. Keys sent or received are never named: they may be a PIN.</summary>
public abstract record MediaTrace(Instant At, string Source) : TraceEntry(At, Source)
{
    public override Layer Layer => Layer.Media;

    public sealed record Formatted(Instant At, string Source, MediaFormat Format) : MediaTrace(At, Source)
    {
        public override string Describe() => $"sending {Format.Codec}/{Format.ClockRate} as payload type {Format.PayloadType}";
    }

    public sealed record Unsupported(Instant At, string Source, string Codec) : MediaTrace(At, Source)
    {
        public override string Describe() => $"no codec for {Codec}: its packets will be dropped";
    }

    public sealed record Directed(Instant At, string Source, AudioDirection Direction) : MediaTrace(At, Source)
    {
        public override string Describe() => $"audio direction is now {Direction}";
    }

    public sealed record Heard(Instant At, string Source, uint Ssrc, byte PayloadType) : MediaTrace(At, Source)
    {
        public override string Describe() => $"source {Ssrc:x8} is valid, payload type {PayloadType}";
    }

    public sealed record SourceChanged(Instant At, string Source, uint From, uint To) : MediaTrace(At, Source)
    {
        public override string Describe() => $"source {To:x8} took over from {From:x8}";
    }

    public sealed record Restarted(Instant At, string Source, uint Ssrc) : MediaTrace(At, Source)
    {
        public override string Describe() => $"source {Ssrc:x8} began anew";
    }

    public sealed record Collision(Instant At, string Source, uint From, uint To) : MediaTrace(At, Source)
    {
        public override string Describe() => $"the peer uses our source {From:x8}; we go on as {To:x8}";
    }

    public sealed record Silent(Instant At, string Source, TimeSpan For) : MediaTrace(At, Source)
    {
        public override string Describe() => $"neither RTP nor RTCP for {For.TotalSeconds:F1} s";
    }

    public sealed record Resumed(Instant At, string Source, TimeSpan After) : MediaTrace(At, Source)
    {
        public override string Describe() => $"packets again after {After.TotalSeconds:F1} s";
    }

    public sealed record ErrorCorrection(Instant At, string Source, bool On, double LossPercent) : MediaTrace(At, Source)
    {
        public override string Describe() => $"forward error correction {(On ? "on" : "off")} at {LossPercent:F1} % loss";
    }

    public sealed record PeerLeft(Instant At, string Source, uint Ssrc) : MediaTrace(At, Source)
    {
        public override string Describe() => $"source {Ssrc:x8} said goodbye";
    }

    /// <summary>The stream is protected from now on, or no longer; of the keys nothing is told.</summary>
    public sealed record Secured(Instant At, string Source, string Suite) : MediaTrace(At, Source)
    {
        public override string Describe() => Suite.Length > 0 ? $"protected with {Suite}" : "no longer protected";
    }

    public sealed record KeysDiffer(Instant At, string Source) : MediaTrace(At, Source)
    {
        public override string Describe() => "packets come and not one fits the peer's key";
    }

    public sealed record Closed(Instant At, string Source) : MediaTrace(At, Source)
    {
        public override string Describe() => "stream closed";
    }
}
