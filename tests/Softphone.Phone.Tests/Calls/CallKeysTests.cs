using Softphone.Core;
using Softphone.Media;
using Softphone.Sip;

namespace Softphone.Phone.Tests;

public class CallKeysTests
{
    private readonly FakeCall _call = new();
    private readonly CallAudio _audio;
    private readonly CallKeys _keys;
    private Instant _now = new(1_000_000_000);

    public CallKeysTests()
    {
        _call.Options = new PhoneOptions { Name = "test", Keys = DtmfMode.Info };
        _audio = new CallAudio(_call, new CallOptions(), Open, () => null);
        _keys = _audio.Keys;
    }

    [Fact]
    public void Keys_BeforeFormatsAreAgreed_AreRefused()
    {
        Assert.False(_keys.Send(_now, "1"));
        Assert.Empty(_call.Said);
    }

    [Fact]
    public void Keys_ByInfo_LeaveOneAtATime_TheNextOnlyAfterAnAnswer()
    {
        Agree();
        Assert.True(_keys.Send(_now, "1#"));
        Run(TimeSpan.FromSeconds(2));
        Assert.Equal(["INFO Signal=1 Duration=160"], _call.Said);
        _keys.Answered(_now, 200);
        Run(TimeSpan.FromSeconds(2));
        Assert.Equal(["INFO Signal=1 Duration=160", "INFO Signal=# Duration=160"], _call.Said);
    }

    [Fact]
    public void Pause_BetweenKeys_IsHalfASecond()
    {
        Agree();
        Assert.True(_keys.Send(_now, "w2"));
        Run(TimeSpan.FromMilliseconds(499));
        Assert.Empty(_call.Said);
        Run(TimeSpan.FromMilliseconds(1));
        Assert.Equal(["INFO Signal=2 Duration=160"], _call.Said);
    }

    [Fact]
    public void Letters_AreNoKeys()
    {
        Agree();
        Assert.False(_keys.Send(_now, "1x"));
        Run(TimeSpan.FromSeconds(1));
        Assert.Empty(_call.Said);
    }

    [Fact]
    public void Keys_OfThePeer_AreKeptUpToABound()
    {
        for (var i = 0; i < 2000; i++) _keys.Hear(_now, '7', 100, "info");
        Assert.Equal(1024, _keys.Digits.Length);
        Assert.Equal(2000, _call.Events.OfType<PhoneEvent.DigitReceived>().Count());
    }

    private void Agree() => _audio.Agree(_now, new MediaOptions
    {
        Send = new MediaFormat("PCMU", 0, 8000),
        Receive = [new MediaFormat("PCMU", 0, 8000)],
    });

    private MediaSession Open(Instant now, MediaOptions options) => new(options, new CodecFactory(), new SeededEntropy(1), now);

    private void Run(TimeSpan time)
    {
        var until = _now + time;
        while (_call.NextTimeout is { } due && due <= until)
        {
            _now = due;
            while (_call.TryExpire(_now, out var timer))
                if (timer == CallTimer.Key) _keys.Inform(_now);
        }

        _now = until;
    }
}
