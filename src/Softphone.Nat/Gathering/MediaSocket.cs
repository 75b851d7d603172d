using Softphone.Core;

namespace Softphone.Nat;

/// <summary>One UDP socket of a media stream: a base, and its host candidate.</summary>
/// <param name="Path">The socket.</param>
/// <param name="Host">Its host candidate.</param>
/// <param name="Rank">Place of its interface, 0 for the best.</param>
internal sealed record MediaSocket(PathId Path, Candidate Host, int Rank)
{
    public Candidate Host { get; private set; } = Host;

    public int Rank { get; private set; } = Rank;

    public Address Address => Host.Address;

    /// <summary>Only speaks to a TURN server that remembers the port of its sibling: no candidate of its own.</summary>
    public bool IsSpare { get; private init; }

    public int Component => Host.Component;

    /// <summary>Opens the sockets of one interface: an even port and the next one where that works (RFC 3550 §11), any two otherwise.</summary>
    public static IReadOnlyList<MediaSocket> Open(INetwork network, IpAddress address, int rank, bool separateRtcp, Foundations foundations)
    {
        if (!network.TryOpen(Transport.Udp, address, 0, out var path, out var bound, out _)) return [];
        if (!separateRtcp) return [Make(1, path, bound, rank, foundations)];
        var neighbour = (ushort)(bound.Port ^ 1);
        if (network.TryOpen(Transport.Udp, address, neighbour, out var other, out var otherBound, out _)
            || network.TryOpen(Transport.Udp, address, 0, out other, out otherBound, out _))
        {
            var swap = otherBound.Port == neighbour && neighbour < bound.Port;
            return swap
                ? [Make(1, other, otherBound, rank, foundations), Make(2, path, bound, rank, foundations)]
                : [Make(1, path, bound, rank, foundations), Make(2, other, otherBound, rank, foundations)];
        }

        return [Make(1, path, bound, rank, foundations)];
    }

    /// <summary>Its interface has another place now.</summary>
    public void MoveTo(int rank)
    {
        Host = At(Host, rank);
        Rank = rank;
    }

    /// <summary>A candidate as it stands where its interface has this place: the type and the server it came by weigh what they did.</summary>
    public static Candidate At(Candidate candidate, int rank)
    {
        var preference = Preference(rank, 255 - (int)((candidate.Priority >> 8) & 255));
        return candidate with { Priority = (candidate.Priority & 0xFF00_00FF) | ((uint)preference << 8) };
    }

    /// <summary>Another port of the same component and interface; null when none could be opened.</summary>
    public MediaSocket? OpenSpare(INetwork network) =>
        network.TryOpen(Transport.Udp, Address.Ip, 0, out var path, out var bound, out _)
            ? new MediaSocket(path, Host with { Path = path, Address = bound, Base = bound }, Rank) { IsSpare = true }
            : null;

    private static MediaSocket Make(int component, PathId path, Address bound, int rank, Foundations foundations) =>
        new(path, Candidate.Host(component, path, bound, Preference(rank), foundations.Of(CandidateType.Host, bound.Ip, Transport.Udp)), rank);

    /// <summary>Unique for each interface and each server of it (RFC 8445 §5.1.2.1).</summary>
    public static ushort Preference(int rank, int server = 0) => (ushort)(65535 - rank * 256 - server);
}
