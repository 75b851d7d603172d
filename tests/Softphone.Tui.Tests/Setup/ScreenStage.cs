using System.Runtime.CompilerServices;
using System.Text;
using Softphone.Core;
using Softphone.Phone;
using Softphone.Terminal;

namespace Softphone.Tui.Tests;

/// <summary>One screen on a session of its own: keys go in, pictures and commands come out.</summary>
internal sealed class ScreenStage
{
    public ScreenStage(Screen screen, PhoneView? view = null, TuiSetup? setup = null)
    {
        Session = new Session(setup ?? new TuiSetup()) { View = view ?? Sample };
        Session.Open(new MainScreen());
        Session.Open(screen);
    }

    public Session Session { get; }

    /// <summary>Two accounts, four contacts, five calls that are over.</summary>
    public static PhoneView Sample { get; } = new()
    {
        Now = Instant.Zero + TimeSpan.FromMinutes(90),
        Clock = At(21, 14, 2),
        Account = "work",
        Accounts =
        [
            new AccountView("work", "sip:201@pbx.example.net", RegistrationState.Registered) { ExpiresIn = TimeSpan.FromSeconds(412), Server = "203.0.113.5:5060", Transport = "udp" },
            new AccountView("home", "sip:alice@home.example", RegistrationState.Failed)
            {
                Server = "198.51.100.7:5061", Transport = "tls", RetryIn = TimeSpan.FromSeconds(30),
                Problem = new Fault(Layer.Tls, "the certificate of home.example ended on 3 Nov 2026", "renew it at the server"),
            },
        ],
        Contacts =
        [
            new Contact("Bob", "sip:202@pbx.example.net"), new Contact("Zoë Å", "sip:zoe@example.org", "home"), new Contact("echo", "9196"), new Contact("Carol", "sip:203@pbx.example.net"),
        ],
        History =
        [
            Entry(5, At(21, 13, 55), CallDirection.Incoming, "sip:203@pbx.example.net", "Carol", 487, "Request Terminated") with { IsMissed = true },
            Entry(4, At(21, 13, 40), CallDirection.Outgoing, "sip:300@pbx.example.net", "", 200, "OK") with
            {
                Talked = TimeSpan.FromSeconds(250), Path = "srflx", Codec = "opus", Mos = 4.31,
                Explanation = "Sound went directly between the outer addresses of both NATs: yours keeps one mapping for all peers, so the candidate that the STUN server saw was the one that worked.",
            },
            Entry(3, At(21, 9, 12), CallDirection.Outgoing, "sip:9999@pbx.example.net", "", 488, "Not Acceptable Here") with { Explanation = "Sdp: no common codec; allow one of opus, g722 at the other side." },
            Entry(2, At(20, 17, 3), CallDirection.Incoming, "sip:202@pbx.example.net", "Bob", 200, "OK") with { Talked = TimeSpan.FromSeconds(4000), Path = "relay", Codec = "pcma", Mos = 3.9 },
            Entry(1, At(20, 16, 0), CallDirection.Incoming, "sip:+4930123@pbx.example.net", "", 486, "Busy Here"),
        ],
        Audio = new AudioView
        {
            InputDbfs = -18, OutputDbfs = -24.4, VolumeDb = -4, IsMeterOn = true, Processing = "echo, noise and level",
            Input = new DeviceView { Chosen = "USB Headset", IsOpen = true, Choices = ["USB Headset", "HDA Intel PCH"] },
            Output = new DeviceView { IsOpen = true, Choices = ["USB Headset", "HDA Intel PCH"] },
            Ring = new DeviceView { Chosen = "Old speakers", Problem = "not plugged in", Choices = ["USB Headset", "HDA Intel PCH"] },
        },
    };

    public static DateTimeOffset At(int day, int hour, int minute) => new(2026, 11, day, hour, minute, 0, TimeSpan.Zero);

    public ScreenStage Press(params string[] keys)
    {
        foreach (var key in keys) Send(Parse(key));
        return this;
    }

    public ScreenStage Type(string text)
    {
        foreach (var rune in text.EnumerateRunes()) Send(new InputEvent.Key(KeyCode.Character, rune));
        return this;
    }

    public ScreenStage Show(PhoneView view)
    {
        (Session.View, Session.Now) = (view, view.Now);
        foreach (var screen in Session.Screens.ToArray()) screen.Refresh(Session);
        return this;
    }

    public IReadOnlyList<PhoneCommand> Asked()
    {
        var asked = new List<PhoneCommand>();
        while (Session.TryCommand(out var command)) asked.Add(command);
        return asked;
    }

    public T Asked<T>()
        where T : PhoneCommand => Assert.IsType<T>(Assert.Single(Asked(), c => c is not PhoneCommand.Meter and not PhoneCommand.SeenMissed));

    public Surface Draw(int width, int height)
    {
        var surface = new Surface(width, height);
        var first = Session.Screens.Count - 1;
        while (first > 0 && Session.Screens[first].IsOverlay) first--;
        for (var i = first; i < Session.Screens.Count; i++)
            Session.Screens[i].Draw(Session, surface, i == first ? new Rect(0, 1, width, height - 2) : surface.Bounds);
        return surface;
    }

    /// <summary>Compares with the golden pictures of this name at the three sizes that screens are made for; SOFTPHONE_GOLDEN=write makes them anew.</summary>
    public ScreenStage Matches(string name, [CallerFilePath] string here = "")
    {
        foreach (var (width, height) in new[] { (80, 24), (100, 30), (160, 50) })
        {
            var path = Path.Combine(Path.GetDirectoryName(here)!, "Golden", $"{name}.{width}x{height}.txt");
            var picture = Draw(width, height).ToString().TrimEnd('\n') + "\n";
            if (Environment.GetEnvironmentVariable("SOFTPHONE_GOLDEN") == "write")
            {
                Directory.CreateDirectory(Path.GetDirectoryName(path)!);
                File.WriteAllText(path, picture);
            }

            Assert.Equal(File.ReadAllText(path), picture);
        }

        return this;
    }

    private static HistoryEntry Entry(long number, DateTimeOffset at, CallDirection direction, string peer, string name, int status, string reason) =>
        new(at, direction, peer, name, "work", status, reason, null, "", "", null, "", false) { Number = number };

    private static InputEvent.Key Parse(string key) => key switch
    {
        "Esc" => new(KeyCode.Escape),
        "Space" => new(KeyCode.Character, new Rune(' ')),
        _ => key.Length > 1 ? new(Enum.Parse<KeyCode>(key)) : new(KeyCode.Character, new Rune(key[0])),
    };

    // As the machine does it: bindings of the screen first, unless keys are text there.
    private void Send(InputEvent.Key key)
    {
        var top = Session.Top;
        if (top.TakesText && top.Handle(Session, key)) return;
        if (top.Keys.FirstOrDefault(k => k.Matches(key)) is { } binding && binding.Disabled(Session) is null) binding.Run(Session);
        else if (!top.TakesText && !top.Handle(Session, key) && key.Code == KeyCode.Escape) Session.Back();
    }
}
