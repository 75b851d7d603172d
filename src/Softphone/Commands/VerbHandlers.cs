namespace Softphone.Cli;

/// <summary>The engines that there are. A verb without one is not on offer.</summary>
internal sealed record VerbHandlers
{
    /// <summary>What runs when no verb is given; null shows the help.</summary>
    public IVerb<TuiOptions>? Tui { get; init; }

    public IVerb<DemoOptions>? Demo { get; init; }

    public IVerb<CallVerbOptions>? Call { get; init; }

    public IVerb<AnswerOptions>? Answer { get; init; }

    public IVerb<RegisterOptions>? Register { get; init; }

    public IVerb<RequestOptions>? Options { get; init; }

    public IVerb<MessageOptions>? Message { get; init; }

    public IVerb<NatOptions>? Nat { get; init; }

    public IVerb<DevicesOptions>? Devices { get; init; }

    public IVerb<TestOptions>? Test { get; init; }

    public IVerb<IceGatherOptions>? IceGather { get; init; }

    public IVerb<TurnTestOptions>? TurnTest { get; init; }

    public IVerb<LabMatrixOptions>? LabMatrix { get; init; }

    public IVerb<LabExplainOptions>? LabExplain { get; init; }

    public IVerb<ServeOptions>? LabServe { get; init; }
}
