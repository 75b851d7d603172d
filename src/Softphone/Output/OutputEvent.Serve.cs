namespace Softphone.Cli;

/// <summary>Events of <c>lab serve</c>.</summary>
internal abstract partial record OutputEvent
{
    /// <summary>The servers of the lab are up.</summary>
    public sealed record ServeReady() : OutputEvent("serve.ready")
    {
        public required string Domain { get; init; }

        public required IReadOnlyList<Service> Services { get; init; }

        public required IReadOnlyList<string> Users { get; init; }

        public required string RelayPorts { get; init; }

        /// <summary>SHA-256 of the certificate, in hexadecimal; null without TLS.</summary>
        public string? Fingerprint { get; init; }

        /// <summary>A whole profile for a phone, without its password.</summary>
        public required string Profile { get; init; }
    }

    /// <summary>States: bound, unbound.</summary>
    public sealed record ServeRegistration() : OutputEvent("serve.registration")
    {
        public required string State { get; init; }

        public required string User { get; init; }

        public required string Contact { get; init; }

        public string? Addr { get; init; }

        public int? ExpiresS { get; init; }

        public string? Reason { get; init; }
    }

    /// <summary>States: allocated, released, refused.</summary>
    public sealed record ServeAllocation() : OutputEvent("serve.allocation")
    {
        public required string State { get; init; }

        public string? User { get; init; }

        public required string Client { get; init; }

        public string? Relay { get; init; }

        public long? Packets { get; init; }

        public long? Bytes { get; init; }

        public int? Status { get; init; }

        public string? Reason { get; init; }
    }

    /// <summary>States: started, answered, refused, ended.</summary>
    public sealed record ServeCall() : OutputEvent("serve.call")
    {
        public required string State { get; init; }

        public string? From { get; init; }

        public string? To { get; init; }

        public int? Status { get; init; }
    }

    /// <summary>The servers are down.</summary>
    public sealed record ServeEnd() : OutputEvent("serve.end")
    {
        public required double UpS { get; init; }

        public required long SipRequests { get; init; }

        public required long StunAnswers { get; init; }

        public required long Allocations { get; init; }

        public required long RelayedPackets { get; init; }

        public required long RelayedBytes { get; init; }

        public required long Dropped { get; init; }

        public required IReadOnlyList<Relayed> Users { get; init; }
    }

    /// <summary>One thing that is listened on.</summary>
    public sealed record Service(string Name, string Transport, string Addr);

    /// <summary>What was relayed for one user.</summary>
    public sealed record Relayed(string User, long Packets, long Bytes);
}
