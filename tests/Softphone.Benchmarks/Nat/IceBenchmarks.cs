using BenchmarkDotNet.Attributes;
using Softphone.Core;
using Softphone.Lab;
using Softphone.Nat;

namespace Softphone.Benchmarks;

/// <summary>One check, one second of consent, and whole sessions in virtual time with the world that carries them.</summary>
public class IceBenchmarks
{
    private readonly byte[] _buffer = new byte[1500];
    private IceDuel _duel = null!;
    private byte[] _check = [];
    private Address _from;

    [GlobalSetup]
    public void Setup()
    {
        _duel = new IceDuel(NatBehavior.PortRestricted).Complete();
        var agent = _duel.Left;
        agent.TryPath(1, out _, out _from);
        using var key = StunCredentials.ShortTerm(agent.Pwd);
        var writer = new StunWriter(_buffer, StunClass.Request, StunMethod.Binding, TransactionId.FromBytes("0123456789ab"u8));
        writer.AddString(StunAttributeType.Username, $"{agent.Ufrag}:peer");
        writer.AddUInt32(StunAttributeType.Priority, 1_845_501_695);
        writer.AddUInt64(StunAttributeType.IceControlled, 1);
        writer.AddIntegrity(key);
        writer.AddFingerprint();
        _check = writer.Written.ToArray();
        if (AnswerCheck() == 0) throw new InvalidOperationException("the check was not answered");
    }

    [Benchmark(Description = "answer a check: verify it, sign and send the response"), Aim(Bytes = 0)]
    public int AnswerCheck()
    {
        _duel.Left.Receive(new Datagram(_duel.World.Now, _duel.LeftPath, _from, _check));
        return _duel.Left.TryTransmit(_buffer, out var transmit) ? transmit.Length : 0;
    }

    [Benchmark(Description = "a second of consent, two agents and the world"), Aim(Bytes = 0)]
    public void Consent() => _duel.World.RunUntil(_duel.World.Now + TimeSpan.FromSeconds(1));

    [Benchmark(Description = "a whole session, open to open, with its world")]
    public object OpenToOpen() => new IceDuel(NatBehavior.None).Complete();

    [Benchmark(Description = "a whole session, both port-restricted, with its world")]
    public object PortRestricted() => new IceDuel(NatBehavior.PortRestricted).Complete();
}
