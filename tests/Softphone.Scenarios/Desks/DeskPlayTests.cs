using Softphone.Lab;
using Softphone.Media;
using Softphone.Phone;

namespace Softphone.Scenarios;

/// <summary>A file that is played into a call: the peer hears it beside the microphone, until it is over or stopped.</summary>
public sealed class DeskPlayTests
{
    [Theory]
    [InlineData(600)]
    [InlineData(1500)]
    public void Play_IsHeardBesideTheVoice_AndEndsWithTheFile(double hertz)
    {
        using var bench = Talking(hertz, out var call, out _);
        bench.Hum("alice", 300);
        bench.Do("alice", new PhoneCommand.Play(call, "hello.wav"));
        bench.Run(1.5);
        Assert.Equal("hello.wav", bench.View("alice", call)!.Playing);
        Assert.True(bench.Heard("bob").Hears(hertz) && bench.Heard("bob").Hears(300));
        bench.Run(3);
        Assert.Null(bench.View("alice", call)!.Playing);
        Assert.NotNull(bench.Line("alice", "played hello.wav"));
    }

    [Fact]
    public void Play_IsHeardWhileTheMicrophoneIsMuted_AndStops()
    {
        using var bench = Talking(700, out var call, out _);
        bench.Do("alice", new PhoneCommand.Mute(true));
        bench.Do("alice", new PhoneCommand.Play(call, "hello.wav"));
        bench.Run(1.5);
        Assert.True(bench.Heard("bob").Hears(700));
        bench.Do("alice", new PhoneCommand.StopPlaying(call));
        bench.Run(1);
        Assert.All(bench.Heard("bob"), s => Assert.InRange((int)s, -200, 200));
    }

    [Theory]
    [InlineData("missing.wav", "does not exist")]
    [InlineData(" ", "no file was named")]
    public void Play_OfNoFile_IsTold(string file, string words)
    {
        using var bench = Talking(700, out var call, out _);
        bench.Do("alice", new PhoneCommand.Play(call, file));
        bench.Complains("alice", words);
        bench.Do("alice", new PhoneCommand.StopPlaying(call));
        bench.Complains("alice", "nothing is played");
    }

    private static DeskBench Talking(double hertz, out CallId mine, out CallId theirs)
    {
        var bench = new DeskBench(1, "alice", "bob");
        bench["alice"].Shell.Sounds["hello.wav"] = () => new ToneGenerator(new Tone([new ToneSegment(hertz, 0, 0, 3)], Repeats: false), -15);
        (mine, theirs) = bench.Connect("alice", "bob");
        return bench;
    }
}
