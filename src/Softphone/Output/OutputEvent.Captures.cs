namespace Softphone.Cli;

/// <content>What stands in a capture (softphone open).</content>
internal abstract partial record OutputEvent
{
    /// <summary>A capture file; <see cref="T"/> is its first frame.</summary>
    public sealed record CaptureFile() : OutputEvent("capture")
    {
        /// <summary>pcap, pcapng.</summary>
        public required string Format { get; init; }

        public required long Frames { get; init; }

        public required double Seconds { get; init; }

        public required int Dialogs { get; init; }

        public required int Streams { get; init; }

        public required int Problems { get; init; }

        /// <summary>What of it was not read, in words; null when all was.</summary>
        public IReadOnlyList<string>? NotRead { get; init; }
    }

    /// <summary>Everything of one Call-ID.</summary>
    public sealed record CaptureDialog() : OutputEvent("capture.dialog")
    {
        /// <summary>From 1.</summary>
        public required int N { get; init; }

        /// <summary>call, registration, options, subscription, message, other.</summary>
        public required string Kind { get; init; }

        public required string Method { get; init; }

        public required string From { get; init; }

        public required string To { get; init; }

        public required string CallId { get; init; }

        /// <summary>unanswered, trying, ringing, talking, ended, cancelled, refused, done, partial.</summary>
        public required string State { get; init; }

        /// <summary>Null where there is no final response.</summary>
        public int? Status { get; init; }

        public new required int Messages { get; init; }

        public required int Repeated { get; init; }

        public required double Seconds { get; init; }

        public double? TalkedS { get; init; }

        /// <summary>Numbers of the dialogs that are other legs of it; null when there are none.</summary>
        public IReadOnlyList<int>? Legs { get; init; }
    }

    /// <summary>RTP of one source on one hop.</summary>
    public sealed record CaptureStream() : OutputEvent("capture.stream")
    {
        /// <summary>From 1.</summary>
        public required int N { get; init; }

        /// <summary>The dialog that describes its addresses.</summary>
        public int? Dialog { get; init; }

        /// <summary>caller, callee.</summary>
        public string? Sender { get; init; }

        public required string From { get; init; }

        public required string To { get; init; }

        public new required bool Relayed { get; init; }

        public required uint Ssrc { get; init; }

        public required string Codec { get; init; }

        public required long Packets { get; init; }

        public required long Lost { get; init; }

        public required double LossPct { get; init; }

        public required double JitterMs { get; init; }

        public double? Mos { get; init; }

        public required double Seconds { get; init; }

        public double? PacketMs { get; init; }

        public double? RttMs { get; init; }

        /// <summary>As its receiver says by RTCP.</summary>
        public long? ReportedLost { get; init; }

        /// <summary>Keys as telephone events.</summary>
        public string? Digits { get; init; }
    }

    /// <summary>A message of one dialog, secrets masked.</summary>
    public sealed record CaptureMessage() : OutputEvent("capture.message")
    {
        public required int Dialog { get; init; }

        public required string From { get; init; }

        public required string To { get; init; }

        /// <summary>udp, tcp.</summary>
        public required string Transport { get; init; }

        public required bool Repeated { get; init; }

        public required string Text { get; init; }
    }

    /// <summary>One thing that is wrong; they come last, the worst first.</summary>
    public sealed record CaptureProblem() : OutputEvent("capture.problem")
    {
        /// <summary>no-answer, wrong-credentials, refused, sdp-mismatch, ice-failed and the others of docs/cli.md.</summary>
        public required string Kind { get; init; }

        /// <summary>failure, trouble, oddity.</summary>
        public required string Severity { get; init; }

        public int? Dialog { get; init; }

        public required string Text { get; init; }

        public string? Remedy { get; init; }
    }
}
