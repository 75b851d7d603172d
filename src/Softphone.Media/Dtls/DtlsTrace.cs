using Softphone.Core;

namespace Softphone.Media;

/// <summary>Transitions of a <see cref="DtlsSession"/>. Of keys nothing is told.</summary>
public abstract record DtlsTrace(Instant At, string Source) : TraceEntry(At, Source)
{
    public override Layer Layer => Layer.Dtls;

    public sealed record Began(Instant At, string Source, int Component, DtlsRole Role) : DtlsTrace(At, Source)
    {
        public override string Describe() => $"component {Component}: handshake as {(Role == DtlsRole.Client ? "client" : "server")}";
    }

    public sealed record SentAgain(Instant At, string Source, int Component, int Times) : DtlsTrace(At, Source)
    {
        public override string Describe() => $"component {Component}: no answer yet, sent again ({Times})";
    }

    public sealed record Secured(Instant At, string Source, int Component, string Suite) : DtlsTrace(At, Source)
    {
        public override string Describe() => $"component {Component}: the peer's certificate is the one that it described; keys for {Suite}";
    }

    public sealed record Failed(Instant At, string Source, int Component, string What) : DtlsTrace(At, Source)
    {
        public override string Describe() => $"component {Component}: {What}";
    }

    public sealed record PeerClosed(Instant At, string Source, int Component) : DtlsTrace(At, Source)
    {
        public override string Describe() => $"component {Component}: the peer closed the association";
    }
}
