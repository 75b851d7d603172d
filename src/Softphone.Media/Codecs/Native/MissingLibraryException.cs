using Softphone.Core;

namespace Softphone.Media;

/// <summary>A C library for which there is nothing else is not installed. The fault names the package to install.</summary>
public sealed class MissingLibraryException(Fault fault) : Exception(fault.ToString())
{
    public Fault Fault { get; } = fault;
}
