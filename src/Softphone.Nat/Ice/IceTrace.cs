using Softphone.Core;

namespace Softphone.Nat;

/// <summary>What an agent did: candidates, pairs, and each message of each pair's four-way handshake.</summary>
public abstract record IceTrace(Instant At, string Source) : TraceEntry(At, Source)
{
    public sealed override Layer Layer => Layer.Ice;

    public sealed record CandidateAdded(Instant At, string Source, Candidate Candidate, bool IsLocal) : IceTrace(At, Source)
    {
        public override string Describe() =>
            $"{(IsLocal ? "local" : "remote")} candidate {Candidate.Describe()} component {Candidate.Component} priority {Candidate.Priority}";
    }

    /// <summary>A remote candidate that is not used, and why.</summary>
    public sealed record CandidateIgnored(Instant At, string Source, Candidate Candidate, string Reason) : IceTrace(At, Source)
    {
        public override string Describe() => $"candidate {Candidate.Describe()} ignored: {Reason}";
    }

    public sealed record PairAdded(Instant At, string Source, int Pair, Candidate Local, Candidate Remote, ulong Priority, string Reason)
        : IceTrace(At, Source)
    {
        public override string Describe() =>
            $"pair {Pair} {Local.Describe()} to {Remote.Describe()} component {Local.Component}: {Reason}";
    }

    /// <summary>A pair that was not formed, or went, and why: "same base as pair 3".</summary>
    public sealed record PairPruned(Instant At, string Source, Candidate Local, Candidate Remote, string Reason) : IceTrace(At, Source)
    {
        public override string Describe() => $"no pair {Local.Describe()} to {Remote.Describe()}: {Reason}";
    }

    public sealed record PairChanged(Instant At, string Source, int Pair, PairState From, PairState To, string Reason) : IceTrace(At, Source)
    {
        public override string Describe() => $"pair {Pair} {From} to {To}{(Reason.Length == 0 ? "" : $": {Reason}")}";
    }

    /// <summary>A request of ours left; <paramref name="Attempt"/> counts from 1 for each transaction.</summary>
    public sealed record CheckSent(Instant At, string Source, int Pair, Address Remote, int Attempt, bool Triggered, bool UseCandidate)
        : IceTrace(At, Source)
    {
        public override string Describe() =>
            $"pair {Pair} check to {Remote}{(Triggered ? ", triggered" : "")}{(UseCandidate ? ", nominating" : "")}{(Attempt > 1 ? $", send {Attempt}" : "")}";
    }

    /// <summary>A response to ours arrived; code 0 is success.</summary>
    public sealed record AnswerReceived(Instant At, string Source, int Pair, Address Remote, int Code, Address Mapped) : IceTrace(At, Source)
    {
        public override string Describe() =>
            Code == 0 ? $"pair {Pair} answer from {Remote}, seen as {Mapped}" : $"pair {Pair} answer {Code} from {Remote}";
    }

    /// <summary>An authenticated request of the peer arrived; pair 0 when none stood for it yet.</summary>
    public sealed record CheckReceived(Instant At, string Source, int Pair, Address Remote, bool UseCandidate) : IceTrace(At, Source)
    {
        public override string Describe() =>
            $"{(Pair == 0 ? "" : $"pair {Pair} ")}check from {Remote}{(UseCandidate ? ", nominating" : "")}";
    }

    /// <summary>Our response left; code 0 is success.</summary>
    public sealed record AnswerSent(Instant At, string Source, int Pair, Address Remote, int Code) : IceTrace(At, Source)
    {
        public override string Describe() => $"{(Pair == 0 ? "" : $"pair {Pair} ")}answer {(Code == 0 ? "" : $"{Code} ")}to {Remote}";
    }

    public sealed record Nominated(Instant At, string Source, int Pair, int Component, string Reason) : IceTrace(At, Source)
    {
        public override string Describe() => $"pair {Pair} nominated for component {Component}: {Reason}";
    }

    public sealed record Selected(Instant At, string Source, int Pair, int Component, Candidate Local, Candidate Remote) : IceTrace(At, Source)
    {
        public override string Describe() =>
            $"component {Component} uses pair {Pair}, {Local.Describe()} to {Remote.Describe()}";
    }

    /// <summary>The nominated pair of a component did not answer: other pairs are tried again.</summary>
    public sealed record PathDoubted(Instant At, string Source, int Pair, int Component) : IceTrace(At, Source)
    {
        public override string Describe() => $"component {Component} doubts pair {Pair}: no answer";
    }

    public sealed record RoleChanged(Instant At, string Source, IceRole Role, string Reason) : IceTrace(At, Source)
    {
        public override string Describe() => $"{Role} now: {Reason}";
    }

    /// <summary>A new check list: pairs of before are checked no more, though the selected ones carry media until others are.</summary>
    public sealed record Restarted(Instant At, string Source, string Reason) : IceTrace(At, Source)
    {
        public override string Describe() => $"checks begin anew: {Reason}";
    }

    public sealed record StateChanged(Instant At, string Source, IceState From, IceState To) : IceTrace(At, Source)
    {
        public override string Describe() => $"ICE {From} to {To}";
    }
}
