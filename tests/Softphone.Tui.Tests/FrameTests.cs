using System.Text;
using Softphone.Core;
using Softphone.Phone;
using Softphone.Terminal;
using Softphone.Terminal.Tests;

namespace Softphone.Tui.Tests;

/// <summary>What must hold of every frame: it fits, it survives hostile names, it reads without colour and without Unicode, and it costs little.</summary>
public sealed class FrameTests
{
    public static TheoryData<int, int> Sizes => new() { { 80, 24 }, { 100, 30 }, { 160, 50 } };

    /// <summary>Names as strangers send them.</summary>
    private static readonly string[] Hostile =
    [
        "\e[2J\e]0;owned\a",
        "a\r\nb\tc\0d",
        "例え例え例え例え例え例え例え例え",
        "👩‍👩‍👧‍👦👍🏽🇩🇪",
        "\u202Egnp.exe\u202C",
        "e\u0301\u0301\u0301\u0301\u0301",
        "\uD800 lone",
        new string('x', 5000),
        "",
        "…│─┘",
    ];

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Names_FromStrangers_BreakNoLayout(int width, int height)
    {
        foreach (var name in Hostile)
        {
            var view = Disguise(Views.Busy, name);
            foreach (var keys in (string[])["", "<Alt-2>", "<Alt-3>", "<Alt-4>", "<Alt-5>", "d", "t", "T", "x", "?", ":dial "])
            {
                var person = new Person(view, width, height).Type(keys);
                var frame = person.Look();
                var terminal = Show(frame, new TerminalFeatures(true, ColorMode.Exact, false));
                for (var y = 0; y < height; y++) Assert.Equal(frame.TextOf(y), terminal.TextOf(y));
                if (keys.Length > 0 && keys[0] != '<') continue;
                for (var y = 3; y < height - 2; y++)
                {
                    Assert.Contains(Glyph(terminal, 0, y), "│├┌└");
                    Assert.Contains(Glyph(terminal, width - 1, y), "│┤┐┘");
                }
            }
        }
    }

    [Theory]
    [InlineData(ColorMode.None, false, "plain")]
    [InlineData(ColorMode.Sixteen, true, "ascii")]
    public void Frame_OnAPoorTerminal_Reads(ColorMode colors, bool isAscii, string name)
    {
        var frame = new Person(Views.Busy).Look();
        var terminal = Show(frame, new TerminalFeatures(true, colors, isAscii));
        var text = new StringBuilder();
        for (var y = 0; y < frame.Height; y++) text.Append(terminal.TextOf(y)).Append('\n');
        Golden.Check(text.ToString(), $"main-busy-{name}");
        if (isAscii) Assert.DoesNotContain(text.ToString(), c => c > '~');
        else for (var y = 0; y < frame.Height; y++)
            for (var x = 0; x < frame.Width; x++) Assert.DoesNotContain("g", terminal.StyleOf(x, y), StringComparison.Ordinal);
    }

    /// <summary>Sixteen colours are all that the program asks for: the person's theme decides how they look.</summary>
    [Fact]
    public void Colors_OfEveryScreen_AreOfTheTheme()
    {
        foreach (var keys in (string[])["", "d", "?", "x", ":", "T", "Q"])
        {
            var frame = new Person(Views.Busy).Type(keys).Look();
            for (var y = 0; y < frame.Height; y++)
                for (var x = 0; x < frame.Width; x++)
                    foreach (var color in (Color[])[frame[x, y].Style.Foreground, frame[x, y].Style.Background])
                        Assert.True(color.IsDefault || color.IsNamed, $"{keys}: {color} at {x},{y}");
        }
    }

    /// <summary>Ten frames a second for hours: what a frame leaves behind must be little.</summary>
    [Fact]
    public void Draw_OfABusyScreen_AllocatesLittle()
    {
        var view = Views.Busy with
        {
            History = [.. Enumerable.Range(0, 500).Select(i => Views.Busy.History[i % 4] with { Number = 500 - i })],
            Contacts = [.. Enumerable.Range(0, 300).Select(i => new Contact($"Person {i}", $"sip:{i}@pbx.example"))],
            Events = [.. Enumerable.Range(0, 200).Select(i => Views.Busy.Events[i % 2])],
        };
        var person = new Person(view);
        for (var i = 0; i < 20; i++) person.Look();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++) person.Look();
        var each = (GC.GetAllocatedBytesForCurrentThread() - before) / 100;
        Assert.True(each < 8192, $"{each} octets a frame");
    }

    /// <summary>Whatever is pressed, pasted and clicked, at whatever size: it draws, and only commands come out.</summary>
    [Theory]
    [InlineData(1ul)]
    [InlineData(2ul)]
    [InlineData(3ul)]
    [InlineData(4ul)]
    public void Anything_Pressed_NeverThrows(ulong seed)
    {
        var entropy = new SeededEntropy(seed);
        PhoneView[] views = [new(), Views.Idle, Views.Talking, Views.Busy, Disguise(Views.Busy, "\e[31m例👍"), Views.Busy with { Calls = [.. Views.Busy.Calls.Select(c => c with { State = CallState.Ended })] }];
        const string Keys = "ahdmtTcrv+-nispwyRxHCSNAUq:/?gGjk 0123456789*#eWbo=Q";
        var person = new Person(views[0]);
        for (var step = 0; step < 1500; step++)
        {
            switch (entropy.NextInt(12))
            {
                case 0:
                    person.See(views[entropy.NextInt(views.Length)]);
                    break;
                case 1:
                    person.Send($"\e[<{((int[])[0, 64, 65])[entropy.NextInt(3)]};{entropy.NextInt(120) + 1};{entropy.NextInt(40) + 1}M");
                    break;
                case 2:
                    person.Paste("12\r\n\e[A" + entropy.NextToken(4));
                    break;
                case 3:
                    person.Frame.Resize(entropy.NextInt(170) + 1, entropy.NextInt(60) + 1);
                    break;
                case 4 or 5:
                    person.Send(((string[])["\r", "\t", "\e[A", "\e[B", "\e[Z", "\x7f", "\e[5~", "\e[6~", "\e3", "\e[H", "\e[F", "\eOP", "\eOQ", "\x03"])[entropy.NextInt(14)]);
                    break;
                case 6:
                    person.Type("<Esc>");
                    break;
                case 7:
                    person.Wait(TimeSpan.FromSeconds(entropy.NextInt(3)));
                    break;
                default:
                    person.Send(Keys[entropy.NextInt(Keys.Length)].ToString());
                    break;
            }

            person.Look();
            person.Drain();
        }
    }

    private static VirtualTerminal Show(Surface frame, TerminalFeatures features)
    {
        var terminal = new VirtualTerminal(frame.Width, frame.Height);
        terminal.Write(new Renderer(features).Draw(frame));
        return terminal;
    }

    private static string Glyph(VirtualTerminal terminal, int x, int y)
    {
        var text = terminal.TextOf(y);
        return x == 0 ? text[..1] : text[^1..];
    }

    /// <summary>The same view with this name everywhere that a stranger writes.</summary>
    private static PhoneView Disguise(PhoneView view, string name) => view with
    {
        Calls = [.. view.Calls.Select(c => c with { Name = name, Peer = name, Transfer = c.Id.Value == 2 ? name : "", DigitsSent = c.Id.Value == 1 ? name : "" })],
        Contacts = [.. view.Contacts.Select(c => c with { Name = name, Uri = name })],
        History = [.. view.History.Select(h => h with { Name = name, Peer = name, Reason = name, Codec = name, Path = name })],
        Events = [.. view.Events.Select(e => e with { Text = name })],
        Accounts = [.. view.Accounts.Select(a => a with { Name = name, Aor = name, Problem = new Fault(Layer.Sip, name, name) })],
        Nat = name,
        Notice = name,
    };
}
