using Softphone.Core;
using Softphone.Sdp;
using Softphone.Sip;

namespace Softphone.Phone.Tests;

public class SilenceWatchTests
{
    private static readonly Instant Now = new(100_000_000_000);

    private readonly FakeCall _call = new();
    private readonly SilenceWatch _watch;

    public SilenceWatchTests()
    {
        var path = new CallPath(_call, new LentPaths(new NoNetwork()), _ => throw new InvalidOperationException("no path is opened here"));
        var audio = new CallAudio(_call, new CallOptions(), (_, _) => throw new InvalidOperationException("no audio here"), () => null);
        _watch = new SilenceWatch(_call, path, audio, new Negotiation(_call, path, SdpSession.Start(new SeededEntropy(1)), new CallCrypto(_call, new SeededEntropy(2))));
    }

    [Fact]
    public void Peer_ThatIsNotHeardAndDeniesTheCall_IsGivenUpAtOnce()
    {
        _watch.Doubt(Now, Doubt(481));
        Assert.Equal("give up 481", _call.Said[0]);
        Assert.True(_watch.IsDoubted);
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
