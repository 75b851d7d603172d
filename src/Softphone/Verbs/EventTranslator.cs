using Softphone.Core;
using Softphone.Media;
using Softphone.Nat;
using Softphone.Phone;
using Softphone.Sip;

namespace Softphone.Cli;

/// <summary>Turns what happens on a phone into the lines of the contract.</summary>
/// <param name="wallClock">The time of day of an instant of the phone.</param>
internal sealed class EventTranslator(Func<Instant, DateTimeOffset> wallClock)
{
    /// <summary>The line of an event; null for one that has none.</summary>
    public OutputEvent? Of(PhoneEvent happened) => happened switch
    {
        PhoneEvent.Registration e => new OutputEvent.Registration
        {
            T = wallClock(e.At),
            State = e.State.ToString().ToLowerInvariant(),
            Aor = e.Aor,
            Server = e.Server,
            ExpiresS = e.Expires is { } expires ? (int)expires.TotalSeconds : null,
            Status = e.Status,
            Reason = (e is { State: RegistrationState.Failed, IsAnswered: false, Fault: { } unanswered } ? unanswered.What : ReasonOf(e.Reason, e.Fault)) is { Length: > 0 } reason ? reason : null,
            Contact = e.Contact.Length > 0 ? e.Contact : null,
            Dropped = Dropped(e.Dropped),
            IsUnanswered = e is { State: RegistrationState.Failed, IsAnswered: false },
        },
        PhoneEvent.ServerSilent e => new OutputEvent.ServerSilent
        {
            T = wallClock(e.At),
            Server = e.Server.ToString(),
            Transport = e.Transport.ToString().ToLowerInvariant(),
            Instead = e.Instead.ToString(),
            Reason = e.Fault.What,
        },
        PhoneEvent.WayFound e => new OutputEvent.ServerWay
        {
            T = wallClock(e.At),
            Server = e.Server.ToString(),
            Transport = e.Transport.ToString().ToLowerInvariant(),
            Found = e.Kind switch
            {
                WayKind.StreamChosen => "stream-chosen",
                WayKind.StreamGivenUp => "stream-given-up",
                WayKind.DatagramsCut => "datagrams-cut",
                _ => "segments-cut",
            },
            Reason = e.Fault.What,
            Remedy = e.Fault.Remedy,
        },
        PhoneEvent.Rewritten e => new OutputEvent.Rewritten { T = wallClock(e.At), Server = e.Server.ToString(), Reason = e.Fault.What, Remedy = e.Fault.Remedy },
        PhoneEvent.WayChanged e => new OutputEvent.WayChanged { T = wallClock(e.At), From = e.From, To = e.To, Reason = e.Fault.What, Remedy = e.Fault.Remedy },
        PhoneEvent.CallRefused e => new OutputEvent.CallRefused
        {
            T = wallClock(e.At),
            Why = e.Why switch
            {
                CallRefusal.UnknownUser => "unknown-user",
                CallRefusal.Busy => "busy",
                CallRefusal.Lacking => "lacking",
                CallRefusal.DoNotDisturb => "do-not-disturb",
                CallRefusal.Forwarded => "forwarded",
                _ => "stranger",
            },
            Status = e.Status,
            ForwardedTo = e.ForwardedTo.Length > 0 ? e.ForwardedTo : null,
            Demands = e.Demands.Length > 0 ? e.Demands : null,
            Count = e.Count,
            Peer = e.Peer,
            Target = e.Target,
            Addr = e.Remote.ToString(),
        },
        PhoneEvent.TextReceived e => new OutputEvent.Message
        {
            T = wallClock(e.At),
            Direction = "incoming",
            Peer = e.Peer,
            Name = e.DisplayName.Length > 0 ? e.DisplayName : null,
            Text = e.Text,
        },
        PhoneEvent.TextSent e => new OutputEvent.Message
        {
            T = wallClock(e.At),
            Direction = "outgoing",
            Peer = e.Peer,
            Status = e.Status,
            Reason = e.Reason,
            Ms = Math.Round(e.RoundTrip.TotalMilliseconds, 1),
        },
        PhoneEvent.CallChanged e => new OutputEvent.CallState
        {
            T = wallClock(e.At),
            Call = e.Call.ToString(),
            State = e.State.ToString().ToLowerInvariant(),
            Direction = e.Direction.ToString().ToLowerInvariant(),
            Peer = e.Peer,
            Status = e.Status,
            Reason = e.Reason.Length > 0 ? e.Reason : null,
            Srtp = SuiteOf(e.Security),
            SrtpBy = ByOf(e.Security),
            ForwardedBy = e.Forwarding is { } by ? ForwardWords.By(by) : null,
            ForwardedWhy = e.Forwarding is { } forwarding ? ForwardWords.Word(forwarding.Why) : null,
        },
        PhoneEvent.CandidateFound e => OfCandidate(wallClock(e.At), e.Call.ToString(), e.Candidate, e.IsLocal),
        PhoneEvent.PairChanged e => OfPair(wallClock(e.At), e.Call.ToString(), e.Local, e.Remote, e.State, e.Rtt, e.IsNominated),
        PhoneEvent.IceChanged e => new OutputEvent.IceState
        {
            T = wallClock(e.At),
            Call = e.Call.ToString(),
            State = e.State.ToString().ToLowerInvariant(),
            Role = e.Role.ToString().ToLowerInvariant(),
        },
        PhoneEvent.PathSelected e => new OutputEvent.IceSelected
        {
            T = wallClock(e.At),
            Call = e.Call.ToString(),
            Component = e.Component,
            Local = End(e.Local),
            Remote = End(e.Remote),
            Path = e.Path,
            RttMs = Ms(e.Rtt),
            IceMs = Ms(e.Ice),
        },
        PhoneEvent.MediaReport e => new OutputEvent.Media
        {
            T = wallClock(e.At),
            Call = e.Call.ToString(),
            Codec = e.Statistics.Codec.ToLowerInvariant(),
            Tx = Flow(e.Statistics.Tx),
            Rx = Flow(e.Statistics.Rx),
            RttMs = Round(e.Statistics.RttMs),
            PlayoutMs = Round(e.Statistics.PlayoutMs),
            ConcealedPct = Round(e.Statistics.ConcealedPercent, 2),
            Mos = Round(e.Statistics.Mos, 2),
            NotAgreed = Strange(e.Statistics),
            Srtp = SuiteOf(e.Security),
            SrtpBy = ByOf(e.Security),
            Recent = new OutputEvent.Stretch(Round(e.Recent.Mos, 2), Round(e.Recent.LossPercent, 2), Math.Round(e.Recent.ConcealedPercent, 2)),
        },
        PhoneEvent.DigitReceived e => new OutputEvent.Dtmf
        {
            T = wallClock(e.At),
            Call = e.Call.ToString(),
            Digit = e.Digit.ToString(),
            DurationMs = e.DurationMs,
            Via = e.Via,
        },
        PhoneEvent.TransferRequested e => new OutputEvent.Refer
        {
            T = wallClock(e.At),
            Call = e.Call.ToString(),
            Target = e.Target,
            By = e.By.Length > 0 ? e.By : null,
            NewCall = e.NewCall?.ToString(),
        },
        PhoneEvent.CallReplaced e => new OutputEvent.CallReplaced { T = wallClock(e.At), Call = e.Call.ToString(), By = e.By.ToString() },
        PhoneEvent.PeerSilent e => new OutputEvent.MediaSilent { T = wallClock(e.At), Call = e.Call.ToString(), SilentS = e.SilentFor.TotalSeconds, EndsInS = e.EndsIn.TotalSeconds },
        PhoneEvent.SecurityChanged e => new OutputEvent.CallSecurityChange { T = wallClock(e.At), Call = e.Call.ToString(), Srtp = SuiteOf(e.Security), SrtpBy = ByOf(e.Security), Weakened = e.Security.IsWeakened },
        PhoneEvent.SourceContested e => new OutputEvent.MediaContested { T = wallClock(e.At), Call = e.Call.ToString(), First = e.First.ToString(), Second = e.Second.ToString() },
        PhoneEvent.Listening e => new OutputEvent.Listening { T = wallClock(e.At), Addr = e.Address.ToString(), Transport = e.Transport.ToString().ToLowerInvariant() },
        PhoneEvent.MessagesWaiting e => new OutputEvent.Messages { T = wallClock(e.At), New = e.New, Old = e.Old },
        _ => null,
    };

    /// <summary>What became of one request out of any call. Where nobody answered, the status that stands for that is left out.</summary>
    public OutputEvent.OptionsAnswer Of(PhoneEvent.RequestAnswered answered, SipUri target) => new()
    {
        T = wallClock(answered.At),
        Target = target.ToString(),
        Status = answered.Response?.Status,
        Reason = answered.Response is null ? answered.Fault?.What ?? answered.Reason : answered.Reason,
        Ms = Math.Round(answered.RoundTrip.TotalMilliseconds, 1),
        Allow = answered.Response?.Headers.GetList("Allow") is { Count: > 0 } methods ? methods : null,
        Server = answered.Response?.Headers.Get("Server") ?? answered.Response?.Headers.Get("User-Agent"),
    };

    /// <summary>The last line of a call, with the expectations that failed.</summary>
    public OutputEvent.CallEnd Of(PhoneEvent.CallEnded ended, IReadOnlyList<string> failed) => new()
    {
        T = wallClock(ended.At),
        Call = ended.Call.ToString(),
        Status = ended.Summary.Status,
        Reason = ReasonOf(ended.Summary.Reason, ended.Summary.Fault),
        Cause = ended.Summary.Cause.ToString().ToLowerInvariant(),
        SetupMs = Ms(ended.Summary.Setup),
        IceMs = Ms(ended.Summary.Ice),
        MediaMs = Ms(ended.Summary.FirstAudio),
        GapMs = Ms(CallOutcome.Of(ended.Summary).Gap),
        Path = ended.Summary.Path.Length > 0 ? ended.Summary.Path : null,
        Codec = ended.Summary.Codec.Length > 0 ? ended.Summary.Codec : null,
        Srtp = CallOutcome.Of(ended.Summary).Srtp,
        SrtpBy = CallOutcome.Of(ended.Summary).SrtpBy,
        Tx = ended.Summary.Media is { } sent ? Flow(sent.Tx) : null,
        Rx = ended.Summary.Media is { } taken ? Flow(taken.Rx) : null,
        Mos = Round(ended.Summary.Media?.Mos, 2),
        NotAgreed = ended.Summary.Media is { } media ? Strange(media) : null,
        Audio = CallOutcome.NameOf(ended.Summary.Audio),
        Dropped = Dropped(ended.Summary.Dropped),
        Expect = new OutputEvent.ExpectResult(failed),
    };

    public OutputEvent.Explain Explain(Instant at, CallId? call, string text) => new() { T = wallClock(at), Call = call?.ToString(), Text = text };

    public OutputEvent.Explain Explain(Instant at, CallId? call, Explanation why) => new()
    {
        T = wallClock(at),
        Call = call?.ToString(),
        Text = ExplanationText.Of(why),
        Cause = ExplainCause.Of(why.Cause),
        Remedies = why.Remedies.Count == 0 ? null : [.. why.Remedies.Select(ExplainRemedy.Of)],
    };

    /// <summary>Where no server was spoken to, nobody said "Service Unavailable".</summary>
    private static string ReasonOf(string reason, Fault? fault) => fault is { Layer: Layer.Dns or Layer.Transport or Layer.Tls } ? fault.What : reason;

    private static string? SuiteOf(CallSecurity security) => security.IsSecured ? security.Suite : null;

    private static string? ByOf(CallSecurity security) => security.IsSecured ? security.By : null;

    private static OutputEvent.EndPoint End(Candidate candidate) => new(Candidate.Name(candidate.Type), candidate.Address.ToString());

    private static OutputEvent.Flow Flow(StreamStatistics flow) => new()
    {
        Packets = flow.Packets,
        Bytes = flow.Bytes,
        Lost = flow.Lost,
        LossPct = Math.Round(flow.LossPercent, 2),
        JitterMs = Math.Round(flow.JitterMs, 1),
        LevelDbfs = Math.Round(flow.LevelDbfs, 1),
    };

    private static List<OutputEvent.StrangePackets>? Strange(MediaStatistics media) =>
        media.StrangeTypes.Count == 0 ? null : [.. media.StrangeTypes.Select(t => new OutputEvent.StrangePackets(t.PayloadType, t.Packets))];

    private static List<OutputEvent.DroppedPackets>? Dropped(IReadOnlyList<Dropped> dropped) => dropped.Count == 0 ? null
        : [.. dropped.Select(d => new OutputEvent.DroppedPackets(d.Layer.ToString().ToLowerInvariant(), d.From.IsValid ? d.From.ToString() : null, d.Why, d.Count))];

    private static double? Ms(TimeSpan? time) => Round(time?.TotalMilliseconds);

    private static double? Round(double? value, int digits = 1) => value is { } v ? Math.Round(v, digits) : null;

    public static OutputEvent OfCandidate(DateTimeOffset at, string? call, Candidate candidate, bool isLocal) => new OutputEvent.IceCandidate
    {
        T = at,
        Call = call,
        Side = isLocal ? "local" : "remote",
        Component = candidate.Component,
        Type = Candidate.Name(candidate.Type),
        Addr = candidate.Address.ToString(),
        Transport = candidate.Transport.ToString().ToLowerInvariant(),
        Priority = candidate.Priority,
        Foundation = candidate.Foundation,
        Server = candidate.Server.IsValid ? candidate.Server.ToString() : null,
    };

    public static OutputEvent OfPair(DateTimeOffset at, string? call, Candidate local, Candidate remote, PairState state, TimeSpan? rtt, bool isNominated) => new OutputEvent.IcePair
    {
        T = at,
        Call = call,
        Component = local.Component,
        Local = local.Describe(),
        Remote = remote.Describe(),
        State = state == PairState.InProgress ? "in-progress" : state.ToString().ToLowerInvariant(),
        RttMs = Ms(rtt),
        Nominated = isNominated,
    };
}
