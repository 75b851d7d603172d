namespace Softphone.Cli;

internal abstract partial record OutputEvent
{
    /// <summary>A call of the history; <see cref="T"/> is when it began.</summary>
    public sealed record CallRecord() : OutputEvent("call.record")
    {
        /// <summary>1 for the newest.</summary>
        public required int N { get; init; }

        /// <summary>in, out.</summary>
        public required string Direction { get; init; }

        public required string Peer { get; init; }

        public string? Name { get; init; }

        public required string Account { get; init; }

        public required int Status { get; init; }

        public required string Reason { get; init; }

        /// <summary>Answer to end; null when it was not answered.</summary>
        public double? TalkedS { get; init; }

        public string? Path { get; init; }

        public string? Codec { get; init; }

        public double? Mos { get; init; }

        /// <summary>Its messages and its ICE are on disk.</summary>
        public required bool Recorded { get; init; }

        /// <summary>Steps that are not in the record; null when it is whole, or was not read.</summary>
        public long? LeftOut { get; init; }
    }

    /// <summary>A registration that failed; <see cref="T"/> is when it was first tried.</summary>
    public sealed record RegistrationRecord() : OutputEvent("registration.record")
    {
        /// <summary>1 for the newest.</summary>
        public required int N { get; init; }

        public required string Server { get; init; }

        public required string Account { get; init; }

        /// <summary>What the server said, or what stands for it; null when there is none.</summary>
        public int? Status { get; init; }

        public required string Reason { get; init; }
    }

    /// <summary>A SIP message of a record, secrets masked.</summary>
    public sealed record SipMessage() : OutputEvent("sip.message")
    {
        public required bool Sent { get; init; }

        /// <summary>udp, tcp, tls.</summary>
        public required string Transport { get; init; }

        public required string Local { get; init; }

        public required string Remote { get; init; }

        public required bool Repeated { get; init; }

        public required string Text { get; init; }
    }

    /// <summary>A step of ICE of a record, in words.</summary>
    public sealed record IceStep() : OutputEvent("ice.step")
    {
        public required string Text { get; init; }
    }
}
