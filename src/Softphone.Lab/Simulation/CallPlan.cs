using Softphone.Phone;

namespace Softphone.Lab;

/// <summary>
/// Everything about one simulated call, drawn from one seed before anything runs: networks, servers, what the phones know, what goes
/// wrong when, and who hangs up. A runs the caller's phone, B the other.
/// </summary>
public sealed record CallPlan
{
    public required ulong Seed { get; init; }

    public required SidePlan A { get; init; }

    public required SidePlan B { get; init; }

    public SharedNetwork Shared { get; init; }

    /// <summary>The gateways that both sides are behind, from the inside outward.</summary>
    public IReadOnlyList<NatPlan> Common { get; init; } = [];

    /// <summary>Each is a STUN server and a TURN server on one address.</summary>
    public IReadOnlyList<ServerState> Servers { get; init; } = [ServerState.Alive];

    public Link ServerLine { get; init; } = Link.Perfect;

    /// <summary>Only the first server relays.</summary>
    public bool OneRelayServer { get; init; } = true;

    /// <summary>The servers relay for who comes by TCP too, and the phones know it.</summary>
    public bool RelaysByTcp { get; init; }

    public bool Mux { get; init; }

    /// <summary>One-way delay of the signalling.</summary>
    public TimeSpan SignalDelay { get; init; }

    /// <summary>Probability that a message of the signalling is lost and sent again.</summary>
    public double SignalLoss { get; init; }

    /// <summary>How long B rings; checks run meanwhile.</summary>
    public TimeSpan Ringing { get; init; }

    /// <summary>What goes wrong once both sides are connected, one after the other.</summary>
    public IReadOnlyList<Disturbance> Disturbances { get; init; } = [];

    /// <summary>Somebody hangs up at this time since the start, whatever the state; null lets the call run its course.</summary>
    public TimeSpan? AbortAt { get; init; }

    public HangingUp HangingUp { get; init; }

    /// <summary>Both sides are whole phones that call each other through a SIP server.</summary>
    public bool WholePhones { get; init; }

    /// <summary>What the two phones want of encryption; of whole phones alone.</summary>
    public (SrtpMode Caller, SrtpMode Callee) Srtp { get; init; }

    /// <summary>The suite that the caller likes best.</summary>
    public string SrtpSuite { get; init; } = "";

    /// <summary>Both phones have a word in common for encryption, so that the talk must be encrypted.</summary>
    public bool MustBeSecured => Srtp is not (SrtpMode.Off, _) and not (_, SrtpMode.Off);

    /// <summary>The plan as it stands once a side has gone to its spare network.</summary>
    public CallPlan After(Disturbance disturbance)
    {
        if (disturbance.Kind != DisturbanceKind.InterfaceSwap) return this;
        return disturbance.OfCaller ? this with { A = Away(A) } : this with { B = Away(B) };

        static SidePlan Away(SidePlan side) => side.IsAway ? side : side with { IsAway = true, Nats = [side.Spare!], Home = 3, HostNumber = 200 };
    }

    /// <summary>Every line between the two hosts and to the servers.</summary>
    public IEnumerable<Link> Lines =>
        A.Nats.Concat(B.Nats).Concat(Common).Concat(Spares).Select(n => n.Wan).Append(A.Line).Append(B.Line).Append(ServerLine);

    private IEnumerable<NatPlan> Spares => new[] { A.Spare, B.Spare }.OfType<NatPlan>();

    /// <summary>No line loses anything.</summary>
    public bool IsLossless => Lines.All(l => l.Loss == 0);

    /// <summary>No line loses, delays unevenly or doubles anything.</summary>
    public bool IsClean => IsLossless && Lines.All(l => l.Jitter == TimeSpan.Zero && l.Duplicate == 0);
}
