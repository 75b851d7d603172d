namespace Softphone.Fuzz;

/// <summary>
/// What is fed. It throws where something is wrong; octets that are refused are right. What it carries from one input to the next comes from
/// its seed and its inputs alone, so that a round can be run again.
/// </summary>
internal interface IFuzzSubject : IDisposable
{
    /// <summary>Takes one input.</summary>
    /// <param name="input">The octets.</param>
    /// <param name="chance">Whatever else has to be drawn for this input.</param>
    void Feed(ReadOnlySpan<byte> input, Softphone.Core.SeededEntropy chance);
}
