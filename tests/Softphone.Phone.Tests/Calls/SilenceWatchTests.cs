using Softphone.Core;
using Softphone.Nat;
using Softphone.Sdp;
using Softphone.Sip;

namespace Softphone.Phone.Tests;

public class SilenceWatchTests
{
    private static readonly Instant Now = new(100_000_000_000);

    private readonly FakeCall _call = new();
    private readonly CallPath _path;
    private readonly SilenceWatch _watch;

    public SilenceWatchTests()
    {
        _path = new CallPath(
            _call,
            new LentPaths(new NoNetwork()),
            network => new MediaTransport(new MediaTransportOptions(), network, new SeededEntropy(3), Trace.Off, "media"));
        var audio = new CallAudio(_call, new CallOptions(), (_, _) => throw new InvalidOperationException("no audio here"), () => null);
        _watch = new SilenceWatch(_call, _path, audio, new Negotiation(_call, _path, SdpSession.Start(new SeededEntropy(1)), FakeCall.Crypto(_call, _path)));
    }

    /// <summary>Without ICE nothing else says whether the peer is there: silence in signalling and in media is its end, whatever the status.</summary>
    [Theory]
    [InlineData(408)]
    [InlineData(481)]
    public void PeerWithoutIce_ThatIsNotHeard_IsGivenUpAtOnce(int status)
    {
        _watch.Doubt(Now, Doubt(status));
        Assert.Equal([$"give up {status}"], _call.Said);
    }

    /// <summary>With ICE consent says when the peer is gone: a request that nobody answered ends nothing, a call that the peer does not know ends.</summary>
    [Theory]
    [InlineData(408, 0)]
    [InlineData(481, 1)]
    public void PeerWithIce_ThatIsNotHeard_IsGivenUpOnlyWhereItDeniesTheCall(int status, int times)
    {
        _path.Open(Now);
        _path.SetRemote(Now, new RemoteMedia { Rtp = default, IsAnswer = true, Ice = new RemoteIce { Ufrag = "peer", Pwd = "a password of the peer" } });
        _watch.Doubt(Now, Doubt(status));
        Assert.Equal(Enumerable.Repeat($"give up {status}", times), _call.Said);
        Assert.True(_watch.IsDoubted);
        Assert.Null(_call.DueOf(CallTimer.Doubt));
    }

    [Fact]
    public void Peer_ThatAnswersAgain_IsNotDoubted()
    {
        _call.Set(CallTimer.Doubt, Now);
        _watch.Doubt(Now, Doubt(408));
        _watch.EndDoubt();
        Assert.False(_watch.IsDoubted);
        Assert.Null(_call.DueOf(CallTimer.Doubt));
    }

    /// <summary>Before anything was agreed, and on hold, nobody is to be heard: the silence begins anew at each look, and ends nothing.</summary>
    [Fact]
    public void Silence_WhereNothingIsToBeHeard_EndsNothing()
    {
        _call.Options = new PhoneOptions { Name = "test", SilenceLimit = TimeSpan.FromSeconds(60) };
        _watch.FallSilent(Now, TimeSpan.FromSeconds(500));
        Assert.Null(_call.Ended);
        Assert.Equal(Now + TimeSpan.FromSeconds(30), _call.DueOf(CallTimer.Silence));
    }

    private static SipEvent.PeerDoubted Doubt(int status) => new(default, status, "", new Fault(Layer.Sip, "silent", "wait"), IsOutdated: false);
}
