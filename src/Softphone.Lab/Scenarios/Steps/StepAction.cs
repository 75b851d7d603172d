namespace Softphone.Lab;

/// <summary>What a step does, as a closed union.</summary>
public abstract record StepAction
{
    private StepAction()
    {
    }

    public sealed record Call(string Phone, string Peer, TimeSpan? For) : StepAction;

    public sealed record Answer(string Phone) : StepAction;

    public sealed record Reject(string Phone, int Status) : StepAction;

    public sealed record HangUp(string Phone) : StepAction;

    public sealed record Hold(string Phone, bool On) : StepAction;

    public sealed record Mute(string Phone, bool On) : StepAction;

    public sealed record Press(string Phone, string Keys) : StepAction;

    public sealed record Sleep(string Phone, TimeSpan Time) : StepAction;

    /// <summary>An interface of the phone goes down.</summary>
    public sealed record Leave(string Phone, string Network) : StepAction;

    /// <summary>An interface of the phone comes up.</summary>
    public sealed record Join(string Phone, string Network) : StepAction;

    /// <summary>The phone leaves every network that it is on and joins another.</summary>
    public sealed record Move(string Phone, string Network) : StepAction;

    /// <summary>The process of the phone ends without a word.</summary>
    public sealed record Die(string Phone) : StepAction;

    /// <summary>The gateway forgets its mappings.</summary>
    public sealed record Rebind(string Network) : StepAction;

    public sealed record Become(string Network, NatBehavior Behavior) : StepAction;

    /// <summary>The gateway's line is cut, or mended.</summary>
    public sealed record Cut(string Network, bool IsCut) : StepAction;

    /// <summary>The gateway fails one address family, or carries it again.</summary>
    public sealed record FailFamily(string Network, bool IsV4, GatewayFailure Failure) : StepAction;

    /// <summary>The gateway's line changes.</summary>
    public sealed record Relink(string Network, Func<Link, Link> Change) : StepAction;

    /// <summary>The server loses its power and comes back after a time.</summary>
    public sealed record Restart(string Server, TimeSpan Outage) : StepAction;

    public sealed record Dns(bool IsDead, TimeSpan Delay) : StepAction;

    /// <summary>Waits; nothing below it happens before the condition holds.</summary>
    public sealed record Wait(string Phone, StepCondition Condition) : StepAction;
}
