namespace Softphone.Internet;

/// <summary>What a router that thinks it knows SIP does to it. It sees only what is in the clear: UDP from or to port 5060.</summary>
public enum SipAlgMode
{
    Off,

    /// <summary>Writes outside addresses and ports in place of inside ones into Via, Contact and the SDP, opens the media ports, and puts it right for what comes back.</summary>
    Rewrites,

    /// <summary>Writes the outside address in place of the inside one, but no port and no Content-Length, and puts nothing right for what comes back.</summary>
    Breaks,
}
