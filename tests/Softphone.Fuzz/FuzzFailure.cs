namespace Softphone.Fuzz;

/// <summary>A rule that an input broke without anything being thrown.</summary>
internal sealed class FuzzFailure(string message) : Exception(message);
