using Softphone.Phone;

namespace Softphone.Cli.Tests;

public sealed class ExpectationTests
{
    private static readonly CallOutcome Good = new()
    {
        Setup = TimeSpan.FromSeconds(1.2),
        Path = "srflx",
        Audio = "two-way",
        Mos = 4.3,
        LossPct = 0.5,
        Codec = "opus",
        Ice = TimeSpan.FromMilliseconds(121.5),
        Digits = "1234",
        Srtp = "AES_CM_128_HMAC_SHA1_80",
        Gap = TimeSpan.FromMilliseconds(640),
        Status = 200,
    };

    [Theory]
    [InlineData("answered<5s", null)]
    [InlineData("answered<1s", "answered<1s does not hold: answered after 1.2 s")]
    [InlineData("answered<1200ms", "answered<1200ms does not hold: answered after 1.2 s")]
    [InlineData("answered<=1200ms", null)]
    [InlineData("path=srflx", null)]
    [InlineData("path=direct", null)]
    [InlineData("path=host|srflx", null)]
    [InlineData("path=host", "path=host does not hold: the path is srflx")]
    [InlineData("path=relay", "path=relay does not hold: the path is srflx")]
    [InlineData("audio=two-way", null)]
    [InlineData("audio=none", "audio=none does not hold: audio was two-way")]
    [InlineData("mos>=4.0", null)]
    [InlineData("mos>=4.3", null)]
    [InlineData("mos>4.3", "mos>4.3 does not hold: MOS was 4.3")]
    [InlineData("loss<1%", null)]
    [InlineData("loss<0.5%", "loss<0.5% does not hold: loss was 0.5%")]
    [InlineData("codec=OPUS", null)]
    [InlineData("codec=pcmu", "codec=pcmu does not hold: the codec is opus")]
    [InlineData("ice<800ms", null)]
    [InlineData("ice<0.1s", "ice<0.1s does not hold: ICE took 121.5 ms")]
    [InlineData("dtmf=1234", null)]
    [InlineData("dtmf=12", "dtmf=12 does not hold: received 1234")]
    [InlineData("srtp=on", null)]
    [InlineData("srtp=off", "srtp=off does not hold: SRTP is on (AES_CM_128_HMAC_SHA1_80)")]
    [InlineData("gap<1s", null)]
    [InlineData("gap<500ms", "gap<500ms does not hold: the longest gap was 640 ms")]
    [InlineData("status=200", null)]
    [InlineData("status>=400", "status>=400 does not hold: the status was 200")]
    public void Expectation_OfAGoodCall_HoldsOrSaysWhatWasFound(string text, string? failure)
    {
        Assert.True(Expectation.TryParse(text, out var expectation, out var problem), problem);
        Assert.Equal(failure, expectation.Failure(Good));
    }

    [Theory]
    [InlineData("answered<5s", "it was not answered")]
    [InlineData("path=direct", "there was no path")]
    [InlineData("audio=two-way", "audio was none")]
    [InlineData("mos>=1", "quality was not measured")]
    [InlineData("loss<100%", "loss was not measured")]
    [InlineData("codec=opus", "there was no codec")]
    [InlineData("ice<1h", "ICE found no path")]
    [InlineData("dtmf=1", "no key was received")]
    [InlineData("srtp=on", "SRTP is off")]
    [InlineData("gap<1h", "nothing was heard")]
    [InlineData("status=486", "there was no call")]
    public void Expectation_OfACallThatNeverWas_DoesNotHold(string text, string found)
    {
        Assert.True(Expectation.TryParse(text, out var expectation, out _));
        Assert.Equal($"{text} does not hold: {found}", expectation.Failure(new CallOutcome()));
    }

    [Theory]
    [InlineData("")]
    [InlineData("answered")]
    [InlineData("answered<5")]
    [InlineData("answered=5s")]
    [InlineData("path<host")]
    [InlineData("path=carrier-pigeon")]
    [InlineData("path=host|")]
    [InlineData("audio=loud")]
    [InlineData("mos>=7")]
    [InlineData("mos>=x")]
    [InlineData("loss<-1%")]
    [InlineData("codec=mp3")]
    [InlineData("dtmf=")]
    [InlineData("dtmf=x")]
    [InlineData("srtp=yes")]
    [InlineData("weather=fine")]
    public void Expectation_ThatIsNone_IsRefusedWithTheListOfThose(string text)
    {
        Assert.False(Expectation.TryParse(text, out _, out var problem));
        Assert.Contains("answered<5s", problem);
    }

    [Fact]
    public void Failures_AreAllNamedInOrder()
    {
        Expectation[] expectations = [Parse("mos>=4.5"), Parse("codec=opus"), Parse("path=relay")];
        Assert.Equal(["mos>=4.5 does not hold: MOS was 4.3", "path=relay does not hold: the path is srflx"], Expectation.Failures(expectations, Good));
    }

    private static Expectation Parse(string text) => Expectation.TryParse(text, out var expectation, out var problem) ? expectation : throw new ArgumentException(problem);
}
