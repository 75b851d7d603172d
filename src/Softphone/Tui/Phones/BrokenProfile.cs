namespace Softphone.Cli;

/// <summary>A profile that cannot be used.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Mistake">What is wrong with it, with file and line.</param>
internal sealed record BrokenProfile(string Name, string Mistake);
