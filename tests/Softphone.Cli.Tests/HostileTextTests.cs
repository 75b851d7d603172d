using System.Text;
using Softphone.Core;
using Softphone.Phone;
using Softphone.Sip;

namespace Softphone.Cli.Tests;

/// <summary>Text of strangers through every way out of the program: no control character, no turn of the direction of writing, no line that nobody wrote.</summary>
public sealed class HostileTextTests
{
    private static readonly DateTimeOffset At = new(2026, 11, 21, 4, 5, 6, 78, TimeSpan.FromHours(1));

    /// <summary>What peers, servers and files were seen to write, and more of the kind.</summary>
    public static TheoryData<string> Hostile =>
    [
        "\u001B]0;PWNED-TITLE\u0007\u001B[2J\u001B]52;c;cm0gLXJmIH4=\u0007",
        "\u009B2J\u009D0;title\u009C\u0085fake line",
        "Bob\u202Egnp.exe\u2066x\u2069\u200E\u200F\u061C",
        "one\nended     200 OK (local), audio two-way",
        "one\r\nforged: line\tcolumn\rovertype",
        "\u2028sep\u2029\u000B\u000C\u0000\u007F\b\b\b",
        "\uFEFF\U000E0001\uFFF9\u206A",
        "half a pair \uD800 and \uDC00",
    ];

    [Theory]
    [MemberData(nameof(Hostile))]
    public void Events_ForAPerson_AreOneLineEach(string evil)
    {
        OutputEvent[] events =
        [
            new OutputEvent.Registration { T = At, State = "failed", Aor = evil, Server = evil, Status = 403, Reason = evil },
            new OutputEvent.CallState { T = At, Call = "c1", State = "ringing", Direction = "incoming", Peer = evil, Status = 180, Reason = evil },
            new OutputEvent.IceCandidate { T = At, Call = "c1", Side = "remote", Component = 1, Type = evil, Addr = evil, Transport = "udp", Priority = 1, Foundation = evil, Server = evil },
            new OutputEvent.IceState { T = At, Call = "c1", State = "failed", Role = evil },
            new OutputEvent.IceSelected { T = At, Call = "c1", Component = 1, Local = new("host", evil), Remote = new(evil, evil), Path = evil, RttMs = 1, IceMs = 2 },
            new OutputEvent.Dtmf { T = At, Call = "c1", Digit = evil, DurationMs = 1, Via = evil },
            new OutputEvent.Refer { T = At, Call = "c1", Target = evil, By = evil },
            new OutputEvent.CallEnd { T = At, Call = "c1", Status = 486, Reason = evil, Cause = "remote", Audio = "none", Codec = evil, Path = evil, Srtp = evil },
            new OutputEvent.Explain { T = At, Call = "c1", Text = evil },
            new OutputEvent.ServeRegistration { T = At, State = "bound", User = evil, Contact = evil, Addr = evil, ExpiresS = 1 },
            new OutputEvent.ServeAllocation { T = At, State = "refused", Client = evil, Reason = evil },
            new OutputEvent.ServeCall { T = At, State = "started", From = evil, To = evil },
            new OutputEvent.Device { T = At, Direction = "input", Name = evil, Default = false, Driver = evil },
            new OutputEvent.DeviceChange { T = At, Direction = "input", Name = evil, State = "lost", Reason = evil },
        ];
        foreach (var happened in events)
        {
            foreach (var colour in (bool[])[false, true])
            {
                var text = Written(output => new HumanEventWriter(output, colour).Write(happened));
                var bare = System.Text.RegularExpressions.Regex.Replace(text, "\u001B\\[[0-9;]+m", "");
                Harmless(bare, lines: 1);
            }

            var json = Written(output => new JsonEventWriter(output).Write(happened));
            Harmless(json, lines: 1);
            using var read = System.Text.Json.JsonDocument.Parse(json);
        }
    }

    [Theory]
    [MemberData(nameof(Hostile))]
    public void Events_OfSeveralLines_HaveNoneMore(string evil)
    {
        Harmless(Human(new OutputEvent.CallEnd { T = At, Call = "c1", Status = 486, Reason = evil, Cause = "remote", Audio = "none", Expect = new([evil, evil]) }), lines: 3);
        Harmless(Human(new OutputEvent.Scenario { T = At, File = evil, Name = evil, Ok = false, Failed = [evil], Dropped = evil }), lines: 3);
        Harmless(Human(new OutputEvent.TurnTest { T = At, Server = evil, Transport = "udp", Ok = false, Reason = evil, Relay = evil }), lines: 2);
        Harmless(Human(new OutputEvent.Nat { T = At, Mapping = evil, Filtering = evil, Classic = evil, Mapped = evil, Evidence = [evil, evil] }), lines: 5);
    }

    /// <summary>Whatever a verb tells without an event: faults, mistakes in files, exceptions.</summary>
    [Theory]
    [MemberData(nameof(Hostile))]
    public async Task Verb_ThatTells_CommandsNothing(string evil)
    {
        using var bench = new Bench();
        var context = bench.Context;
        context.Report(new Fault(Layer.Sip, $"the peer said {evil}", $"ask {evil}"));
        context.Error.WriteLine($"softphone: {evil}");
        await context.Error.WriteLineAsync($"softphone: {evil}");
        Harmless(bench.Error.ToString(), lines: 4);
        foreach (var c in evil) context.Out.Write(c);
        context.Out.Write(evil.ToCharArray());
        context.Out.Write("{0} {1}", evil, evil);
        await context.Out.WriteAsync(evil);
        Harmless(bench.Out.ToString());
    }

    [Theory]
    [MemberData(nameof(Hostile))]
    public void Report_OfACall_CommandsNothing(string evil)
    {
        var remote = new Address(IpAddress.Parse("192.0.2.1"), 5060);
        TraceEntry[] trace =
        [
            new SipTrace.Dropped(Instant.Zero, "phone", new PathId(1), remote, evil),
            new SipTrace.State(Instant.Zero, "phone", evil, evil),
            new SipTrace.Message(Instant.Zero, "phone", false, new PathId(1), Transport.Udp, remote, remote, evil, "id", $"INVITE {evil}\r\n\r\n{evil}", false),
        ];
        var outcome = HumanText.Of(new OutputEvent.CallEnd { T = At, Call = "c1", Status = 486, Reason = evil, Cause = "remote", Audio = "none" })!;
        Harmless(CallReport.Text(CallDirection.Incoming, evil, outcome, evil, trace));
    }

    [Theory]
    [MemberData(nameof(Hostile))]
    public void Junit_OfAFileOfSomebodyElse_CanBeReadAndCommandsNothing(string evil)
    {
        var text = JunitReport.Text([new ScenarioResult(new OutputEvent.Scenario { T = At, File = evil, Name = evil, Ok = false, Failed = [evil], Dropped = evil }, TimeSpan.Zero, [evil])]);
        Harmless(text);
        Harmless(System.Xml.Linq.XDocument.Parse(text).ToString());
    }

    [Theory]
    [MemberData(nameof(Hostile))]
    public void Notification_OfACall_HasOnlyItsOwnControls(string evil)
    {
        foreach (var kind in Enum.GetValues<NotificationKind>())
        {
            var attention = new Attention(kind, hasTitle: true);
            var call = new CallView(new CallId(1), CallState.Ringing, CallDirection.Incoming, "sip:202@pbx.example.net") { Name = evil };
            var text = Encoding.UTF8.GetString(attention.Look(new PhoneView { Calls = [call] }));
            var own = System.Text.RegularExpressions.Regex.Replace(text, "\u001B\\](?:9|777|99|2);|\u0007|\u001B\\\\", "");
            Harmless(own, lines: 0);
        }
    }

    [Theory]
    [MemberData(nameof(Hostile))]
    public async Task Profile_OfSomebodyElse_ShownAndChecked_CommandsNothing(string evil)
    {
        using var bench = new Bench();
        var quoted = System.Text.Json.JsonSerializer.Serialize(evil);
        bench.AddProfile("evil", $"account:\n  uri: sip:201@pbx.example.net\n  display-name: {quoted}\n");
        Assert.True(await bench.RunAsync("profile", "show", "evil") is 0 or 2);
        bench.AddProfile("wrong", $"account:\n  uri: {quoted}\n  {quoted}: {quoted}\nnat:\n  stun: [{quoted}]\n{evil}");
        Assert.Equal(2, await bench.RunAsync("profile", "check", "wrong"));
        await bench.RunAsync("profile", "list");
        Harmless(bench.Out.ToString());
        Harmless(bench.Error.ToString());
    }

    [Fact]
    public async Task Profile_WithAHarmfulName_ReadsBackAsItWas()
    {
        using var bench = new Bench();
        bench.AddProfile("evil", "account:\n  uri: sip:201@pbx.example.net\n  display-name: \"a\\x9bb\\u202ec\\e\"\n");
        Assert.Equal(0, await bench.RunAsync("profile", "show", "evil"));
        Assert.True(ProfileReader.TryRead(bench.Out.ToString(), "again", out var profile, out _));
        Assert.Equal("a\u009Bb\u202Ec\u001B", profile.Account.DisplayName);
    }

    private static string Human(OutputEvent happened) => Written(output => new HumanEventWriter(output, colour: false).Write(happened));

    private static string Written(Action<TextWriter> write)
    {
        using var output = new StringWriter(System.Globalization.CultureInfo.InvariantCulture) { NewLine = "\n" };
        write(output);
        return output.ToString();
    }

    private static void Harmless(string text, int? lines = null)
    {
        foreach (var rune in text.EnumerateRunes()) Assert.False(PlainText.IsHarmful(rune) && rune.Value is not ('\n' or '\t'), $"U+{rune.Value:X4} in {PlainText.Line(text)}");
        if (lines is { } expected) Assert.Equal(expected, text.Count(c => c == '\n'));
    }
}
