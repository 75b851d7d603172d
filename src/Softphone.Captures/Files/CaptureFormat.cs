namespace Softphone.Captures;

/// <summary>The two formats of capture files.</summary>
public enum CaptureFormat
{
    /// <summary>The classic one: a header, and then packets of one link.</summary>
    Pcap,

    /// <summary>Blocks, with several interfaces.</summary>
    Pcapng,
}
