using Softphone.Core;

namespace Softphone.Cli;

/// <summary>Where captured packets go.</summary>
internal interface IPacketSink : IDisposable
{
    /// <summary>What ended it early; null while all is well.</summary>
    Fault? Failure { get; }

    /// <param name="at">When the packet was seen.</param>
    /// <param name="packet">The packet from its IP header on.</param>
    void Write(DateTimeOffset at, ReadOnlySpan<byte> packet);

    /// <summary>What is in a buffer goes out.</summary>
    void Flush();
}
