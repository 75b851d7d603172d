using Softphone.Core;

namespace Softphone.Lab.Tests;

/// <summary>Messages that somebody begins on a stream to the server and does not end.</summary>
public sealed class SipStreamLimitTests
{
    private const string Options = "OPTIONS sip:lab.test SIP/2.0\r\nVia: SIP/2.0/TCP 10.0.1.2:5060;branch=z9hG4bKslow\r\nFrom: <sip:alice@lab.test>;tag=f\r\n"
        + "To: <sip:lab.test>\r\nCall-ID: slow\r\nCSeq: 1 OPTIONS\r\nMax-Forwards: 70\r\n";

    private readonly DemoWorld _demo = new(new DemoOptions());
    private readonly SipHand _tcp;

    public SipStreamLimitTests() => _tcp = new SipHand(_demo, _demo.HostA, "alice", Transport.Tcp);

    /// <summary>Whatever trickles in, the time runs from the first octet.</summary>
    [Theory]
    [InlineData("O", "")]
    [InlineData("OPTIONS sip:lab.test SIP/2.0\r\n", "a")]
    [InlineData(Options, "X")]
    [InlineData("\0\0\0", "\0")]
    public void Head_ThatDoesNotEnd_EndsTheConnection(string begun, string more)
    {
        _tcp.SendRaw(begun);
        for (var second = 0; second < 9; second++)
        {
            if (more.Length > 0) _tcp.SendRaw(more);
            _tcp.Run();
        }

        Assert.Empty(_tcp.Bench.Probe.Failures);
        _tcp.Run(2);
        Assert.Equal(PathError.Closed, Assert.Single(_tcp.Bench.Probe.Failures).Error);
        Assert.Equal(1, _demo.Sip.Dropped);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(60_000)]
    [Rfc("3261", "18.3")]
    public void Body_ThatDoesNotEnd_IsAnsweredAndEndsTheConnection(int length)
    {
        _tcp.SendRaw($"{Options}Content-Length: {length}\r\n\r\n");
        _tcp.Run(19);
        Assert.Empty(_tcp.Responses);
        Assert.Empty(_tcp.Bench.Probe.Failures);
        _tcp.Run(2);
        Assert.Equal(400, _tcp.LastResponse.Status);
        Assert.Single(_tcp.Bench.Probe.Failures);
    }

    [Fact]
    [Rfc("5626", "4.4.1")]
    public void Connection_SilentBetweenMessages_Stays()
    {
        for (var i = 0; i < 3; i++)
        {
            // Begun, then ended in time; the next one has its own.
            _tcp.SendRaw(Options.Replace("slow", $"slow{i}", StringComparison.Ordinal));
            _tcp.Run(6);
            _tcp.SendRaw("Content-Length: 4\r\n\r\n");
            _tcp.Run(15);
            _tcp.SendRaw("body");
            _tcp.Run(1 + i * 60);
            Assert.Equal(i + 1, _tcp.Responses.Count(r => r.Status == 200));
        }

        Assert.Empty(_tcp.Bench.Probe.Failures);
        Assert.Equal(0, _demo.Sip.Dropped);
    }
}
