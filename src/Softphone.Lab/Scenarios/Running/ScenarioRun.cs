using Softphone.Core;
using Softphone.Media;
using Softphone.Phone;
using Softphone.Sip;

namespace Softphone.Lab;

/// <summary>
/// Plays one scenario: builds its internet and its phones, takes the steps when they are due and, once every call is over, shuts the
/// phones down and holds the expectations against what happened. The owner drives the world until <see cref="IsOver"/>; nothing waits.
/// </summary>
public sealed partial class ScenarioRun
{
    /// <summary>The longest that phones may take to leave once their calls are over.</summary>
    private static readonly TimeSpan Leaving = TimeSpan.FromSeconds(40);

    private readonly ScenarioNet _net;
    private readonly Dictionary<string, Party> _parties = [];
    private readonly List<ScenarioFailure> _failures = [];
    private int _next;
    private Instant _stepped;
    private Instant? _waitingFor;
    private Instant? _leftAt;
    private bool _checkPending;

    /// <param name="scenario">What to play.</param>
    /// <param name="codecs">The codecs of the phones.</param>
    /// <param name="seed">Instead of the scenario's own.</param>
    /// <param name="trace">Where the world records what it drops; nowhere when null.</param>
    /// <param name="audio">What each phone plays in a call, by its name; silence when null.</param>
    public ScenarioRun(Scenario scenario, ICodecFactory codecs, ulong? seed = null, Trace? trace = null, Func<string, CallOptions>? audio = null)
    {
        Scenario = scenario;
        World = new World(seed ?? scenario.Seed, trace);
        Servers = new LabServers(World, scenario.Phones.Select(p => p.Name), trace, scenario.SipLine, scenario.TurnLine, scenario.SipFamilies, scenario.TurnFamilies, routesByName: scenario.Networks.Any(n => n.Nat64 is not null));
        World.Names.Delay = scenario.DnsDelay;
        World.Names.IsDead = scenario.DnsIsDead;
        _net = new ScenarioNet(World, scenario);
        foreach (var phone in scenario.Phones) _parties.Add(phone.Name, new Party(this, phone, codecs, audio));
    }

    public Scenario Scenario { get; }

    public World World { get; }

    public LabServers Servers { get; }

    /// <summary>The phones by name, in the order of the file.</summary>
    public IEnumerable<(string Name, VirtualPhone Phone)> Phones => _parties.Select(p => (p.Key, p.Value.Phone));

    /// <summary>Called for each step as it is taken.</summary>
    public Action<Instant, ScenarioStep>? Stepped { get; set; }

    /// <summary>Called for each event of a phone.</summary>
    public Action<string, PhoneEvent>? Happened { get; set; }

    /// <summary>Everything has happened and was judged.</summary>
    public bool IsOver { get; private set; }

    /// <summary>What did not hold; only complete when it is over.</summary>
    public IReadOnlyList<ScenarioFailure> Failures => _failures;

    public bool Passed => IsOver && _failures.Count == 0;

    /// <summary>The latest time of the world at which it is over.</summary>
    public Instant Deadline => Instant.Zero + Scenario.Limit + Leaving + TimeSpan.FromSeconds(1);

    /// <summary>Starts the phones; they register at once.</summary>
    public void Begin()
    {
        foreach (var party in _parties.Values) party.Begin();
        World.At(Instant.Zero + Scenario.Limit, GiveUp);
        Check();
    }

    /// <summary>Plays it in virtual time, as fast as it goes.</summary>
    public void Play(CancellationToken stop = default)
    {
        Begin();
        World.RunUntil(() => IsOver || stop.IsCancellationRequested, Deadline);
    }

    /// <summary>How the last call of a phone went; null when it had none.</summary>
    public CallSummary? SummaryOf(string phone) => _parties[phone].LastSummary;

    /// <summary>Takes the steps that are due, and ends when none is left and every call is over.</summary>
    private void Check()
    {
        _checkPending = false;
        while (_leftAt is null && _next < Scenario.Steps.Count)
        {
            var step = Scenario.Steps[_next];
            var due = step.When switch
            {
                StepTime.At at => Instant.Zero + at.Time,
                StepTime.After after => _stepped + after.Time,
                _ => World.Now,
            };
            if (due > World.Now)
            {
                if (_waitingFor != due) World.At(due, Check);
                _waitingFor = due;
                return;
            }

            if (step.Action is StepAction.Wait wait && !Of(wait.Phone).All(p => p.Is(wait.Condition))) return;
            _next++;
            _stepped = World.Now;
            Stepped?.Invoke(World.Now, step);
            Take(step.Action);
        }

        if (_leftAt is null && _parties.Values.All(p => p.IsIdle)) Leave();
        if (_leftAt is not null && !IsOver && _parties.Values.All(p => p.IsDown)) Judge();
    }

    private void CheckSoon()
    {
        if (_checkPending || IsOver) return;
        _checkPending = true;
        World.Post(Check);
    }

    /// <summary>The time is up.</summary>
    private void GiveUp()
    {
        if (_leftAt is not null) return;
        if (_next < Scenario.Steps.Count)
        {
            var step = Scenario.Steps[_next];
            _failures.Add(new ScenarioFailure(step.Line, $"the step \"{step.Text}\" was not reached within {DurationText.Write(Scenario.Limit)}"));
        }
        else
        {
            var busy = _parties.Where(p => !p.Value.IsIdle).Select(p => p.Key);
            _failures.Add(new ScenarioFailure(0, $"the call of {string.Join(" and ", busy)} was not over within {DurationText.Write(Scenario.Limit)}; a step may hang up, or a call may last a time"));
        }

        Leave();
    }

    private void Leave()
    {
        _leftAt = World.Now;
        foreach (var party in _parties.Values) party.Leave();
        World.At(World.Now + Leaving, () =>
        {
            if (!IsOver) Judge();
        });
    }

    private void Judge()
    {
        IsOver = true;
        foreach (var expectation in Scenario.Expectations)
        {
            switch (expectation)
            {
                case ScenarioExpectation.OfCall e:
                    var outcome = _parties[e.Phone].LastSummary is { } summary ? CallOutcome.Of(summary) : new CallOutcome();
                    if (e.Expectation.Failure(outcome) is { } failure) Fail(e, $"{e.Phone}: {failure}");
                    break;
                case ScenarioExpectation.Drops e when World.Counters.DroppedFor(e.Reason) is var dropped && !e.Holds(dropped):
                    Fail(e, $"{e.Text} does not hold: there were {dropped}");
                    break;
                case ScenarioExpectation.Clean e when Rest() is { Length: > 0 } rest:
                    Fail(e, $"not clean: {rest} left");
                    break;
            }
        }

        void Fail(ScenarioExpectation expectation, string what) => _failures.Add(new ScenarioFailure(expectation.Line, what));
    }

    /// <summary>What is left of the phones on the servers and the hosts, in words; empty when nothing is.</summary>
    private string Rest()
    {
        var rest = new List<string>();
        if (Servers.StunAndTurn.Turn.Allocations is > 0 and var allocations) rest.Add($"{allocations} TURN allocations");
        if (Servers.Sip.Bindings is > 0 and var bindings) rest.Add($"{bindings} registrations");
        foreach (var (name, party) in _parties)
            if (party.Host.OpenSockets is > 0 and var sockets) rest.Add($"{sockets} sockets of {name}");
        return string.Join(", ", rest);
    }

    private IEnumerable<Party> Of(string phone) => phone == StepNames.Everybody ? _parties.Values : [_parties[phone]];
}
