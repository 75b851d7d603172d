using System.Text.RegularExpressions;
using Softphone.Core;
using Softphone.Lab;
using Softphone.Media;
using Softphone.Phone;

namespace Softphone.Tui.Tests;

/// <summary>A whole session in virtual time: keys go in, calls go through NATs in the virtual internet, and screens come out.</summary>
public sealed partial class WalkTests
{
    /// <summary>Clocks, seconds left, MOS, levels.</summary>
    [GeneratedRegex(@"\d+(?=:\d\d)|(?<=:)\d\d|\d\.\d(?= )|(?<=● )\d+(?=s)|[▮▯]")]
    private static partial Regex Measured();

    [Fact]
    public void Session_FromDiallingToHangingUp_ShowsWhatHappens()
    {
        using var walk = new Walk();
        walk.Until("alice is registered", view => view.Accounts[0].State == RegistrationState.Registered);
        walk.Sees("alice ●");

        walk.Type("dbob<Enter>");
        walk.Until("bob's phone is called", view => view.Live() == 1);
        walk.Until("bob answers", view => view.Calls[0].State == CallState.Connected);
        walk.Run(3);
        walk.Type("12#");
        walk.Until("the keys are sent", view => view.Calls[0].DigitsSent == "12#");
        walk.Sees("keys 12#");

        walk.Type("<Space>");
        walk.Until("bob is held", view => view.Calls[0].State == CallState.Held);
        walk.Sees("HELD");
        walk.Type("<Space>");
        walk.Until("bob talks again", view => view.Calls[0].State == CallState.Connected);

        walk.Type(":dial dave<Enter>");
        walk.Until("dave answers", view => view.Calls.Count == 2 && view.Calls[1].State == CallState.Connected && view.Calls[0].State == CallState.Held);
        walk.Type("c");
        walk.Until("both talk", view => view.Calls.All(c => c is { InConference: true, State: CallState.Connected }));
        walk.Type("m");
        walk.Until("nobody hears us", view => view.Audio.IsMuted);
        walk.Sees(" MUTED ");
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
        walk.Until("one call is over", view => view.Live() == 1);
        walk.Type("h");
        walk.Until("both are over", view => view.Live() == 0 && view.History.Count == 2);

        walk.Type("<Alt-3>b");
        walk.Until("called back", view => view.Live() == 1 && view.Calls[^1].State == CallState.Connected);
        walk.Type("Q");
        walk.Sees("goes on");
        walk.Type("y");
        walk.Run(0.5);
        Assert.Contains(walk.Asked, c => c is PhoneCommand.Quit);
    }

    [Fact]
    public void Incoming_AnsweredWhileTyping_IsTaken()
    {
        using var walk = new Walk();
        walk.Until("carol calls", view => view.Calls.Any(CallFacts.RingsHere), 90);
        walk.Sees("a answer  h reject");
        walk.Type("d4");
        walk.Sees("F5 answer  F8 reject");
        walk.Type("<F5>");
        walk.Until("carol talks", view => view.Calls[0].State == CallState.Connected);
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

        private PhoneView View => _demo.Alice.View;

        public void Type(string keys)
        {
            Person.Type(keys);
            Give();
        }

        public void Run(double seconds)
        {
            for (var end = World.Now + TimeSpan.FromSeconds(seconds); World.Now < end;) Step();
        }

        /// <summary>Lets time pass until it is so.</summary>
        public void Until(string what, Func<PhoneView, bool> holds, double seconds = 15)
        {
            for (var end = World.Now + TimeSpan.FromSeconds(seconds); World.Now < end;)
            {
                Step();
                if (holds(Person.Session.View)) return;
            }

            Assert.Fail($"not within {seconds} s: {what}\n{Person.Look()}");
        }

        public void Sees(string text) => Person.Find(text);

        /// <summary>The screen with what time and chance decide made plain: clocks, and the log.</summary>
        public string Settled()
        {
            var rows = Person.Look().ToString().Split('\n');
            var events = Array.FindIndex(rows, r => r.Contains(" Events ", StringComparison.Ordinal));
            return string.Join('\n', rows[..events].Select(r => Measured().Replace(r, m => new string('0', m.Length)))) + "\n";
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
