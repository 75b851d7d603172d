using Softphone.Core;

namespace Softphone.Nat;

/// <summary>What the answers, and their absence, amount to (RFC 5780 §4.3, §4.4).</summary>
public sealed partial class NatDiscovery
{
    /// <summary>The chance of being wrong that a verdict by silence may carry.</summary>
    private const double Tolerable = 1e-4;

    private bool HeardAnything => _outcomes[(int)Test.Filter].Step == Step.Answered || _outcomes[(int)Test.Mapping].Step == Step.Answered;

    /// <summary>With a loss among what must be answered, silence has to last longer.</summary>
    private int Needed => HeardAnything && HasLoss ? MostSends : EnoughSends;

    /// <summary>Whether a request was lost that the server must have answered, later ones having been answered or not.</summary>
    private bool HasLoss
    {
        get
        {
            if (_controlsSent - _controlsAnswered > ControlsInFlight) return true;
            foreach (var test in (ReadOnlySpan<Test>)[Test.Mapping, Test.HairpinSelf])
            {
                ref readonly var outcome = ref _outcomes[(int)test];
                if (outcome.Step == Step.Answered && outcome.Sends > 1) return true;
            }

            return false;
        }
    }

    /// <summary>Controls that may still be answered.</summary>
    private int ControlsInFlight
    {
        get
        {
            var count = 0;
            foreach (var (test, at) in _sent.Values)
                if (test == Test.Filter && _now - at < Patience) count++;
            return count;
        }
    }

    /// <summary>The share of controls that got lost, thought a little worse than it looked (Laplace's rule).</summary>
    private double Loss => (_controlsSent - _controlsAnswered + 1.0) / (_controlsSent + 2.0);

    private void Finish()
    {
        if (_isOver) return;
        if (_outcomes[(int)Test.FilterFromOther].Step == Step.Answered && _outcomes[(int)Test.FilterFromOtherPort].Step == Step.Open)
        {
            // Who lets in anybody lets in the server's other port.
            _outcomes[(int)Test.FilterFromOtherPort].Step = Step.NotRun;
        }

        foreach (var test in Tests)
            if (_outcomes[(int)test].Step == Step.Open) return;
        _isOver = true;
        _next = null;
        _completed = new Completed(Conclude());
    }

    private NatFinding Conclude()
    {
        var evidence = new List<string>();
        foreach (var test in Tests)
            if (Evidence(test) is { } line) evidence.Add(line);
        if (_rewritten.Length > 0) evidence.Add(_rewritten);
        if (HeardAnything && !HasSecond) evidence.Add("the server has no second address (no OTHER-ADDRESS): mapping and filter cannot be told");
        var answer = Answer();
        if (!HeardAnything) evidence.Add(answer is null ? "nothing came back at all: UDP is blocked, or the server is down" : $"the server {answer}");
        if (HasLoss && HeardAnything) evidence.Add($"{_controlsSent - _controlsAnswered} of {_controlsSent} control requests went unanswered: packets get lost");
        var mapping = Mapping();
        var filtering = Filtering();
        var hairpin = Hairpin(mapping, filtering, evidence);
        var fragments = _outcomes[(int)Test.Fragments].Step switch
        {
            Step.Answered => true,
            // Each way loses a packet with either of its two pieces.
            Step.Silent when Doubt(Test.Fragments, pieces: 2) < Tolerable => (bool?)false,
            _ => null,
        };
        return new NatFinding(mapping, filtering, _local, _outcomes[(int)Test.Mapping].Mapped, evidence)
        {
            Answer = answer,
            Hairpin = hairpin,
            Fragments = fragments,
            RewritesPayloads = _rewrites,
            Confidence = Confidence(filtering, hairpin, fragments),
        };
    }

    private string? Answer()
    {
        var mapping = _outcomes[(int)Test.Mapping];
        return mapping.Mapped.IsValid ? null
            : mapping.Why is { } why ? $"answers, but {why}"
            : _unread > 0 ? $"sends what is no answer ({_unread} packets)"
            : _isRefused ? "refuses UDP: nobody listens at this port"
            : null;
    }

    private Dependence Mapping()
    {
        var first = _outcomes[(int)Test.Mapping];
        if (first.Step == Step.Answered && first.Mapped == _local) return Dependence.EndpointIndependent;
        var other = _outcomes[(int)Test.MappingOther];
        var otherPort = _outcomes[(int)Test.MappingOtherPort];
        if (first.Step != Step.Answered || other.Step != Step.Answered || otherPort.Step != Step.Answered) return Dependence.Unknown;
        if (first.Mapped == other.Mapped && other.Mapped == otherPort.Mapped) return Dependence.EndpointIndependent;
        return other.Mapped == otherPort.Mapped ? Dependence.AddressDependent : Dependence.AddressAndPortDependent;
    }

    private Dependence Filtering()
    {
        if (_ignoresChange) return Dependence.Unknown;
        var other = _outcomes[(int)Test.FilterFromOther].Step;
        var port = _outcomes[(int)Test.FilterFromOtherPort].Step;
        if (other == Step.Answered) return Dependence.EndpointIndependent;
        if (other != Step.Silent || Doubt(Test.FilterFromOther) > Tolerable) return Dependence.Unknown;
        if (port == Step.Answered) return Dependence.AddressDependent;
        return port == Step.Silent && Doubt(Test.FilterFromOtherPort) <= Tolerable ? Dependence.AddressAndPortDependent : Dependence.Unknown;
    }

    private bool? Hairpin(Dependence mapping, Dependence filtering, List<string> evidence)
    {
        if (_outcomes[(int)Test.Hairpin].Step == Step.Answered || _outcomes[(int)Test.HairpinBack].Step == Step.Answered) return true;
        if (_outcomes[(int)Test.Hairpin].Step != Step.Silent || _outcomes[(int)Test.HairpinBack].Step != Step.Silent) return null;
        if (mapping != Dependence.EndpointIndependent && filtering != Dependence.EndpointIndependent)
        {
            // What is sent to the outer address leaves from a port that the filter has not seen: a NAT that hairpins is silent too.
            evidence.Add("hairpin cannot be told: this NAT's filter refuses what its own mapping sends");
            return null;
        }

        return Doubt(Test.Hairpin) <= Tolerable ? false : null;
    }

    /// <summary>How likely it is that every sending of a silent test was lost by chance.</summary>
    private double Doubt(Test test, int pieces = 1) => Math.Pow(1 - Math.Pow(1 - Loss, pieces), _outcomes[(int)test].Sends);

    private double Confidence(Dependence filtering, bool? hairpin, bool? fragments)
    {
        var doubt = 0.0;
        if (filtering is Dependence.AddressDependent or Dependence.AddressAndPortDependent) doubt = Doubt(Test.FilterFromOther);
        if (filtering == Dependence.AddressAndPortDependent) doubt = Math.Max(doubt, Doubt(Test.FilterFromOtherPort));
        if (hairpin == false) doubt = Math.Max(doubt, Doubt(Test.Hairpin));
        if (fragments == false) doubt = Math.Max(doubt, Doubt(Test.Fragments, pieces: 2));
        return 1 - doubt;
    }

    private string? Evidence(Test test)
    {
        ref readonly var outcome = ref _outcomes[(int)test];
        var isHairpin = test is Test.Hairpin or Test.HairpinBack;
        return outcome.Step switch
        {
            Step.Answered when isHairpin => $"{Describe(test)}: arrived from {outcome.From}, {(outcome.From.Ip == _local.Ip ? "the inner" : "an outer")} address",
            Step.Answered when test == Test.HairpinSelf => null,
            Step.Answered => $"{Describe(test)}: answered from {outcome.From}, saw us as {outcome.Mapped}",
            Step.Silent => $"{Describe(test)}: no answer to {outcome.Sends} sendings over {(outcome.LastSentAt - outcome.FirstSentAt).TotalSeconds:0.0} s{Beside(test)}",
            Step.Refused => $"{Describe(test)}: {outcome.Why}",
            _ => null,
        };
    }

    private string Beside(Test test) =>
        HeardAnything && test is not (Test.Filter or Test.Mapping) ? $", while {_controlsAnswered} of {_controlsSent} controls were answered" : "";

    private string Describe(Test test) => test switch
    {
        Test.Filter => $"filtering I, to {_server}",
        Test.FilterFromOther => "filtering II, answer asked for from the other address and port",
        Test.FilterFromOtherPort => "filtering III, answer asked for from the other port",
        Test.Mapping => $"mapping I, to {_server}",
        Test.MappingOther => $"mapping II, to {_outcomes[(int)test].To}",
        Test.MappingOtherPort => $"mapping III, to {_outcomes[(int)test].To}",
        Test.HairpinSelf => $"second socket, to {_server}",
        Test.Fragments => $"fragments, {PaddingLength} octets of padding there and back",
        _ => $"hairpin, to our own outer address {_outcomes[(int)test].To}",
    };
}
