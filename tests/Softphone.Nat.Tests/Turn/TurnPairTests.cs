using Softphone.Core;

namespace Softphone.Nat.Tests;

public sealed class TurnPairTests : IDisposable
{
    private const ulong Token = 0x0102030405060708;
    private static readonly TurnOptions Rtp = ScriptedServer.Default;
    private readonly TurnPair _pair = new(Rtp, Rtp with { Path = new PathId(2), Relay = new PathId(-2) }, new SeededEntropy(3), Trace.Off);
    private readonly List<TurnPairEvent> _events = [];
    private readonly List<string> _log = [];
    private readonly byte[] _buffer = new byte[2048];
    private Instant _now;

    public void Dispose() => _pair.Dispose();

    [Fact]
    [Rfc("8656", "7.2", Line = "T08")]
    [Rfc("8656", "3.8", Line = "T09")]
    public void Pair_ServerReserves_GivesNeighbouringPorts()
    {
        _pair.Allocate(_now);
        Pump((component, has, _) => component == 1
            ? (has(StunAttributeType.EvenPort) ? 0 : 400, 50_000, true)
            : (has(StunAttributeType.ReservationToken) ? 0 : 400, 50_001, false));
        Assert.Equal([50_000, 50_001], _events.Select(e => (int)Assert.IsType<TurnEvent.Allocated>(e.Event).Relayed.Port));
        Assert.Equal([1, 2], _events.Select(e => e.Component));
        Assert.Equal(["1 even", "2 token"], _log);
    }

    [Theory]
    [InlineData(508)]
    [InlineData(420)]
    [Rfc("8656", "3.8", Line = "T09")]
    [Rfc("8656", "7.4", Line = "T09")]
    public void Pair_ServerHasNoEvenPort_FallsBackToTwoOfAnyPort_KeepingTheWishes(int code)
    {
        _pair.Of(1).Permit(_now, ScriptedServer.Peer.Ip);
        _pair.Allocate(_now);
        Pump((component, has, _) => (has(StunAttributeType.EvenPort) ? code : 0, 50_000 + 10 * component, false));
        Assert.Equal([50_010, 50_020], _events.Select(e => e.Event).OfType<TurnEvent.Allocated>().Select(e => (int)e.Relayed.Port).Order());
        Assert.Contains(new TurnPairEvent(1, new TurnEvent.Permitted(ScriptedServer.Peer.Ip)), _events);
        Assert.DoesNotContain(_events, e => e.Event is TurnEvent.AllocationFailed);
    }

    [Fact]
    [Rfc("8656", "7.4", Line = "T09")]
    public void Pair_TokenRefused_GivesComponent2AnyPort()
    {
        _pair.Allocate(_now);
        Pump((component, has, _) => (has(StunAttributeType.ReservationToken) ? 508 : 0, 50_000 + 10 * component, component == 1));
        Assert.Equal(["1 even", "2 token", "2"], _log);
        Assert.Equal(2, _events.Count(e => e.Event is TurnEvent.Allocated));
    }

    [Fact]
    public void Pair_EvenPortWithoutToken_LetsComponent2AskForAny()
    {
        _pair.Allocate(_now);
        Pump((component, has, _) => (0, 50_000 + 10 * component, false));
        Assert.Equal(["1 even", "2"], _log);
        Assert.Equal(2, _events.Count(e => e.Event is TurnEvent.Allocated));
    }

    [Fact]
    public void Pair_Refused_FailsBothComponents()
    {
        _pair.Allocate(_now);
        Pump((component, has, _) => (486, 0, false));
        Assert.Equal([1, 2], _events.Where(e => e.Event is TurnEvent.AllocationFailed { Code: 486 }).Select(e => e.Component));
        Assert.Null(_pair.NextTimeout);
    }

    [Fact]
    [Rfc("8656", "8.1", Line = "T44")]
    public void Pair_Close_ClosesBoth()
    {
        _pair.Allocate(_now);
        Pump((component, has, _) => (0, 50_000 + component, component == 1));
        _events.Clear();
        _pair.Close(_now);
        Pump((component, has, _) => (0, 0, false));
        Assert.Equal([1, 2], _events.Where(e => e.Event is TurnEvent.Closed).Select(e => e.Component));
        Assert.Null(_pair.NextTimeout);
    }

    /// <summary>Answers all requests: the script says code (0 is success), relayed port, and whether a token is given.</summary>
    private void Pump(Func<int, Func<ushort, bool>, StunMethod, (int Code, int Port, bool Reserves)> script)
    {
        while (_pair.TryTransmit(_buffer, out var transmit))
        {
            Assert.True(StunReader.TryParse(_buffer.AsSpan(0, transmit.Length), out var request, out _));
            var seen = Seen.Of(_now, request);
            var component = transmit.Path.Value;
            var (code, port, reserves) = script(component, seen.Has, seen.Method);
            if (seen.Method == StunMethod.Allocate)
                _log.Add($"{component}{(seen.Has(StunAttributeType.EvenPort) ? " even" : "")}{(seen.Has(StunAttributeType.ReservationToken) ? " token" : "")}");
            var writer = StunWriter.Reply(new byte[512], request, code == 0 ? StunClass.Success : StunClass.Error);
            if (code != 0)
            {
                writer.AddErrorCode(code);
            }
            else if (seen.Method == StunMethod.Allocate)
            {
                writer.AddAddress(StunAttributeType.XorRelayedAddress, ScriptedServer.RelayedV4 with { Port = (ushort)port });
                writer.AddAddress(StunAttributeType.XorMappedAddress, ScriptedServer.Mapped);
                if (reserves) writer.AddUInt64(StunAttributeType.ReservationToken, Token);
            }

            _pair.Receive(new Datagram(_now, transmit.Path, transmit.Remote, writer.Written));
            while (_pair.TryEvent(out var happened)) _events.Add(happened);
        }

        _now += TimeSpan.FromMilliseconds(1);
    }
}
