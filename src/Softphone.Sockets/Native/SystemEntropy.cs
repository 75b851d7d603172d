using System.Security.Cryptography;

namespace Softphone.Sockets;

/// <summary>The operating system's random generator, fit for keys, passwords and transaction identifiers.</summary>
public sealed class SystemEntropy : IEntropy
{
    public void Fill(Span<byte> octets) => RandomNumberGenerator.Fill(octets);
}
