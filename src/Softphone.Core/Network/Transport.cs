namespace Softphone.Core;

/// <summary>How bytes of a path travel.</summary>
public enum Transport
{
    Udp,
    Tcp,
    Tls,
}
