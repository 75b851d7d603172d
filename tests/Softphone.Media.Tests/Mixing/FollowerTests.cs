namespace Softphone.Media.Tests;

/// <summary>One listener of one talker, read by read.</summary>
public sealed class FollowerTests
{
    private readonly Voice _voice = new();
    private readonly short[] _scratch = new short[Mixer.FrameSamples];
    private Follower _follower;

    public FollowerTests() => _follower = new Follower(_voice);

    [Fact]
    public void Frames_InTime_ComeAsTheyAre()
    {
        for (short i = 1; i < 100; i++)
        {
            Push(i);
            Assert.Equal(i, Take());
        }
    }

    [Fact]
    public void Listener_WhoWasAwayForLong_GoesOnWithTheNewest()
    {
        Push(1);
        Take();
        for (short i = 1; i <= 100; i++) Push((short)(100 * i));
        Assert.Equal(10_000, Take());
        Assert.Equal(0, Take());
    }

    [Fact]
    public void FourFramesAtOnce_AreTwoAtTheNextRead()
    {
        Push(1000);
        Take();
        for (short i = 2; i <= 5; i++) Push((short)(1000 * i));
        var frame = _follower.Take(_scratch).ToArray();
        // From the frame that was due to the third after it, without a step.
        Assert.Equal(2000, frame[0]);
        Assert.InRange(frame[^1], 3990, 4000);
        Assert.InRange(Sines.Steepest(frame), 1, 4);
        Assert.Equal(5000, Take());
        Assert.Equal(0, Take());
    }

    [Fact]
    public void FrameThatWaitsInVain_IsDroppedInAPauseAfterASecond_ElseAfterFive()
    {
        Assert.InRange(ReadsUntilDropped(5), 48, 52);
        Assert.InRange(ReadsUntilDropped(5000), 248, 252);
    }

    /// <summary>Jitter that comes seldom must not cost a frame each time: after a miss a frame is kept longer.</summary>
    [Fact]
    public void TalkerWhoIsLateNowAndThen_IsMissedAFewTimesOnly()
    {
        var missed = 0;
        for (var i = 1; i < 20_000; i++)
        {
            var isLate = i % 400 == 0;
            if (!isLate) Push(5000);
            if (Take() == 0) missed++;
            if (isLate) Push(5000);
        }

        Assert.InRange(missed, 1, 3);
    }

    [Fact]
    public void Hurry_TakesTheNewestByACrossfade()
    {
        Push(1000);
        Take();
        Push(2000);
        Push(3000);
        _follower.Hurry();
        var frame = _follower.Take(_scratch).ToArray();
        Assert.Equal(2000, frame[0]);
        Assert.InRange(frame[^1], 2990, 3000);
        Assert.Equal(0, Take());
    }

    private int ReadsUntilDropped(short level)
    {
        _follower = new Follower(_voice);
        Push(level);
        for (var reads = 1; reads < 1000; reads++)
        {
            Push(level);
            var before = _voice.Written;
            Take();
            // When nothing waits after a read, a frame was dropped.
            var copy = _follower;
            var rest = copy.Take(_scratch);
            if (rest.IsEmpty || rest[900] == 0) return reads;
            Assert.Equal(before, _voice.Written);
        }

        return int.MaxValue;
    }

    private void Push(short value)
    {
        _voice.Room.Fill(value);
        _voice.Commit();
    }

    /// <summary>What a frame holds behind its fades; 0 for none, or one that dies away.</summary>
    private short Take()
    {
        var frame = _follower.Take(_scratch);
        return frame.IsEmpty ? (short)0 : frame[900];
    }
}
