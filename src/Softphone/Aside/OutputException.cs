using Softphone.Core;

namespace Softphone.Cli;

/// <summary>Standard output takes nothing any more. The fault says why and what to do.</summary>
internal sealed class OutputException(Fault fault) : Exception(fault.What)
{
    public Fault Fault { get; } = fault;
}
