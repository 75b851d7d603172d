using System.Globalization;
using Softphone.Nat;
using Softphone.Sip;

namespace Softphone.Tui;

/// <summary>What a call's trace tells of its ICE, entry by entry. A restart begins a new check list, and what was learnt of the old one goes.</summary>
internal sealed class IceReading
{
    private readonly Dictionary<int, PairReading> _pairs = [];
    private readonly Dictionary<int, int> _selected = [];
    private readonly Dictionary<(Address Server, Address Mapped), TimeSpan> _costs = [];
    private readonly Dictionary<Candidate, (Instant At, string In)> _added = [];
    private readonly List<Candidate> _local = [];
    private readonly List<Candidate> _remote = [];
    private readonly List<(Address Remote, IceTrace Entry)> _early = [];
    private Instant? _opened;
    private string _description = "";

    public IceRole Role { get; private set; }

    public IceState State { get; private set; }

    public int Restarts { get; private set; }

    public Instant? Began { get; private set; }

    public Instant? Completed { get; private set; }

    public TimeSpan? Gathered { get; private set; }

    public IReadOnlyList<Candidate> Local => _local;

    public IReadOnlyList<Candidate> Remote => _remote;

    public IReadOnlyList<CandidatePair> Pairs() => [.. _pairs.Values.Select(p => p.ToPair(_selected.GetValueOrDefault(p.Added.Local.Component) == p.Added.Pair))];

    public IReadOnlyList<StunStep> StepsOf(int pair) => _pairs.TryGetValue(pair, out var found) ? found.Steps : [];

    /// <summary>"41 ms udp 203.0.113.10": who told us of it, and how far away that is.</summary>
    public string FromOfOurs(Candidate candidate) => candidate.Type switch
    {
        CandidateType.Host => candidate.TcpType == TcpType.None ? "" : Candidate.Name(candidate.TcpType),
        CandidateType.PeerReflexive => $"seen by the peer{After(candidate)}",
        CandidateType.Relayed => $"{Cost(candidate, candidate.RelatedAddress)}{candidate.RelayedBy.ToString().ToLowerInvariant()} {Short(candidate.Server)}",
        _ => $"{Cost(candidate, candidate.Address)}{Short(candidate.Server)}",
    };

    public string FromOfTheirs(Candidate candidate) => candidate.Type == CandidateType.PeerReflexive ? $"learned{After(candidate)}"
        : _added.TryGetValue(candidate, out var told) && told.In.Length > 0 ? $"in {told.In}" : "";

    public void Take(TraceEntry entry)
    {
        switch (entry)
        {
            case GatherTrace.SocketOpened e:
                _opened ??= e.At;
                break;
            case GatherTrace.ServerAnswered { Rtt: { } rtt } e:
                _costs[(e.Server, e.Mapped)] = rtt;
                break;
            case GatherTrace.Ready e when _opened is { } opened:
                Gathered ??= e.At - opened;
                break;
            case SipTrace.Message { IsSent: false } e when e.Text.Contains("a=candidate:", StringComparison.Ordinal):
                _description = NameOf(e.StartLine);
                break;
            case IceTrace.CandidateAdded e:
                (e.IsLocal ? _local : _remote).Add(e.Candidate);
                _added.TryAdd(e.Candidate, (e.At, e.IsLocal ? "" : _description));
                break;
            case IceTrace.Restarted:
                Restart();
                break;
            case IceTrace.RoleChanged e:
                Role = e.Role;
                break;
            case IceTrace.StateChanged e:
                State = e.To;
                if (e.To == IceState.Completed && Began is not null) Completed ??= e.At;
                break;
            case IceTrace.PairAdded e:
                var pair = _pairs[e.Pair] = new PairReading(e);
                pair.Take(e);
                // The check that made the pair came before it.
                foreach (var (remote, early) in _early)
                    if (remote == e.Remote.Address && early.At == e.At) pair.Take(early);
                _early.Clear();
                break;
            case IceTrace.CheckReceived { Pair: 0 } e:
                Keep(e.Remote, e);
                break;
            case IceTrace.AnswerSent { Pair: 0 } e:
                Keep(e.Remote, e);
                break;
            case IceTrace.Selected e:
                _selected[e.Component] = e.Pair;
                Take(e.Pair, e);
                break;
            case IceTrace.CheckSent e:
                Began ??= e.At;
                Take(e.Pair, e);
                break;
            case IceTrace ice:
                Take(PairOf(ice), ice);
                break;
        }
    }

    private static int PairOf(IceTrace entry) => entry switch
    {
        IceTrace.AnswerReceived e => e.Pair,
        IceTrace.CheckReceived e => e.Pair,
        IceTrace.AnswerSent e => e.Pair,
        IceTrace.Nominated e => e.Pair,
        IceTrace.PathDoubted e => e.Pair,
        IceTrace.PairChanged e => e.Pair,
        _ => 0,
    };

    private static string NameOf(string startLine)
    {
        var words = startLine.Split(' ', 3);
        return words.Length < 2 ? "" : words[0].StartsWith("SIP/", StringComparison.Ordinal) ? words[1] : words[0];
    }

    private void Take(int pair, IceTrace entry)
    {
        if (_pairs.TryGetValue(pair, out var found)) found.Take(entry);
    }

    private void Keep(Address remote, IceTrace entry)
    {
        if (_early.Count > 0 && _early[0].Entry.At != entry.At) _early.Clear();
        _early.Add((remote, entry));
    }

    private void Restart()
    {
        Restarts++;
        _pairs.Clear();
        _remote.Clear();
        _early.Clear();
        _local.RemoveAll(c => c.Type == CandidateType.PeerReflexive);
        (Began, Completed) = (null, null);
    }

    private string Cost(Candidate candidate, Address mapped) =>
        _costs.TryGetValue((candidate.Server, mapped), out var rtt) ? string.Create(CultureInfo.InvariantCulture, $"{rtt.TotalMilliseconds:0} ms ") : "";

    /// <summary>Without the port that every server has (RFC 8489 §18.6).</summary>
    private static string Short(Address server) => server.Port == 3478 ? server.Ip.ToString() : server.ToString();

    private string After(Candidate candidate) => Began is { } began && _added.TryGetValue(candidate, out var added)
        ? string.Create(CultureInfo.InvariantCulture, $" {(added.At - began).TotalMilliseconds:+0;-0} ms") : "";

    /// <summary>One pair as its entries tell it.</summary>
    private sealed class PairReading(IceTrace.PairAdded added)
    {
        private readonly List<StunStep> _steps = [];
        private PairState _state;
        private string _failure = "";
        private Instant _sentAt;
        private TimeSpan? _rtt;
        private int _sent;
        private int _received;
        private int _answers;
        private bool _isNominated;
        private Candidate _seen = added.Local;

        public IceTrace.PairAdded Added => added;

        public IReadOnlyList<StunStep> Steps => _steps;

        public void Take(IceTrace entry)
        {
            if (StunStep.Of(entry) is { } step) _steps.Add(step);
            switch (entry)
            {
                case IceTrace.CheckSent e:
                    _sent++;
                    if (e.Attempt == 1) _sentAt = e.At;
                    break;
                case IceTrace.AnswerReceived e:
                    _answers++;
                    if (e.Code == 0) _rtt = e.At - _sentAt;
                    break;
                case IceTrace.CheckReceived:
                    _received++;
                    break;
                case IceTrace.PairChanged e:
                    _state = e.To;
                    _failure = e.To == PairState.Failed ? e.Reason : "";
                    break;
                case IceTrace.Nominated:
                    _isNominated = true;
                    break;
                case IceTrace.Selected e:
                    _seen = e.Local;
                    break;
            }
        }

        public CandidatePair ToPair(bool isSelected) => new(
            added.Pair, added.Local.Component, _seen, added.Remote, added.Priority, _state, _state == PairState.Succeeded, _isNominated, isSelected, false, _rtt, _sent, _received,
            _answers, _failure);
    }
}
