using System.Globalization;
using Softphone.Core;
using Softphone.Media;
using Softphone.Nat;
using Softphone.Sip;

namespace Softphone.Phone;

/// <summary>What a person is told of a call, while it goes on and after it: which path it takes, why not a better one, and how it went.</summary>
/// <param name="call">The call.</param>
/// <param name="path">Its path.</param>
/// <param name="negotiation">What was agreed.</param>
/// <param name="setup">When it was asked for and answered.</param>
/// <param name="ending">Why it ended.</param>
/// <param name="servers">Names of servers that have no address.</param>
internal sealed class CallStory(Call call, CallPath path, Negotiation negotiation, CallSetup setup, CallEnding ending, ServerNames servers)
{
    private static readonly TimeSpan PathPatience = TimeSpan.FromSeconds(5);

    /// <summary>The facts of a call that is over: what was told then stays.</summary>
    private static readonly Facts Ended = new("", null, null, -1, 0, false);

    /// <summary>What was told last, and of which facts.</summary>
    private (Facts Facts, Explanation Why, string Text) _tale = (default, Explanation.Empty, "");

    public CallSnapshot Snapshot(Instant now)
    {
        var ice = path.Transport?.Snapshot();
        if (_tale.Facts != Ended) Tell(ice);
        var isOver = call.State == CallState.Ended;
        return new CallSnapshot(call.Id, call.State, call.Direction, call.Peer, setup.AnsweredAt, path.Name, call.Audio.Snapshot(now), ice)
        {
            DisplayName = call.DisplayName,
            Account = call.Account,
            IsHeldHere = !isOver && call.Offers.WantsHold,
            IsHeldThere = !isOver && negotiation.Agreed?.IsHeldByRemote == true,
            Security = call.Security,
            Timer = isOver ? "" : TimerText(now),
            Why = _tale.Why,
            Explanation = _tale.Text,
        };
    }

    /// <summary>A call that ends without ever having had a path for media failed for want of one, whichever side hangs up.</summary>
    public Fault? NeverAPath(Instant now) =>
        path is { UsesIce: true, IsUsable: false } && now - setup.AnsweredAt >= PathPatience && path.Transport?.Snapshot() is { } ice ? Diagnosis.Of(ice) : null;

    /// <summary>How the call went, told once.</summary>
    public CallSummary Summarize(CallEndCause cause, int status, string reason, Fault? fault, MediaStatistics? statistics)
    {
        path.LookAtPlain();
        var audio = call.Audio;
        var summary = new CallSummary(
            status,
            reason,
            cause,
            fault,
            setup.AnsweredAt - setup.InvitedAt,
            path.Log.IceTook,
            audio.FirstAudio is { } first && setup.AnsweredAt is { } answered ? (first > answered ? first - answered : TimeSpan.Zero) : null,
            path.Name,
            statistics?.Codec.ToLowerInvariant() ?? "",
            (audio.Left > 0, audio.FirstAudio is not null) switch
            {
                (true, true) => AudioOutcome.TwoWay,
                (true, false) => AudioOutcome.SendOnly,
                (false, true) => AudioOutcome.ReceiveOnly,
                _ => AudioOutcome.None,
            },
            statistics,
            audio.Keys.Digits,
            Explanation.Empty);
        var why = Explainer(path.Transport?.Snapshot(), path.UsesIce ? null : path.Plain).Of(summary, setup.AnsweredAt is not null);
        if ((setup as Ringing)?.ForwardedTo is { } target) why = new Explanation { Cause = new Cause.TurnedAway(TurnedAway.NoAnswer, 302, target.ToString()) };
        if (fault is { Layer: Layer.Ice, Remedy: "" }) fault = fault with { Remedy = ExplanationText.Remedies(why) };

        _tale = Told(Ended, why);
        var went = fault is null && setup.AnsweredAt is not null && summary.Audio == AudioOutcome.TwoWay;
        return summary with
        {
            Fault = fault,
            Why = why,
            IsAnsweredElsewhere = ending.IsElsewhere,
            Security = call.Security,
            WasPlainInPart = negotiation.Crypto.WasPlainInPart,
            Dropped = went ? [] : [.. ending.Unread, .. path.Transport?.Dropped ?? [], .. DroppedMedia(statistics)],
        };
    }

    /// <summary>How a call went that an error of this program ended: nothing is asked of its parts that may throw again.</summary>
    public CallSummary SummarizeBroken(string reason, Fault fault) => new(
        500, reason, CallEndCause.Error, fault, setup.AnsweredAt - setup.InvitedAt, path.Log.IceTook, null, path.Name, "", AudioOutcome.None, null, call.Audio.Keys.Digits,
        new Explanation { Fault = fault, Cause = new Cause.Failed(Failure.Internal, setup.AnsweredAt is not null) })
    {
        Security = call.Security,
        WasPlainInPart = negotiation.Crypto.WasPlainInPart,
    };

    private static (Facts Facts, Explanation Why, string Text) Told(Facts facts, Explanation why) => (facts, why, ExplanationText.Of(why));

    /// <summary>A view is made ten times a second, and what it says changes rarely: it is told anew only when its facts are others.</summary>
    private void Tell(IceSnapshot? ice)
    {
        var pair = ice?.Pairs.FirstOrDefault(p => p is { IsSelected: true, Component: 1 });
        var plain = path.UsesIce ? null : path.Transport?.Plain;
        var facts = new Facts(
            path.Name, pair?.Local.Address, pair?.Remote.Address ?? plain?.Remote, path.Log.LastMove?.Number ?? 0, path.Log.ServerFaults.Count + servers.Unknown.Count(), ice?.Pairs.Count > 0)
        {
            Contests = plain?.Contests ?? 0,
            IsHeldBack = plain?.HeldBack > 0,
            IceFlaw = negotiation.Agreed?.IceFlaw,
            Remotes = ice?.Remote.Count ?? 0,
            Locals = ice?.Local.Count ?? 0,
        };
        if (_tale.Facts != facts) _tale = Told(facts, Explainer(ice, plain).Live(path.Name));
    }

    private Explainer Explainer(IceSnapshot? ice, PlainMedia? plain) => new(NatFacts.Of(call.Options.Nat))
    {
        Ice = ice,
        Last = path.UsesIce && path.Log.Selected is { } last ? new MediaRoute.Pair(last.Local, last.Remote) : null,
        Servers = [.. ServersUnknown(), .. path.Log.ServerFaults],
        Move = path.Log.LastMove,
        Plain = plain,
        IceFlaw = negotiation.Agreed?.IceFlaw,
        ServerHint = call.Options.ServerHint,
        // A few that came before the answer did say nothing; what is not believed of checks has causes of its own.
        Dropped = [.. (path.Transport?.Dropped ?? []).Where(d => d.From.IsValid && (d.Layer != Layer.Media || d.Count >= Softphone.Phone.Explainer.Many))],
    };

    private string TimerText(Instant now)
    {
        if (call.Signalling.Timer is not { } timer) return "";
        var left = timer.Due - now;
        var text = left >= TimeSpan.FromMinutes(2) ? string.Create(CultureInfo.InvariantCulture, $"{left.TotalMinutes:0} min") : string.Create(CultureInfo.InvariantCulture, $"{Math.Max(0, left.TotalSeconds):0} s");
        return timer.WeRefresh ? $"we refresh, next in {text}" : $"the peer refreshes, within {text}";
    }

    private IEnumerable<Fault> ServersUnknown() => servers.Unknown.Select(server => server.IsAbsent
        ? new Fault(Layer.Dns, $"\"{server.Name}\" has no address", "check the spelling of the STUN or TURN server and the DNS")
        : new Fault(Layer.Dns, $"no name server has told where \"{server.Name}\" is", "check the network connection and the name servers of this computer"));

    private IEnumerable<Dropped> DroppedMedia(MediaStatistics? media)
    {
        if (path.Plain is { Refused: > 0 } plain) yield return new Dropped(Layer.Media, default, "audio of a source that the peer's description does not name", plain.Refused);
        if (media is null) yield break;
        if (media.Drops.Malformed > 0) yield return new Dropped(Layer.Media, default, "neither RTP nor RTCP by form", media.Drops.Malformed);
        if (media.Drops.UnknownSource > 0) yield return new Dropped(Layer.Media, default, "RTP of another source, or of one that sent no two packets in order", media.Drops.UnknownSource);
        if (media.Drops.Forged > 0) yield return new Dropped(Layer.Media, default, "SRTP that is not of the peer's key, or no SRTP where it was agreed on", media.Drops.Forged);
        if (media.Drops.Unprotected > 0) yield return new Dropped(Layer.Media, default, "RTCP that is not encrypted where that was agreed on", media.Drops.Unprotected);
        foreach (var strange in media.StrangeTypes)
            yield return new Dropped(Layer.Media, default, $"RTP of payload type {strange.PayloadType}, which was not agreed", strange.Packets);
    }

    /// <summary>What the paragraph is made of.</summary>
    private readonly record struct Facts(string Path, Address? Local, Address? Remote, int Moves, int Faults, bool HasPairs)
    {
        public int Contests { get; init; }

        public bool IsHeldBack { get; init; }

        public string? IceFlaw { get; init; }

        /// <summary>Candidates that were learnt since show more of the networks.</summary>
        public int Remotes { get; init; }

        public int Locals { get; init; }
    }
}
