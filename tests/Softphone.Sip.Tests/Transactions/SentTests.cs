using Softphone.Core;
using static Softphone.Sip.Tests.SipBench;

namespace Softphone.Sip.Tests;

/// <summary>Timers count from when a message left, which may be long after the input that made it.</summary>
public sealed class SentTests
{
    private static readonly PathId Udp = new(1);
    private readonly byte[] _buffer = new byte[Limits.Datagram];
    private readonly SipAgent _agent = new(new SipAgentOptions(), new SeededEntropy(3), new Trace());
    private readonly Instant _start = Instant.Zero + TimeSpan.FromSeconds(100);

    public SentTests() => _agent.AddPath(Udp, Transport.Udp, Address.Parse($"{Alice}:5060"));

    public static TheoryData<string, int> Requests => new()
    {
        { SipMethod.Register, 0 },
        { SipMethod.Register, 320 },
        { SipMethod.Options, 70 },
        { SipMethod.Invite, 230 },
        { SipMethod.Invite, 900 },
    };

    [Theory]
    [MemberData(nameof(Requests))]
    [Rfc("3261", "17.1.1.2")]
    [Rfc("3261", "17.1.2.2")]
    public void FirstRepetition_OfARequestThatLeftLate_IsT1AfterItLeft(string method, int lateMs)
    {
        var account = _agent.AddAccount(new SipAccount { Aor = Uri($"sip:alice@{Server}") });
        if (method == SipMethod.Register) _agent.Register(_start, account);
        else if (method == SipMethod.Options) _agent.Options(_start, account, Uri($"sip:bob@{Server}"));
        else _agent.Invite(_start, account, Uri($"sip:bob@{Server}"), Sdp("offer"));
        var left = _start + TimeSpan.FromMilliseconds(lateMs);
        Assert.Equal(1, Drain());
        _agent.Sent(left);
        foreach (var interval in (double[])[0.5, 1, 2])
        {
            var due = left + TimeSpan.FromSeconds(interval);
            _agent.Advance(due - TimeSpan.FromMilliseconds(1));
            Assert.Equal(0, Drain());
            _agent.Advance(due);
            Assert.Equal(1, Drain());
            _agent.Sent(due);
            left = due;
        }
    }

    [Fact]
    [Rfc("3261", "13.3.1.4")]
    public void FirstRepetition_OfAnAnswerThatLeftLate_IsT1AfterItLeft()
    {
        var invite = SipRequestOf($"INVITE sip:bob@{Alice} SIP/2.0\nVia: SIP/2.0/UDP {Server};branch=z9hG4bK1\nMax-Forwards: 70\nFrom: <sip:peer@{Server}>;tag=1\nTo: <sip:bob@{Alice}>\nCall-ID: late\nCSeq: 1 INVITE\nContact: <sip:peer@{Server}>\nContent-Length: 0\n\n");
        _agent.Receive(new Datagram(_start, Udp, Address.Parse(Server), invite));
        Assert.True(_agent.TryEvent(out var happened));
        _agent.Accept(_start, Assert.IsType<SipEvent.Incoming>(happened).Session, Sdp("answer"));
        Drain();
        var left = _start + TimeSpan.FromMilliseconds(400);
        _agent.Sent(left);
        _agent.Advance(left + TimeSpan.FromMilliseconds(499));
        Assert.Equal(0, Drain());
        _agent.Advance(left + TimeSpan.FromMilliseconds(500));
        Assert.Equal(1, Drain());
    }

    [Fact]
    public void TimerTable_Delay_MovesWhatWasSetSinceTheLastAndKeepsItsOrder()
    {
        var table = new TimerTable<string>();
        table.Set("old", _start);
        table.Delay(TimeSpan.FromSeconds(9));
        table.Set("b", _start + TimeSpan.FromSeconds(1));
        table.Set("a", _start + TimeSpan.FromSeconds(1));
        table.Delay(TimeSpan.FromSeconds(2));
        table.Delay(TimeSpan.FromSeconds(2));
        Assert.Equal(_start + TimeSpan.FromSeconds(9), table.DueOf("old"));
        Assert.Equal(_start + TimeSpan.FromSeconds(3), table.DueOf("a"));
        Assert.True(table.TryExpire(_start + TimeSpan.FromSeconds(3), out var first) && table.TryExpire(_start + TimeSpan.FromSeconds(3), out var second) && (first, second) == ("b", "a"));
    }

    private static byte[] SipRequestOf(string text) => System.Text.Encoding.ASCII.GetBytes(text.ReplaceLineEndings("\r\n"));

    private int Drain()
    {
        var count = 0;
        while (_agent.TryTransmit(_buffer, out _)) count++;
        return count;
    }
}
