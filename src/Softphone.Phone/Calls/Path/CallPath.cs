using Softphone.Core;
using Softphone.Nat;

namespace Softphone.Phone;

/// <summary>The way that the media of a call takes: its transport, from the first gathering to the last relay given back, and what is known of it.</summary>
/// <param name="host">The call.</param>
/// <param name="network">The network as this call has it.</param>
/// <param name="open">Makes the transport.</param>
internal sealed class CallPath(ICallHost host, LentPaths network, Func<INetwork, MediaTransport> open)
{
    /// <summary>What happened on the way, for a person.</summary>
    public PathLog Log { get; } = new(host);

    /// <summary>Null before it was opened, and once nothing of it is left in the network.</summary>
    public MediaTransport? Transport { get; private set; }

    /// <summary>Media of the RTP component could flow once.</summary>
    public bool IsUsable { get; private set; }

    /// <summary>Both sides have ICE.</summary>
    public bool UsesIce { get; private set; }

    /// <summary>Candidates for a restart are looked for: no description may leave before they are there.</summary>
    public bool IsRegathering { get; private set; }

    /// <summary>How media goes without ICE, as it last was.</summary>
    public PlainMedia? Plain { get; private set; }

    /// <summary>Audio may leave.</summary>
    public bool IsOpenForAudio => IsUsable || !UsesIce;

    /// <summary>host, srflx, prflx or relay, the worse of the two ends of the RTP component; empty while there is none.</summary>
    public string Name => Log.Selected is { } pair ? PathLog.NameOf(pair.Local, pair.Remote) : !UsesIce && IsUsable && Plain is { } plain ? Candidate.Name(plain.Local) : "";

    public void Open(Instant now)
    {
        Transport = open(network);
        Transport.Gather(now, host.Direction == CallDirection.Outgoing);
    }

    public void SetRemote(Instant now, RemoteMedia remote)
    {
        UsesIce = remote.Ice is not null;
        Transport!.SetRemote(now, remote);
    }

    /// <summary>New credentials, and candidates for them; one restart at a time.</summary>
    public void Regather(Instant now, bool trickles)
    {
        if (IsRegathering) return;
        IsRegathering = true;
        Transport!.Restart(now, trickles);
    }

    public void Regathered() => IsRegathering = false;

    public void BecameUsable() => IsUsable = true;

    /// <summary>Looks again at how media goes without ICE.</summary>
    public void LookAtPlain() => Plain = Transport?.Plain ?? Plain;

    /// <summary>Nothing of the transport is left in the network.</summary>
    public void Closed() => Transport = null;

    /// <summary>A transport that throws even at its end: its sockets are closed under it.</summary>
    public void Drop()
    {
        Transport = null;
        network.CloseAll();
    }
}
