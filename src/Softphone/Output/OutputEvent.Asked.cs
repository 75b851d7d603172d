namespace Softphone.Cli;

/// <content>Where the phone can be called, and what was answered to one request.</content>
internal abstract partial record OutputEvent
{
    /// <summary>Who calls this address reaches us from now on. Transports: udp, tcp, tls.</summary>
    public sealed record Listening() : OutputEvent("listening")
    {
        public required string Addr { get; init; }

        public required string Transport { get; init; }
    }

    /// <summary>A text that came, or what became of one of ours. Directions: incoming, outgoing.</summary>
    public sealed record Message() : OutputEvent("message")
    {
        public required string Direction { get; init; }

        public required string Peer { get; init; }

        /// <summary>What the peer calls itself.</summary>
        public string? Name { get; init; }

        /// <summary>What came; null for one of ours.</summary>
        public string? Text { get; init; }

        /// <summary>Of one of ours; 408, 503 and 513 also stand for what nobody said.</summary>
        public int? Status { get; init; }

        public string? Reason { get; init; }

        /// <summary>Until the answer.</summary>
        public double? Ms { get; init; }
    }

    /// <summary>What became of one OPTIONS request.</summary>
    public sealed record OptionsAnswer() : OutputEvent("options")
    {
        public required string Target { get; init; }

        /// <summary>Null when nobody answered.</summary>
        public int? Status { get; init; }

        /// <summary>Its reason phrase, or why there was no answer.</summary>
        public string? Reason { get; init; }

        /// <summary>Until the answer, or until none was waited for any more.</summary>
        public required double Ms { get; init; }

        /// <summary>The methods of Allow; null when the answer does not say.</summary>
        public IReadOnlyList<string>? Allow { get; init; }

        /// <summary>What the one who answered calls itself.</summary>
        public string? Server { get; init; }
    }
}
