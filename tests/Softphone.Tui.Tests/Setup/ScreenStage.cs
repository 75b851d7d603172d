using Softphone.Core;
using Softphone.Phone;
using Softphone.Terminal;

namespace Softphone.Tui.Tests;

/// <summary>One screen on a session of its own: keys go in, pictures and commands come out.</summary>
internal sealed class ScreenStage
{
    private readonly Person _person;

    public ScreenStage(Screen screen, PhoneView? view = null, TuiSetup? setup = null)
    {
        // The wizard of a first start is opened by the machine itself.
        _person = new Person(view ?? Sample, 80, 24, setup);
        if (Session.Top.GetType() != screen.GetType()) Session.Open(screen);
    }

    public Session Session => _person.Session;

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
            InputDbfs = -18,
            OutputDbfs = -24.4,
            VolumeDb = -4,
            IsMeterOn = true,
            Processing = "echo, noise and level",
            Input = new DeviceView { Chosen = "USB Headset", IsOpen = true, Choices = ["USB Headset", "HDA Intel PCH"] },
            Output = new DeviceView { IsOpen = true, Choices = ["USB Headset", "HDA Intel PCH"] },
            Ring = new DeviceView { Chosen = "Old speakers", Problem = "not plugged in", Choices = ["USB Headset", "HDA Intel PCH"] },
        },
    };

    public static DateTimeOffset At(int day, int hour, int minute) => new(2026, 11, day, hour, minute, 0, TimeSpan.Zero);

    public ScreenStage Press(params string[] keys)
    {
        foreach (var key in keys) _person.Type(key.Length > 1 ? $"<{key}>" : key);
        return this;
    }

    public ScreenStage Type(string text)
    {
        _person.Type(text);
        return this;
    }

    public ScreenStage Show(PhoneView view)
    {
        _person.See(view);
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
        _person.Frame.Resize(width, height);
        return _person.Look();
    }

    /// <summary>Compares with the golden screens of this name at the three sizes that screens are made for.</summary>
    public ScreenStage Matches(string name)
    {
        foreach (var (width, height) in new[] { (80, 24), (100, 30), (160, 50) }) Golden.Check(Draw(width, height), $"{name}-{width}x{height}");
        return this;
    }

    private static HistoryEntry Entry(long number, DateTimeOffset at, CallDirection direction, string peer, string name, int status, string reason) =>
        new(at, direction, peer, name, "work", status, reason, null, "", "", null, "", false) { Number = number };
}
