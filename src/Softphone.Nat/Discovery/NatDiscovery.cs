using System.Diagnostics.CodeAnalysis;
using Softphone.Core;

namespace Softphone.Nat;

/// <summary>
/// Finds out how the NAT in front of us behaves by asking a STUN server with two addresses (RFC 5780 §4; the classic names of
/// RFC 3489 §10.1 follow from it). Filtering and mapping are tested from different sockets, so that no packet of one test opens the
/// filter of the other. Silence counts only after four sendings over three and a half seconds.
/// </summary>
public sealed class NatDiscovery : IMachine<NatDiscovery.Completed>
{
    // RFC 5780 §7.2.
    private const uint ChangeIp = 4;
    private const uint ChangePort = 2;

    private static readonly StunSchedule Schedule = new(TimeSpan.FromMilliseconds(500), Sends: 4, LastWait: 4);

    private readonly INetwork _network;
    private readonly IEntropy _entropy;
    private readonly Address _server;
    private readonly TransmitQueue _queue = new();
    private readonly StunTransactions _transactions;
    private readonly Outcome[] _outcomes = new Outcome[Enum.GetValues<Test>().Length];
    private readonly List<string> _evidence = [];
    private PathId _filterSocket;
    private PathId _mappingSocket;
    private PathId _hairpinSocket;
    private Address _local;
    private Address _other;
    private bool? _hairpin;
    private bool _ignoresChange;
    private Completed? _completed;

    /// <param name="network">Opens the three sockets of the test.</param>
    /// <param name="entropy">For transaction ids.</param>
    /// <param name="server">The server's primary address.</param>
    public NatDiscovery(INetwork network, IEntropy entropy, Address server)
    {
        _network = network;
        _entropy = entropy;
        _server = server;
        _transactions = new StunTransactions(_queue);
    }

    private enum Test
    {
        Filter,
        FilterFromOther,
        FilterFromOtherPort,
        Mapping,
        MappingOther,
        MappingOtherPort,
        Hairpin,
    }

    private enum Step
    {
        NotRun,
        Running,
        Answered,
        Silent,
        Refused,
    }

    public Instant? NextTimeout => _transactions.NextTimeout;

    /// <summary>Starts; false with the fault when no socket could be opened.</summary>
    public bool TryStart(Instant now, [NotNullWhen(false)] out Fault? fault)
    {
        fault = null;
        if (_network.TryRoute(_server.Ip, out var local)
            && _network.TryOpen(Transport.Udp, local, 0, out _filterSocket, out _, out _)
            && _network.TryOpen(Transport.Udp, local, 0, out _mappingSocket, out _local, out _)
            && _network.TryOpen(Transport.Udp, local, 0, out _hairpinSocket, out _, out _))
        {
            Ask(now, Test.Filter, _filterSocket, _server, 0);
            Ask(now, Test.Mapping, _mappingSocket, _server, 0);
            return true;
        }

        fault = new Fault(Layer.Transport, $"no route to the STUN server {_server}", "check the network");
        return false;
    }

    public void Receive(in Datagram datagram)
    {
        if (!StunReader.TryParse(datagram.Payload, out var message, out _)) return;
        if (message.Class == StunClass.Request)
        {
            TakeHairpin(datagram, message);
        }
        else if (_transactions.TryFind(message.TransactionId, out var transaction) && transaction.Path == datagram.Path)
        {
            _transactions.End(transaction.Id);
            Take(datagram.At, (Test)transaction.Tag, datagram.Remote, message);
        }

        Finish();
    }

    /// <summary>An ICMP error is a hint only: the schedule decides.</summary>
    public void Fail(in PathFailure failure)
    {
    }

    public void Advance(Instant now)
    {
        while (_transactions.TryExpire(now, out var failed))
        {
            var test = (Test)failed.Tag;
            _outcomes[(int)test].Step = Step.Silent;
            _evidence.Add($"{Describe(test)}: no answer to {failed.Sends} sendings over {(now - failed.StartedAt).TotalSeconds:0.0} s");
        }

        Finish();
    }

    public bool TryTransmit(Span<byte> buffer, out Transmit transmit) => _queue.TryDequeue(buffer, out transmit);

    public bool TryEvent([NotNullWhen(true)] out Completed? happened)
    {
        happened = _completed;
        _completed = null;
        return happened is not null;
    }

    /// <summary>Closes the sockets of the test.</summary>
    public void Close()
    {
        _network.Close(_filterSocket);
        _network.Close(_mappingSocket);
        _network.Close(_hairpinSocket);
    }

    private void Ask(Instant now, Test test, PathId socket, Address to, uint change)
    {
        Span<byte> buffer = stackalloc byte[64];
        var request = new StunWriter(buffer, StunClass.Request, StunMethod.Binding, TransactionId.Next(_entropy));
        if (change != 0) request.AddUInt32(StunAttributeType.ChangeRequest, change);
        request.AddFingerprint();
        _outcomes[(int)test].Step = Step.Running;
        _transactions.TryStart(now, socket, to, request.Written, Schedule, (long)test);
    }

    private void Take(Instant now, Test test, Address from, in StunReader message)
    {
        ref var outcome = ref _outcomes[(int)test];
        if (message.Class == StunClass.Error)
        {
            outcome.Step = Step.Refused;
            message.TryGetErrorCode(out var code, out _);
            _evidence.Add($"{Describe(test)}: the server refused with {code}");
            return;
        }

        if (!message.TryGetAddress(StunAttributeType.XorMappedAddress, out outcome.Mapped)
            && !message.TryGetAddress(StunAttributeType.MappedAddress, out outcome.Mapped))
        {
            outcome.Step = Step.Refused;
            _evidence.Add($"{Describe(test)}: the answer names no address");
            return;
        }

        outcome.Step = Step.Answered;
        _evidence.Add($"{Describe(test)}: answered from {from}, saw us as {outcome.Mapped}");
        if (message.TryGetAddress(StunAttributeType.MappedAddress, out var plain) && plain != outcome.Mapped)
            _evidence.Add($"the plain MAPPED-ADDRESS says {plain}: something on the way rewrites addresses inside packets (ALG)");
        if (!_other.IsValid && !message.TryGetAddress(StunAttributeType.OtherAddress, out _other))
            message.TryGetAddress(StunAttributeType.ChangedAddress, out _other);

        var hasSecond = _other.IsValid && _other.Ip != _server.Ip;
        switch (test)
        {
            case Test.Filter when hasSecond:
                Ask(now, Test.FilterFromOther, _filterSocket, _server, ChangeIp | ChangePort);
                Ask(now, Test.FilterFromOtherPort, _filterSocket, _server, ChangePort);
                break;
            case Test.Filter:
                _evidence.Add("the server has no second address (no OTHER-ADDRESS): the filter cannot be told");
                break;
            case Test.Mapping:
                if (hasSecond)
                {
                    Ask(now, Test.MappingOther, _mappingSocket, new Address(_other.Ip, _server.Port), 0);
                    Ask(now, Test.MappingOtherPort, _mappingSocket, _other, 0);
                }

                if (outcome.Mapped != _local) Ask(now, Test.Hairpin, _hairpinSocket, outcome.Mapped, 0);
                break;
            case Test.FilterFromOther when from.Ip == _server.Ip:
            case Test.FilterFromOtherPort when from.Port == _server.Port:
                // An answer counts only if it really came from where it was asked to come from.
                _ignoresChange = true;
                outcome.Step = Step.Refused;
                _evidence.Add("the server ignores CHANGE-REQUEST: the filter cannot be told");
                break;
        }
    }

    /// <summary>Our own request came back to us by the outer address.</summary>
    private void TakeHairpin(in Datagram datagram, in StunReader message)
    {
        if (datagram.Path != _mappingSocket || !_transactions.End(message.TransactionId)) return;
        _outcomes[(int)Test.Hairpin].Step = Step.Answered;
        _hairpin = true;
        _evidence.Add($"{Describe(Test.Hairpin)}: arrived from {datagram.Remote}, {(datagram.Remote.Ip == _local.Ip ? "the inner" : "an outer")} address");
    }

    private void Finish()
    {
        if (_transactions.Count > 0 || _completed is not null || _outcomes[0].Step == Step.NotRun) return;
        if (_outcomes[(int)Test.Hairpin].Step == Step.Silent) _hairpin = false;
        var mapping = _outcomes[(int)Test.Mapping];
        _completed = new Completed(new NatBehaviour(Mapping(), Filtering(), _hairpin, _local, mapping.Mapped, _evidence.ToList()));
        _outcomes[0].Step = Step.NotRun;
    }

    private Dependence Mapping()
    {
        var first = _outcomes[(int)Test.Mapping];
        if (first.Step == Step.Answered && first.Mapped == _local) return Dependence.EndpointIndependent;
        var other = _outcomes[(int)Test.MappingOther];
        var otherPort = _outcomes[(int)Test.MappingOtherPort];
        if (first.Step != Step.Answered || other.Step != Step.Answered || otherPort.Step != Step.Answered) return Dependence.Unknown;
        if (first.Mapped == other.Mapped) return Dependence.EndpointIndependent;
        return other.Mapped == otherPort.Mapped ? Dependence.AddressDependent : Dependence.AddressAndPortDependent;
    }

    private Dependence Filtering()
    {
        var other = _outcomes[(int)Test.FilterFromOther].Step;
        var port = _outcomes[(int)Test.FilterFromOtherPort].Step;
        if (_ignoresChange) return Dependence.Unknown;
        return (other, port) switch
        {
            (Step.Answered, _) => Dependence.EndpointIndependent,
            (Step.Silent, Step.Answered) => Dependence.AddressDependent,
            (Step.Silent, Step.Silent) => Dependence.AddressAndPortDependent,
            _ => Dependence.Unknown,
        };
    }

    private string Describe(Test test) => test switch
    {
        Test.Filter => $"filtering I, to {_server}",
        Test.FilterFromOther => "filtering II, answer asked for from the other address and port",
        Test.FilterFromOtherPort => "filtering III, answer asked for from the other port",
        Test.Mapping => $"mapping I, to {_server}",
        Test.MappingOther => $"mapping II, to {new Address(_other.Ip, _server.Port)}",
        Test.MappingOtherPort => $"mapping III, to {_other}",
        _ => $"hairpin, to our own outer address {_outcomes[(int)Test.Mapping].Mapped}",
    };

    /// <summary>The tests are over.</summary>
    public sealed record Completed(NatBehaviour Behaviour);

    private struct Outcome
    {
        public Step Step;
        public Address Mapped;
    }
}
