using Softphone.Core;

namespace Softphone.Media.Tests;

public sealed class RtpSourceTests
{
    [Fact]
    [Rfc("3550", "A.1", Line = "media R4")]
    public void Source_New_IsBelievedAfterTwoInOrder()
    {
        var source = new RtpSource(1);
        Assert.Equal(SourceVerdict.Probation, source.Take(100));
        Assert.Equal(SourceVerdict.Probation, source.Take(200));
        Assert.False(source.IsValid);
        Assert.Equal(SourceVerdict.Accepted, source.Take(201));
        Assert.True(source.IsValid);
        Assert.Equal(1, source.Received);
        Assert.Equal(1, source.Expected);
    }

    [Fact]
    [Rfc("3550", "A.1", Line = "media R4")]
    public void Sequence_Wraps_CountsACycle()
    {
        var source = Valid(65_533);
        for (var i = 0; i < 10; i++) Assert.Equal(SourceVerdict.Accepted, source.Take((ushort)(65_534 + i)));
        Assert.Equal(65_536 + 7, source.ExtendedHighest);
        Assert.Equal(0, source.Lost);

        // A late one from before the wrap does not count a cycle.
        Assert.Equal(SourceVerdict.Accepted, source.Take(65_535));
        Assert.Equal(65_536 + 7, source.ExtendedHighest);
    }

    [Theory]
    [Rfc("3550", "A.1", Line = "media R4")]
    [InlineData(2999, SourceVerdict.Accepted)]
    [InlineData(3000, SourceVerdict.Rejected)]
    [InlineData(-99, SourceVerdict.Accepted)]
    [InlineData(-100, SourceVerdict.Rejected)]
    public void Jump_OfTheSequence_IsTakenOnlyWithinBounds(int by, SourceVerdict expected) =>
        Assert.Equal(expected, Valid(20_000).Take((ushort)(20_000 + by)));

    [Fact]
    [Rfc("3550", "A.1", Line = "media R4")]
    public void Jump_FollowedByTheNext_BeginsAnew()
    {
        var source = Valid(20_000);
        Assert.Equal(SourceVerdict.Rejected, source.Take(40_000));
        Assert.Equal(SourceVerdict.Restarted, source.Take(40_001));
        Assert.Equal(40_001, source.ExtendedHighest);
        Assert.Equal(0, source.Lost);
    }

    [Fact]
    [Rfc("3550", "A.3", Line = "media R6")]
    public void Report_AfterLoss_TellsFractionOfTheIntervalAndSum()
    {
        var source = Valid(0);
        for (ushort i = 1; i <= 100; i++)
            if (i % 4 != 0 || i > 96) source.Take(i);
        var first = source.Report(0, 0);
        Assert.Equal(24, first.CumulativeLost);
        Assert.Equal(256 * 24 / 101, first.FractionLost);
        for (ushort i = 101; i <= 200; i++) source.Take(i);
        var second = source.Report(0, 0);
        Assert.Equal(0, second.FractionLost);
        Assert.Equal(24, second.CumulativeLost);
    }

    [Fact]
    [Rfc("3550", "A.3", Line = "media R6")]
    public void Report_AfterDuplicates_IsNegativeWithoutFraction()
    {
        var source = Valid(0);
        for (var i = 0; i < 5; i++) source.Take(1);
        var report = source.Report(0, 0);
        Assert.Equal(-4, report.CumulativeLost);
        Assert.Equal(0, report.FractionLost);

        var bytes = new byte[ReportBlock.Length];
        report.Write(bytes);
        Assert.Equal(report, ReportBlock.Read(bytes));
    }

    [Fact]
    [Rfc("3550", "A.3", Line = "media R6")]
    public void Report_PastTwentyFourBits_Saturates()
    {
        var source = Valid(0);
        ushort sequence = 0;
        for (var i = 0; i < 3000; i++) source.Take(sequence += 2990);
        Assert.True(source.Lost > 0x7F_FFFF);
        Assert.Equal(0x7F_FFFF, source.Report(0, 0).CumulativeLost);
    }

    [Fact]
    [Rfc("3550", "A.8", Line = "media R5")]
    public void Jitter_OfAlternatingDelay_ConvergesToIt()
    {
        var source = new RtpSource(1);
        for (var i = 0; i < 500; i++)
            source.Observe(At(20 * i + (i % 2 == 0 ? 0 : 8)), (uint)(160 * i), 8000);
        Assert.Equal(8, source.JitterMs, 0.01);
        Assert.Equal(64, source.Jitter, 0.1);
    }

    [Fact]
    [Rfc("3550", "A.8", Line = "media R5")]
    public void Jitter_AcrossAWrapOfTheTimestamp_IsNone()
    {
        var source = new RtpSource(1);
        for (var i = 0; i < 100; i++) source.Observe(At(20 * i), unchecked((uint)(-48_000 + 960 * i)), 48_000);
        Assert.Equal(0, source.Jitter, 1e-9);
    }

    [Fact]
    [Rfc("3550", "A.8", Line = "media R5")]
    public void Jitter_AfterASenderStoodStill_DoesNotExplode()
    {
        var source = new RtpSource(1);
        for (var i = 0; i < 50; i++) source.Observe(At(20 * i), (uint)(160 * i), 8000);
        for (var i = 50; i < 100; i++) source.Observe(At(20 * i + 30_000), (uint)(160 * i), 8000);
        Assert.Equal(0, source.Jitter, 1e-9);
    }

    [Theory]
    [InlineData(300, 5, 20)]
    [InlineData(64_000, 12_345, 3)]
    [InlineData(9_000, 40_000, 400)]
    [Rfc("3550", "A.1")]
    public void Totals_WhenTheSequenceBeginsAnew_GoOn(int first, int second, int count)
    {
        // Every fifth is lost, and the packet that makes the restart known is not taken.
        var source = Valid((ushort)first);
        var (taken, lost) = (1, 0);
        for (var i = 1; i <= count; i++) Take(first, i);
        var lostFirst = lost;
        source.Take((ushort)second);
        for (var i = 1; i <= count; i++) Take(second, i);
        Assert.Equal((taken, lost, taken + lost), (source.TotalReceived, source.TotalLost, source.TotalExpected));
        Assert.Equal(lost - lostFirst, source.Report(0, 0).CumulativeLost);
        Assert.True(source.Received < source.TotalReceived);

        void Take(int from, int i)
        {
            if (i % 5 == 2 && i < count) lost++;
            else if (source.Take((ushort)(from + i)) is SourceVerdict.Accepted or SourceVerdict.Restarted) taken++;
        }
    }

    [Theory]
    [InlineData(65_530, 20)]
    [InlineData(100, 300)]
    public void Extended_OfAnyPacketThatWasTaken_CountsOnThroughTheWrap(int from, int count)
    {
        var source = Valid((ushort)from);
        var last = source.ExtendedHighest;
        for (var i = 1; i <= count; i++)
        {
            source.Take((ushort)(from + i));
            Assert.Equal(++last, source.Extend((ushort)(from + i)));
        }

        Assert.Equal(last - 9, source.Extend((ushort)(from + count - 9)));
    }

    private static Instant At(double ms) => new((long)(ms * 1e6));

    private static RtpSource Valid(ushort at)
    {
        var source = new RtpSource(1);
        source.Take((ushort)(at - 1));
        source.Take(at);
        return source;
    }
}
