namespace Softphone.Sdp;

/// <summary>A host that the peer's description names where an address should stand.</summary>
/// <param name="Name">What to ask for.</param>
/// <param name="IsV6">The family that the c= line speaks of, to be taken where the name has both.</param>
/// <param name="Port">Where RTP goes.</param>
/// <param name="RtcpPort">Where RTCP goes without rtcp-mux; 0 for nowhere.</param>
public sealed record SdpNamedHost(string Name, bool IsV6, ushort Port, ushort RtcpPort);
