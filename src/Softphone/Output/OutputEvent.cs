using System.Text.Json.Serialization;

namespace Softphone.Cli;

/// <summary>
/// One line of machine output: the cases are the rows of the contract, one record for each `ev`. Property names become snake_case; what
/// does not apply is left out. Times in milliseconds have one decimal at most.
/// </summary>
internal abstract partial record OutputEvent
{
    private OutputEvent(string ev) => Ev = ev;

    /// <summary>The version of the contract.</summary>
    [JsonPropertyOrder(-5)]
    public int V => 1;

    /// <summary>When it happened.</summary>
    [JsonPropertyOrder(-4)]
    [JsonConverter(typeof(UtcMilliseconds))]
    public required DateTimeOffset T { get; init; }

    [JsonPropertyOrder(-3)]
    public string Ev { get; }

    /// <summary>Which call; null for what belongs to none.</summary>
    [JsonPropertyOrder(-2)]
    public string? Call { get; init; }

    /// <summary>States: registering, registered, failed, unregistered.</summary>
    public sealed record Registration() : OutputEvent("registration")
    {
        public required string State { get; init; }

        public required string Aor { get; init; }

        public string? Server { get; init; }

        public int? ExpiresS { get; init; }

        public int? Status { get; init; }

        public string? Reason { get; init; }

        /// <summary>What the registrar leads to us by.</summary>
        public string? Contact { get; init; }

        /// <summary>What came from the server and could not be taken; null when it did not fail, or nothing did.</summary>
        public IReadOnlyList<DroppedPackets>? Dropped { get; init; }

        /// <summary>Nobody said the status: it stands for what was seen.</summary>
        [JsonIgnore]
        public bool IsUnanswered { get; init; }
    }

    /// <summary>One of the places of a server does not answer, and another is used in its stead. Transports: udp, tcp, tls.</summary>
    public sealed record ServerSilent() : OutputEvent("server.silent")
    {
        public required string Server { get; init; }

        public required string Transport { get; init; }

        /// <summary>The place that answered.</summary>
        public required string Instead { get; init; }

        /// <summary>What was seen of the silent one.</summary>
        public required string Reason { get; init; }
    }

    /// <summary>By what long messages reach a server. Found: stream-chosen, stream-given-up, datagrams-cut, segments-cut. Transports: udp, tcp, tls.</summary>
    public sealed record ServerWay() : OutputEvent("server.way")
    {
        public required string Server { get; init; }

        public required string Transport { get; init; }

        public required string Found { get; init; }

        /// <summary>What was seen.</summary>
        public required string Reason { get; init; }

        /// <summary>What to do about it.</summary>
        public required string Remedy { get; init; }
    }

    /// <summary>Something between us and a server rewrites SIP messages.</summary>
    public sealed record Rewritten() : OutputEvent("sip.rewritten")
    {
        public required string Server { get; init; }

        public required string Reason { get; init; }

        public required string Remedy { get; init; }
    }

    /// <summary>An interface is up and leads nowhere, so that another one is used.</summary>
    public sealed record WayChanged() : OutputEvent("network.way")
    {
        /// <summary>The dead one, by the system's name.</summary>
        public required string From { get; init; }

        public required string To { get; init; }

        public required string Reason { get; init; }

        public required string Remedy { get; init; }
    }

    /// <summary>Calls that did not ring, the first of a kind and now and then a later one. Why: stranger, unknown-user, busy, lacking, do-not-disturb, forwarded.</summary>
    public sealed record CallRefused() : OutputEvent("call.refused")
    {
        public required string Why { get; init; }

        /// <summary>What they are answered with.</summary>
        public required int Status { get; init; }

        /// <summary>How many so far.</summary>
        public required long Count { get; init; }

        public required string Peer { get; init; }

        public required string Target { get; init; }

        public required string Addr { get; init; }

        /// <summary>What the call demanded and this version does not have; null when it was refused for another reason.</summary>
        public string? Demands { get; init; }

        /// <summary>Where the caller was sent instead; null when it was not.</summary>
        public string? ForwardedTo { get; init; }
    }

    /// <summary>States: dialing, ringing, early, connected, held, ended. Directions: outgoing, incoming.</summary>
    public sealed record CallState() : OutputEvent("call.state")
    {
        public required string State { get; init; }

        public required string Direction { get; init; }

        public required string Peer { get; init; }

        public int? Status { get; init; }

        public string? Reason { get; init; }

        /// <summary>The suite of SRTP; null for plain RTP.</summary>
        public string? Srtp { get; init; }

        /// <summary>Where its keys came from: sdes; null for plain RTP.</summary>
        public string? SrtpBy { get; init; }

        /// <summary>Of a call that begins to ring: who was called before it was sent here.</summary>
        public string? ForwardedBy { get; init; }

        /// <summary>busy, no-answer, always, deflected, away, out-of-service; null where it is not told.</summary>
        public string? ForwardedWhy { get; init; }
    }

    /// <summary>Sides: local, remote. Types: host, srflx, prflx, relay.</summary>
    public sealed record IceCandidate() : OutputEvent("ice.candidate")
    {
        public required string Side { get; init; }

        public required int Component { get; init; }

        public required string Type { get; init; }

        public required string Addr { get; init; }

        public required string Transport { get; init; }

        public required uint Priority { get; init; }

        public required string Foundation { get; init; }

        public string? Server { get; init; }

        /// <summary>Since gathering began.</summary>
        public double? AfterMs { get; init; }
    }

    /// <summary>States: frozen, waiting, in-progress, succeeded, failed.</summary>
    public sealed record IcePair() : OutputEvent("ice.pair")
    {
        public required int Component { get; init; }

        public required string Local { get; init; }

        public required string Remote { get; init; }

        public required string State { get; init; }

        public double? RttMs { get; init; }

        public required bool Nominated { get; init; }
    }

    /// <summary>States: gathering, checking, connected, completed, failed, disconnected. Roles: controlling, controlled.</summary>
    public sealed record IceState() : OutputEvent("ice.state")
    {
        public required string State { get; init; }

        public string? Role { get; init; }
    }

    public sealed record IceSelected() : OutputEvent("ice.selected")
    {
        public required int Component { get; init; }

        public required EndPoint Local { get; init; }

        public required EndPoint Remote { get; init; }

        /// <summary>The worse of the two ends.</summary>
        public required string Path { get; init; }

        public double? RttMs { get; init; }

        /// <summary>Since checks could start.</summary>
        public double? IceMs { get; init; }
    }

    /// <summary>Packets that came and were not taken. Layer: sip, stun, turn, ice, media; from is null where several sent them.</summary>
    public sealed record DroppedPackets(string Layer, string? From, string Why, long Count);

    /// <summary>How many packets of this payload type came, which was not agreed.</summary>
    public sealed record StrangePackets(int Pt, long Packets);

    public sealed record Media() : OutputEvent("media")
    {
        public required string Codec { get; init; }

        public required Flow Tx { get; init; }

        public required Flow Rx { get; init; }

        public double? RttMs { get; init; }

        public double? PlayoutMs { get; init; }

        /// <summary>The suite of SRTP; null for plain RTP.</summary>
        public string? Srtp { get; init; }

        /// <summary>Where its keys came from: sdes; null for plain RTP.</summary>
        public string? SrtpBy { get; init; }

        public double? ConcealedPct { get; init; }

        public double? Mos { get; init; }

        /// <summary>Packets of payload types that nobody agreed on; null when there were none.</summary>
        public IReadOnlyList<StrangePackets>? NotAgreed { get; init; }

        /// <summary>Since the last of these events; all else is since the start of the call.</summary>
        public Stretch? Recent { get; init; }
    }

    /// <summary>How a part of a call sounded.</summary>
    public sealed record Stretch(double? Mos, double? LossPct, double ConcealedPct);

    /// <summary>Via: rfc4733, info, inband.</summary>
    public sealed record Dtmf() : OutputEvent("dtmf")
    {
        public required string Digit { get; init; }

        public required int DurationMs { get; init; }

        public required string Via { get; init; }
    }

    /// <summary>The peer wants us to call somebody else; without a new call it was declined.</summary>
    public sealed record Refer() : OutputEvent("refer")
    {
        public required string Target { get; init; }

        public string? By { get; init; }

        public string? NewCall { get; init; }
    }

    /// <summary>The same talk goes on in another call.</summary>
    public sealed record CallReplaced() : OutputEvent("call.replaced")
    {
        public required string By { get; init; }
    }

    /// <summary>Without ICE: two sources that nobody named send audio for the call, and neither is heard.</summary>
    public sealed record MediaContested() : OutputEvent("media.contested")
    {
        public required string First { get; init; }

        public required string Second { get; init; }
    }

    /// <summary>Without ICE: the peer sends nothing, and the call ends if that goes on.</summary>
    public sealed record MediaSilent() : OutputEvent("media.silent")
    {
        public required double SilentS { get; init; }

        public required double EndsInS { get; init; }
    }

    /// <summary>Media is encrypted from now on, otherwise than before, or no longer.</summary>
    public sealed record CallSecurityChange() : OutputEvent("call.security")
    {        /// <summary>The suite of SRTP; null for plain RTP.</summary>
        public string? Srtp { get; init; }

        /// <summary>Where its keys came from: sdes; null for plain RTP.</summary>
        public string? SrtpBy { get; init; }

        /// <summary>It was encrypted, and the peer ended that.</summary>
        public required bool Weakened { get; init; }
    }

    /// <summary>Voice messages at the server.</summary>
    public sealed record Messages() : OutputEvent("messages")
    {
        public required int New { get; init; }

        public required int Old { get; init; }
    }

    /// <summary>Causes: local, remote, error. Audio: two-way, send-only, receive-only, none.</summary>
    public sealed record CallEnd() : OutputEvent("call.end")
    {
        public required int Status { get; init; }

        public required string Reason { get; init; }

        public required string Cause { get; init; }

        /// <summary>INVITE to answer.</summary>
        public double? SetupMs { get; init; }

        public double? IceMs { get; init; }

        /// <summary>Answer to first received audio.</summary>
        public double? MediaMs { get; init; }

        /// <summary>The longest time in which nothing of the peer was heard, hold left out; null when nothing ever was.</summary>
        public double? GapMs { get; init; }

        public string? Path { get; init; }

        public string? Codec { get; init; }

        /// <summary>The suite; null for plain RTP, and where the call was encrypted for a part of its time alone.</summary>
        public string? Srtp { get; init; }

        /// <summary>Where its keys came from: sdes; null where <see cref="Srtp"/> is.</summary>
        public string? SrtpBy { get; init; }

        public Flow? Tx { get; init; }

        public Flow? Rx { get; init; }

        public double? Mos { get; init; }

        /// <summary>Packets of payload types that nobody agreed on; null when there were none.</summary>
        public IReadOnlyList<StrangePackets>? NotAgreed { get; init; }

        public required string Audio { get; init; }

        /// <summary>What came and was not taken, of a call that failed or was heard one way; null when nothing was.</summary>
        public IReadOnlyList<DroppedPackets>? Dropped { get; init; }

        public ExpectResult Expect { get; init; } = new([]);
    }

    public sealed record Explain() : OutputEvent("explain")
    {
        public required string Text { get; init; }

        public ExplainCause? Cause { get; init; }

        /// <summary>Null when there is nothing to tell.</summary>
        public IReadOnlyList<ExplainRemedy>? Remedies { get; init; }
    }

    /// <summary>One TURN server by one transport: an allocation, and packets through two relays of it and back.</summary>
    public sealed record TurnTest() : OutputEvent("turn.test")
    {
        /// <summary>As a person writes it: turn:turn.example.net:3478?transport=tcp.</summary>
        public required string Server { get; init; }

        /// <summary>Transports: udp, tcp, tls.</summary>
        public required string Transport { get; init; }

        public required bool Ok { get; init; }

        /// <summary>Why not.</summary>
        public string? Reason { get; init; }

        public string? Relay { get; init; }

        public double? AllocateMs { get; init; }

        /// <summary>From both allocations to a path between them.</summary>
        public double? PathMs { get; init; }

        public int? Sent { get; init; }

        public int? Received { get; init; }

        public double? LossPct { get; init; }

        /// <summary>There and back, in the middle; a packet crosses the server four times.</summary>
        public double? RttMs { get; init; }

        public double? RttMinMs { get; init; }

        public double? RttMaxMs { get; init; }
    }

    /// <summary>What one phone said of the call of a cell, and what came of it.</summary>
    public sealed record ExplainCell() : OutputEvent("explain.cell")
    {
        public required string A { get; init; }

        public required string B { get; init; }

        public required bool Turn { get; init; }

        public required bool Stun { get; init; }

        /// <summary>auto or relay: the caller's.</summary>
        public required string Mode { get; init; }

        /// <summary>Who says it: caller or callee.</summary>
        public required string Side { get; init; }

        /// <summary>direct, relay or fail.</summary>
        public required string Path { get; init; }

        public required ExplainCause Cause { get; init; }

        /// <summary>The oracle's; null of a direct path.</summary>
        public ExplainCause? Expected { get; init; }

        public required IReadOnlyList<ExplainRemedy> Remedies { get; init; }

        public required string Text { get; init; }

        public required bool Ok { get; init; }

        /// <summary>What is wrong; null when nothing is.</summary>
        public string? Trouble { get; init; }
    }

    public sealed record MatrixCell() : OutputEvent("matrix.cell")
    {
        public required string A { get; init; }

        public required string B { get; init; }

        public required bool SameNat { get; init; }

        public required bool Turn { get; init; }

        public required int Components { get; init; }

        /// <summary>The worse of the two ends: host, srflx, prflx, relay; fail when there is none.</summary>
        public string? Path { get; init; }

        public required string Expected { get; init; }

        /// <summary>In round trips, waiting for Ta taken off.</summary>
        public double? MediaRtt { get; init; }

        /// <summary>In round trips, waiting for Ta taken off.</summary>
        public double? CompletedRtt { get; init; }

        public required bool Ok { get; init; }

        /// <summary>Behind one NAT: same-lan, isolated, hairpin, internal-hairpin.</summary>
        public string? Place { get; init; }

        /// <summary>Types of the nominated pair as the controlling end names them: HH, SP, PR and the like, or FAIL.</summary>
        public string? Pair { get; init; }

        /// <summary>The table's pair.</summary>
        public string? ExpectedPair { get; init; }

        /// <summary>adaptive or immediate.</summary>
        public string? Policy { get; init; }

        public ulong? Seed { get; init; }

        /// <summary>From the answer to first outgoing media, everything in it.</summary>
        public double? MediaMs { get; init; }

        /// <summary>From the answer to completion, everything in it.</summary>
        public double? CompletedMs { get; init; }
    }

    /// <summary>Mapping and filtering: endpoint-independent, address-dependent, address-and-port-dependent.</summary>
    public sealed record Nat() : OutputEvent("nat")
    {
        public string? Mapping { get; init; }

        public string? Filtering { get; init; }

        public bool? Hairpin { get; init; }

        public required string Classic { get; init; }

        public string? Mapped { get; init; }

        public int? LifetimeS { get; init; }

        /// <summary>Whether UDP packets in fragments pass.</summary>
        public bool? Fragments { get; init; }

        /// <summary>Whether something rewrites addresses inside packets.</summary>
        public bool? Alg { get; init; }

        /// <summary>Whether something rewrites SIP over UDP on the way to the profile's server; null where it could not be seen, or there is no server.</summary>
        public bool? SipAlg { get; init; }

        /// <summary>From 0 to 1, of what rests on silence.</summary>
        public double? Confidence { get; init; }

        public required IReadOnlyList<string> Evidence { get; init; }
    }

    /// <summary>One scenario file was played, or could not be read.</summary>
    public sealed record Scenario() : OutputEvent("scenario")
    {
        public required string File { get; init; }

        public required string Name { get; init; }

        public required bool Ok { get; init; }

        public ulong? Seed { get; init; }

        /// <summary>How long it took in the virtual internet.</summary>
        public double? VirtualS { get; init; }

        /// <summary>What did not hold, or what is wrong in the file.</summary>
        public required IReadOnlyList<string> Failed { get; init; }

        /// <summary>Packets dropped on the way, in words.</summary>
        public string? Dropped { get; init; }
    }

    /// <summary>One end of a selected pair.</summary>
    public sealed record EndPoint(string Type, string Addr);

    /// <summary>One direction of media.</summary>
    public sealed record Flow
    {
        public required long Packets { get; init; }

        public required long Bytes { get; init; }

        public required long Lost { get; init; }

        public required double LossPct { get; init; }

        public double? JitterMs { get; init; }

        public double? LevelDbfs { get; init; }
    }

    /// <summary>The expectations that did not hold.</summary>
    public sealed record ExpectResult(IReadOnlyList<string> Failed);
}
