namespace Softphone.Lab;

/// <summary>One step of a scenario.</summary>
/// <param name="Line">Where it stands in the file.</param>
/// <param name="When">When it is due.</param>
/// <param name="Text">As it was written.</param>
/// <param name="Action">What happens then.</param>
public sealed record ScenarioStep(int Line, StepTime When, string Text, StepAction Action);
