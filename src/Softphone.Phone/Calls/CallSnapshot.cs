using System.Globalization;
using Softphone.Core;
using Softphone.Media;
using Softphone.Nat;
using Softphone.Sip;

namespace Softphone.Phone;

/// <summary>One call as a view shows it. Immutable.</summary>
/// <param name="Id">The call.</param>
/// <param name="State">Where it stands.</param>
/// <param name="Direction">Who called.</param>
/// <param name="Peer">The other side's URI.</param>
/// <param name="Since">When it was answered; null before.</param>
/// <param name="Path">host, srflx, prflx or relay; empty while there is none.</param>
/// <param name="Media">Statistics; null before media was negotiated.</param>
/// <param name="Ice">Candidates and pairs; null without ICE.</param>
public sealed record CallSnapshot(
    CallId Id, CallState State, CallDirection Direction, string Peer, Instant? Since, string Path, MediaStatistics? Media, IceSnapshot? Ice)
{
    /// <summary>The name that the other side gives itself; empty when it gives none.</summary>
    public string DisplayName { get; init; } = "";

    /// <summary>Which of the phone's accounts.</summary>
    public AccountId Account { get; init; }

    /// <summary>We hold it, from the moment that it is asked for.</summary>
    public bool IsHeldHere { get; init; }

    /// <summary>The peer holds it.</summary>
    public bool IsHeldThere { get; init; }

    /// <summary>Who refreshes the session and when (RFC 4028), for a person; empty without a session timer.</summary>
    public string Timer { get; init; } = "";

    /// <summary>Why this path and not a better one, while the call goes on; after it the summary's.</summary>
    public Explanation Why { get; init; } = Softphone.Phone.Explanation.Empty;

    /// <summary>The same as one paragraph for a person; empty before there is anything to say.</summary>
    public string Explanation { get; init; } = "";
}

internal sealed partial class Call
{
    /// <summary>The facts of a call that is over: what was told then stays.</summary>
    private static readonly StoryFacts Ended = new("", null, null, -1, 0, false);

    private (StoryFacts Facts, Explanation Why, string Text) _tale = (default, Explanation.Empty, "");

    public CallSnapshot Snapshot(Instant now)
    {
        var ice = _transport?.Snapshot();
        if (_tale.Facts != Ended) Tell(ice);
        return new CallSnapshot(Id, State, Direction, Peer, _answeredAt, Path, _audio.Snapshot(now), ice)
        {
            DisplayName = _displayName,
            Account = _account,
            IsHeldHere = State != CallState.Ended && _wantHold,
            IsHeldThere = State != CallState.Ended && _agreed?.IsHeldByRemote == true,
            Timer = TimerText(now),
            Why = _tale.Why,
            Explanation = _tale.Text,
        };
    }

    /// <summary>A view is made ten times a second, and what it says changes rarely: it is told anew only when its facts are others.</summary>
    private void Tell(IceSnapshot? ice)
    {
        var pair = ice?.Pairs.FirstOrDefault(p => p is { IsSelected: true, Component: 1 });
        var plain = _usesIce ? null : _transport?.Plain;
        var facts = new StoryFacts(Path, pair?.Local.Address, pair?.Remote.Address ?? plain?.Remote, _lastMove?.Number ?? 0, _serverFaults.Count + _phone.Servers.Unknown.Count(), ice?.Pairs.Count > 0)
        {
            Contests = plain?.Contests ?? 0,
            IsHeldBack = plain?.HeldBack > 0,
            IceFlaw = _agreed?.IceFlaw,
            Remotes = ice?.Remote.Count ?? 0,
            Locals = ice?.Local.Count ?? 0,
        };
        if (_tale.Facts != facts) _tale = Told(facts, Explainer(ice, plain).Live(Path));
    }

    private static (StoryFacts Facts, Explanation Why, string Text) Told(StoryFacts facts, Explanation why) => (facts, why, ExplanationText.Of(why));

    private Explainer Explainer(IceSnapshot? ice, PlainMedia? plain) => new(NatFacts.Of(_phone.Options.Nat))
    {
        Ice = ice,
        Last = _usesIce && _selected.TryGetValue(1, out var last) ? new MediaRoute.Pair(last.Local, last.Remote) : null,
        Servers = [.. ServersUnknown(), .. _serverFaults],
        Move = _lastMove,
        Plain = plain,
        IceFlaw = _agreed?.IceFlaw,
        ServerHint = _phone.Options.ServerHint,
        // A few that came before the answer did say nothing; what is not believed of checks has causes of its own.
        Dropped = [.. (_transport?.Dropped ?? []).Where(d => d.From.IsValid && (d.Layer != Layer.Media || d.Count >= Softphone.Phone.Explainer.Many))],
    };

    private string TimerText(Instant now)
    {
        if (State == CallState.Ended || !_session.IsOpen || _session.Timer is not { } timer) return "";
        var left = timer.Due - now;
        var text = left >= TimeSpan.FromMinutes(2) ? string.Create(CultureInfo.InvariantCulture, $"{left.TotalMinutes:0} min") : string.Create(CultureInfo.InvariantCulture, $"{Math.Max(0, left.TotalSeconds):0} s");
        return timer.WeRefresh ? $"we refresh, next in {text}" : $"the peer refreshes, within {text}";
    }

    /// <summary>What the paragraph is made of.</summary>
    private readonly record struct StoryFacts(string Path, Address? Local, Address? Remote, int Moves, int Faults, bool HasPairs)
    {
        public int Contests { get; init; }

        public bool IsHeldBack { get; init; }

        public string? IceFlaw { get; init; }

        /// <summary>Candidates that were learnt since show more of the networks.</summary>
        public int Remotes { get; init; }

        public int Locals { get; init; }
    }
}
