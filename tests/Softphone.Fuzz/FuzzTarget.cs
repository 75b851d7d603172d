namespace Softphone.Fuzz;

/// <summary>One thing that is fuzzed.</summary>
/// <param name="Name">As <c>--target</c> takes it.</param>
/// <param name="What">What it covers, for the table.</param>
/// <param name="Share">Its part of the inputs, in thousandths: what is slow has few.</param>
/// <param name="Round">Inputs after which the subject is made anew.</param>
/// <param name="Make">A subject, all chance from the seed.</param>
/// <param name="Seeds">Sound inputs to begin from.</param>
internal sealed record FuzzTarget(string Name, string What, int Share, int Round, Func<ulong, IFuzzSubject> Make, Func<IReadOnlyList<byte[]>> Seeds);
