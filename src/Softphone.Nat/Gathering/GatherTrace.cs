using Softphone.Core;

namespace Softphone.Nat;

/// <summary>How a description came about: sockets, servers asked, what they answered, and when it was enough.</summary>
public abstract record GatherTrace(Instant At, string Source) : TraceEntry(At, Source)
{
    public sealed override Layer Layer => Layer.Ice;

    public sealed record SocketOpened(Instant At, string Source, int Component, Address Local, Transport By = Transport.Udp) : GatherTrace(At, Source)
    {
        public override string Describe() => $"socket {Local} for component {Component}{(By == Transport.Udp ? "" : " by TCP")}";
    }

    /// <summary>The interface of a socket went away, and the socket with it.</summary>
    public sealed record SocketGone(Instant At, string Source, int Component, Address Local) : GatherTrace(At, Source)
    {
        public override string Describe() => $"socket {Local} of component {Component} is gone with its interface";
    }

    /// <summary>A Binding request or an Allocate left for a server; relays tell more in their own trace.</summary>
    public sealed record ServerAsked(Instant At, string Source, Address Server, Address Local, bool ForRelay, Transport By = Transport.Udp) : GatherTrace(At, Source)
    {
        public override string Describe() =>
            $"{(By == Transport.Udp ? Local.ToString() : $"{Local.Ip} by {By.ToString().ToUpperInvariant()}")} asks {Server} {(ForRelay ? "for a relay" : "for its mapped address")}";
    }

    public sealed record ServerAnswered(Instant At, string Source, Address Server, Address Local, Address Mapped, TimeSpan? Rtt) : GatherTrace(At, Source)
    {
        public override string Describe() => $"{Server} sees {Local} as {Mapped}{(Rtt is { } rtt ? $", {rtt.TotalMilliseconds:0} ms" : "")}";
    }

    /// <summary>The description is ready, and why now.</summary>
    public sealed record Ready(Instant At, string Source, int Candidates, string Reason) : GatherTrace(At, Source)
    {
        public override string Describe() => $"{Candidates} candidates: {Reason}";
    }
}
