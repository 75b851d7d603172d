using Softphone.Core;
using Softphone.Lab;
using Softphone.Media;
using Softphone.Phone;

namespace Softphone.Tui.Tests;

/// <summary>A whole session in virtual time: keys go in, calls go through NATs in the virtual internet, and screens come out.</summary>
public sealed class WalkTests
{
    [Fact]
    public void Session_FromDiallingToHangingUp_ShowsWhatHappens()
    {
        using var walk = new Walk();
        walk.Until("work ●", screen => screen.Contains("alice ●", StringComparison.Ordinal));

        walk.Type("dbob<Enter>");
        walk.Until("bob rings or is dialled", screen => screen.Contains("dialing", StringComparison.Ordinal) || screen.Contains("ringing", StringComparison.Ordinal));
        walk.Until("bob answers", screen => screen.Contains("talking", StringComparison.Ordinal));
        walk.Run(3);
        walk.Type("12#");
        walk.Until("the keys", screen => screen.Contains("keys 12#", StringComparison.Ordinal));

        walk.Type("<Space>");
        walk.Until("hold", screen => screen.Contains("HELD", StringComparison.Ordinal));
        walk.Type("<Space>");
        walk.Until("resume", screen => screen.Contains("talking", StringComparison.Ordinal));

        walk.Type(":dial dave<Enter>");
        walk.Until("the second call", screen => screen.Contains("talking", StringComparison.Ordinal) && screen.Contains("HELD", StringComparison.Ordinal));
        walk.Type("c");
        walk.Until("conference", screen => screen.Split("conf").Length > 2);
        walk.Type("m");
        walk.Until("mute", screen => screen.Contains("MUTED", StringComparison.Ordinal));
        Golden.Check(walk.Settled(), "walk-conference");
        walk.Type("m");

        foreach (var keys in (string[])["p", "i", "s"])
        {
            walk.Type(keys);
            walk.Run(0.5);
            Assert.Equal(keys switch { "p" => nameof(CallScreen), "i" => nameof(IceScreen), _ => nameof(SipScreen) }, walk.Person.Screen);
            walk.Type("<Esc>");
        }

        Assert.Equal(nameof(MainScreen), walk.Person.Screen);
        walk.Type("h");
        walk.Until("one call is over", _ => walk.View.Live() == 1);
        walk.Type("h");
        walk.Until("both are over", _ => walk.View.Live() == 0);
        walk.Until("history", _ => walk.View.History.Count == 2);

        walk.Type("<Alt-3><Enter>");
        walk.Until("calls back", screen => screen.Contains("talking", StringComparison.Ordinal));
        walk.Type("Q");
        walk.Person.Find("goes on");
        walk.Type("y");
        walk.Run(0.5);
        Assert.Contains(walk.Asked, c => c is PhoneCommand.Quit);
    }

    [Fact]
    public void Incoming_AnsweredWhileTyping_IsTaken()
    {
        using var walk = new Walk();
        walk.Until("carol calls", screen => screen.Contains("a answer  h reject", StringComparison.Ordinal), 90);
        walk.Type("d4");
        walk.Person.Find("F5 answer  F8 reject");
        walk.Type("<F5>");
        walk.Until("carol talks", screen => screen.Contains("talking", StringComparison.Ordinal));
        Assert.Equal(nameof(DialScreen), walk.Person.Screen);
    }

    /// <summary>The desk of the demonstration with a person in front of it.</summary>
    private sealed class Walk : IDisposable
    {
        private static readonly TimeSpan Frame = TimeSpan.FromMilliseconds(100);

        private readonly DemoDesk _demo = new(new DemoOptions { Seed = 7 }, CodecFactory.Instance, _ => new ToneGenerator(new Tone([new ToneSegment(440, 0, 0, 60)], Repeats: true), -15));

        public Walk() => Person = new Person(View);

        public Person Person { get; }

        public List<PhoneCommand> Asked { get; } = [];

        public PhoneView View => _demo.Alice.View;

        public void Type(string keys)
        {
            Person.Type(keys);
            Give();
        }

        public void Run(double seconds)
        {
            for (var end = World.Now + TimeSpan.FromSeconds(seconds); World.Now < end;) Step();
        }

        /// <summary>Lets time pass until the screen shows it.</summary>
        public void Until(string what, Func<string, bool> shows, double seconds = 15)
        {
            for (var end = World.Now + TimeSpan.FromSeconds(seconds); World.Now < end;)
            {
                Step();
                if (shows(Person.Look().ToString())) return;
            }

            Assert.Fail($"not within {seconds} s: {what}\n{Person.Look()}");
        }

        /// <summary>The screen with what time and chance decide made plain: clocks, and the log.</summary>
        public string Settled()
        {
            var rows = Person.Look().ToString().Split('\n');
            var events = Array.FindIndex(rows, r => r.Contains(" Events ", StringComparison.Ordinal));
            return string.Join('\n', rows[..events].Select(r => System.Text.RegularExpressions.Regex.Replace(r, @"\d+(?=:\d\d)|(?<=:)\d\d|\d(\.\d)?(?= (● |conf|│))|(?<=● )\d+(?=s)|[▮▯]", "0"))) + "\n";
        }

        public void Dispose() => _demo.Dispose();

        private World World => _demo.World.World;

        private void Step()
        {
            World.RunUntil(World.Now + Frame);
            _demo.Alice.Desk.Watch = Person.Session.Watched;
            Person.See(View);
            Give();
        }

        private void Give()
        {
            foreach (var command in Person.Drain())
            {
                Asked.Add(command);
                _demo.Alice.Do(command);
            }
        }
    }
}
