namespace Softphone.Sockets;

/// <summary>What happened on a socket.</summary>
[Flags]
internal enum Readiness
{
    None = 0,
    Readable = 1,
    Writable = 2,
    Error = 4,
}
