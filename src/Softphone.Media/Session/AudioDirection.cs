namespace Softphone.Media;

/// <summary>Which way audio may flow, from our side (RFC 3264 §5.1).</summary>
[Flags]
public enum AudioDirection
{
    Inactive = 0,
    SendOnly = 1,
    ReceiveOnly = 2,
    SendReceive = SendOnly | ReceiveOnly,
}
