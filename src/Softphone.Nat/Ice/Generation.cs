using System.Text;
using Softphone.Core;

namespace Softphone.Nat;

/// <summary>
/// Everything that an ICE restart replaces (RFC 8445 §9): the credentials of both sides, the remote candidates and the check list.
/// A pair belongs to one generation for life, so the selected pairs of the last one go on carrying media and consent.
/// </summary>
internal sealed class Generation
{
    private readonly int _maxPairs;

    public Generation(IEntropy entropy, int maxPairs)
        : this(entropy.NextToken(5), entropy.NextToken(22), maxPairs)
    {
        // 5 and 22 characters of 5.95 bits: 29 and 130 bits, where RFC 8839 §5.4 wants 24 and 128.
    }

    private Generation(string ufrag, string pwd, int maxPairs)
    {
        _maxPairs = maxPairs;
        Ufrag = ufrag;
        Pwd = pwd;
        LocalKey = StunCredentials.ShortTerm(Pwd);
        LocalPrefix = Encoding.UTF8.GetBytes(Ufrag + ":");
        Checklist = new Checklist(maxPairs);
    }

    public string Ufrag { get; }

    public string Pwd { get; }

    /// <summary>Signs our responses and proves the peer's requests.</summary>
    public IntegrityKey LocalKey { get; }

    /// <summary>What the USERNAME of the peer's requests starts with.</summary>
    public byte[] LocalPrefix { get; }

    public RemoteIce? Remote { get; private set; }

    /// <summary>Signs our requests and proves the peer's responses.</summary>
    public IntegrityKey? RemoteKey { get; private set; }

    /// <summary>USERNAME of our requests.</summary>
    public byte[] Username { get; private set; } = [];

    public List<Candidate> RemoteCandidates { get; } = [];

    public Checklist Checklist { get; }

    /// <summary>First in, first out (RFC 8445 §6.1.4.1).</summary>
    public Queue<Pair> Triggered { get; } = [];

    /// <summary>Requests of the peer that came before its description.</summary>
    public List<EarlyCheck> Early { get; } = [];

    /// <summary>The same of peers that this agent is not for.</summary>
    public List<(string Ufrag, EarlyCheck Check)> Foreign { get; } = [];

    public bool EndOfRemote { get; set; }

    /// <summary>Components in which an authenticated request of the peer has arrived, a bit each.</summary>
    public int Heard { get; set; }

    public bool PatienceOver { get; set; }

    /// <summary>A peer with IPv6 alone that reaches IPv4 by a NAT64 would have sent a check by now.</summary>
    public bool IsNat64Unlikely { get; set; }

    public int ReflexiveCount { get; set; }

    /// <summary>Puts a pair before all others whose check is triggered.</summary>
    public void Hurry(Pair pair)
    {
        var others = Triggered.Count;
        Triggered.Enqueue(pair);
        for (; others > 0; others--)
            if (Triggered.Dequeue() is var other && other != pair) Triggered.Enqueue(other);
    }

    /// <summary>The same credentials of ours for another peer.</summary>
    public Generation Successor() => new(Ufrag, Pwd, _maxPairs);

    public void SetRemote(RemoteIce remote)
    {
        Remote = remote;
        RemoteKey?.Dispose();
        RemoteKey = StunCredentials.ShortTerm(remote.Pwd);
        Username = Encoding.UTF8.GetBytes($"{remote.Ufrag}:{Ufrag}");
        EndOfRemote = remote.EndOfCandidates;
    }

    /// <summary>Whoever still answers a check of it is no longer listened to: there is no key to prove the answer with.</summary>
    public void Close()
    {
        LocalKey.Dispose();
        RemoteKey?.Dispose();
        RemoteKey = null;
    }

    /// <summary>A request kept for replay, without its octets.</summary>
    public readonly record struct EarlyCheck(Candidate Base, Address Remote, uint Priority, bool UseCandidate);
}
