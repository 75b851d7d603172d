using Softphone.Core;
using Softphone.Lab;
using Softphone.Media;
using Softphone.Phone;

namespace Softphone.Scenarios;

/// <summary>What a newcomer does in `softphone demo --tui`, in virtual time.</summary>
public sealed class DemoDeskTests
{
    [Theory]
    [InlineData("port-restricted", "port-restricted")]
    [InlineData("symmetric", "symmetric")]
    [InlineData("udp-blocked", "none")]
    public void Bob_Called_AnswersAfterASecond_AndHisSpeechIsHeard(string natA, string natB)
    {
        using var demo = Demo(natA, natB);
        demo.Alice.Do(new PhoneCommand.Dial("bob"));
        Until(demo, () => demo.Alice.Call?.State == CallState.Connected, 6);
        Until(demo, () => demo.Alice.Shell.Heard.Last(TimeSpan.FromMilliseconds(100)).Any(s => s > 500), 5);
    }

    [Fact]
    public void Carol_CallsByHerself_AndGivesUpWhenNobodyAnswers()
    {
        using var demo = Demo();
        Until(demo, () => demo.Alice.Call is { Direction: CallDirection.Incoming, State: CallState.Ringing }, DemoDesk.FirstVisit.TotalSeconds + 2);
        Until(demo, () => demo.Alice.View.Missed == 1, 40);
        Until(demo, () => demo.Alice.Call is { Direction: CallDirection.Incoming, State: CallState.Ringing }, DemoDesk.VisitPause.TotalSeconds);
        demo.Alice.Do(new PhoneCommand.Answer(demo.Alice.Call!.Id));
        Until(demo, () => demo.Alice.Call!.State == CallState.Connected, 3);
    }

    [Fact]
    public void Dave_CalledWhileBobTalks_CanBePutIntoAConference()
    {
        using var demo = Demo();
        demo.Alice.Do(new PhoneCommand.Dial("bob"));
        Until(demo, () => demo.Alice.Call?.State == CallState.Connected, 6);
        var bob = demo.Alice.Call!.Id;
        demo.Alice.Do(new PhoneCommand.Dial("dave"));
        Until(demo, () => demo.Alice.Call is { State: CallState.Connected } call && call.Id != bob, 6);
        demo.Alice.Do(new PhoneCommand.Conference([bob, demo.Alice.Call!.Id]));
        Until(demo, () => demo.Alice.View.Calls.Count(c => c is { InConference: true, State: CallState.Connected }) == 2, 6);
    }

    [Fact]
    public void Advice_FollowsWhatGoesOn_AndFitsANarrowTerminal()
    {
        using var demo = Demo();
        var told = new List<string>();
        Assert.Contains("d bob", Advice(), StringComparison.Ordinal);
        demo.Alice.Do(new PhoneCommand.Dial("bob"));
        Until(demo, () => Advice().StartsWith("It rings", StringComparison.Ordinal), 3);
        Until(demo, () => Advice().StartsWith("Talking", StringComparison.Ordinal), 6);
        Until(demo, () => Advice().StartsWith("Carol calls too", StringComparison.Ordinal), DemoDesk.FirstVisit.TotalSeconds);
        demo.Alice.Do(new PhoneCommand.Answer(demo.Alice.Call!.Id));
        Until(demo, () => Advice().StartsWith("Two calls", StringComparison.Ordinal), 3);
        demo.Alice.Do(new PhoneCommand.Conference([.. demo.Alice.View.Calls.Select(c => c.Id)]));
        Until(demo, () => Advice().StartsWith("A conference", StringComparison.Ordinal), 3);
        foreach (var call in demo.Alice.View.Calls) demo.Alice.Do(new PhoneCommand.Hangup(call.Id));
        Until(demo, () => Advice().StartsWith("H shows", StringComparison.Ordinal), 10);
        Assert.All(told, line => Assert.InRange(line.Length, 1, 78));

        string Advice()
        {
            told.Add(demo.View.Notice);
            return told[^1];
        }
    }

    private static DemoDesk Demo(string natA = "port-restricted", string natB = "port-restricted") => new(
        new DemoOptions { NatA = NatBehavior.Named(natA), NatB = NatBehavior.Named(natB) }, CodecFactory.Instance, _ => new Tone());

    private static void Until(DemoDesk demo, Func<bool> done, double seconds) =>
        Assert.True(
            demo.World.World.RunUntil(done, demo.World.World.Now + TimeSpan.FromSeconds(seconds)),
            string.Join('\n', demo.Alice.View.Events.Select(e => $"{e.At:HH:mm:ss.fff} {e.Text}")));

    private sealed class Tone : IAudioSource
    {
        private int _at;

        public bool Read(Span<short> pcm48k)
        {
            foreach (ref var sample in pcm48k) sample = (short)(8000 * Math.Sin(_at++ * 2 * Math.PI * 440 / 48_000));
            return true;
        }
    }
}
