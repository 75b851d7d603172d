namespace Softphone.Media.Tests;

public sealed class QualityTests
{
    [Theory]
    [InlineData(0, 0, 93.2, 4.41)]
    [InlineData(120, 1, 85.8, 4.2)]
    [InlineData(177.3, 0, 88.94, 4.3)]
    [InlineData(300, 0, 72.5, 3.71)]
    [InlineData(20, 10, 61.05, 3.15)]
    public void Rating_OfOpus_FollowsTheEModel(double delay, double loss, double rating, double mos)
    {
        var r = EModel.Rating(delay, loss, 1, CodecImpairment.Of("opus", 32_000));
        Assert.Equal(rating, r, 0.2);
        Assert.Equal(mos, EModel.Mos(r), 0.06);
    }

    [Fact]
    public void Mos_OverAllRatings_RisesWithinItsScale()
    {
        var before = 0.0;
        for (var r = -20.0; r <= 120; r += 0.5)
        {
            var mos = EModel.Mos(r);
            Assert.InRange(mos, Math.Max(1, before), 4.5);
            before = mos;
        }
    }

    [Fact]
    public void Loss_InBursts_HurtsMore()
    {
        var codec = CodecImpairment.Of("PCMA", 64_000);
        Assert.True(EModel.Rating(50, 5, 3, codec) < EModel.Rating(50, 5, 1, codec) - 1.5);
    }

    [Theory]
    [InlineData("opus", 32_000, 0, 20)]
    [InlineData("OPUS", 16_000, 5, 20)]
    [InlineData("PCMU", 64_000, 0, 25.1)]
    [InlineData("G722", 64_000, 0, 25.1)]
    public void Impairment_OfACodec_IsTheTables(string codec, int bitrate, double equipment, double robustness) =>
        Assert.Equal(new CodecImpairment(equipment, robustness), CodecImpairment.Of(codec, bitrate));

    [Fact]
    public void Level_OfASine_IsThreeDecibelsBelowItsPeak()
    {
        var meter = new LevelMeter();
        var pcm = new short[4800];
        for (var i = 0; i < pcm.Length; i++) pcm[i] = (short)(32_767 * Math.Sin(2 * Math.PI * i / 48));
        meter.Add(pcm);
        Assert.Equal(-3.01, meter.Dbfs, 0.02);
        for (var i = 0; i < 30; i++) meter.Add(new short[4800]);
        Assert.Equal(LevelMeter.Floor, meter.Dbfs);
    }

    [Fact]
    public void Level_OfNothing_IsTheFloor() => Assert.Equal(LevelMeter.Floor, new LevelMeter().Dbfs);
}
