using Softphone.Core;
using Softphone.Media;
using Softphone.Phone;

namespace Softphone.Tui.Tests;

/// <summary>Views of a phone made by hand, always the same: 14:02:07 on a Tuesday, three accounts, a few people.</summary>
internal static class Views
{
    public static readonly Instant Now = Instant.Zero + TimeSpan.FromHours(1);

    public static readonly DateTimeOffset Clock = new(2026, 3, 17, 14, 2, 7, TimeSpan.FromHours(1));

    public static MediaStatistics Statistics { get; } = new(
        "opus",
        "opus",
        new StreamStatistics(5000, 400_000, 0, 0, 1.2, -24),
        new StreamStatistics(4980, 398_400, 20, 0.4, 6.1, -18),
        31,
        42,
        0.3,
        4.2,
        default,
        default);

    /// <summary>Accounts, contacts, history and events, but no call.</summary>
    public static PhoneView Idle { get; } = new()
    {
        Now = Now,
        Clock = Clock,
        Account = "work",
        Accounts =
        [
            new AccountView("work", "sip:201@pbx.example", RegistrationState.Registered)
            {
                ExpiresIn = TimeSpan.FromSeconds(212), Server = "pbx.example", Transport = "tls", Messages = (2, 5),
            },
            new AccountView("home", "sip:alice@sip.example", RegistrationState.Failed)
            {
                RetryIn = TimeSpan.FromSeconds(3), Server = "sip.example", Transport = "udp", Problem = new Fault(Layer.Sip, "503 Service Unavailable", "the server asks to try later"),
            },
            new AccountView("lab", "sip:t1@fs.example", RegistrationState.Unregistered),
        ],
        Contacts =
        [
            new Contact("Bob", "sip:202@pbx.example"),
            new Contact("Bobby Tables", "sip:+4930123456@sip.example", "home"),
            new Contact("Carol Danvers", "sip:203@pbx.example"),
            new Contact("Echo test", "sip:9196@fs.example", "lab"),
        ],
        History =
        [
            Past(4, TimeSpan.FromMinutes(7), CallDirection.Incoming, "sip:+49301111@sip.example", "", 487, null, isMissed: true),
            Past(3, TimeSpan.FromMinutes(20), CallDirection.Outgoing, "sip:300@pbx.example", "Queue", 200, TimeSpan.FromSeconds(250)),
            Past(2, TimeSpan.FromMinutes(51), CallDirection.Outgoing, "sip:9999@pbx.example", "", 488, null),
            Past(1, TimeSpan.FromHours(30), CallDirection.Incoming, "sip:202@pbx.example", "Bob", 200, TimeSpan.FromSeconds(3725)),
        ],
        Events =
        [
            new EventLine(Clock - TimeSpan.FromSeconds(2), "home: 503 Service Unavailable; the server asks to try later", IsProblem: true),
            new EventLine(Clock - TimeSpan.FromSeconds(9), "work: registered at pbx.example"),
        ],
        Nat = "NAT: same outer port for all",
    };

    /// <summary>One call that talks.</summary>
    public static PhoneView Talking { get; } = Idle with { Calls = [Call(1, CallState.Connected, "sip:202@pbx.example", "Bob")], Audio = new AudioView { InputDbfs = -24, OutputDbfs = -18 } };

    /// <summary>One that talks and is recorded, one on hold, one that rings here.</summary>
    public static PhoneView Busy { get; } = Talking with
    {
        Calls =
        [
            Call(1, CallState.Connected, "sip:202@pbx.example", "Bob") with { Recording = "/rec/bob.wav", Recorded = TimeSpan.FromSeconds(12), DigitsSent = "12#" },
            Call(2, CallState.Held, "sip:9196@fs.example", "Echo test", "lab") with { IsHeldHere = true, Path = "relay" },
            Call(3, CallState.Ringing, "sip:+4930123456@sip.example", "Bobby Tables", "home", CallDirection.Incoming),
        ],
    };

    /// <summary>One call; answered 100 seconds ago when its state says that it was.</summary>
    public static CallView Call(
        int id, CallState state, string peer, string name = "", string account = "work", CallDirection direction = CallDirection.Outgoing)
    {
        var isAnswered = state is CallState.Connected or CallState.Held;
        return new CallView(new CallId(id), state, direction, peer)
        {
            Name = name,
            Account = account,
            Began = Now - TimeSpan.FromSeconds(isAnswered ? 106 : 6),
            Talked = isAnswered ? TimeSpan.FromSeconds(100) : null,
            IsHeldHere = state == CallState.Held,
            Path = isAnswered ? "srflx" : "",
            Security = state == CallState.Connected ? new CallSecurity(SrtpKeying.Sdes, "AES_CM_128_HMAC_SHA1_80", false) : CallSecurity.Plain,
            Media = isAnswered ? Statistics : null,
            Quality = isAnswered ? new QualityHistory([.. Enumerable.Range(0, 40).Select(i => i % 13 == 5 ? 3.2 : 4.2)], [], [], []) { Minute = MediaQuality.Of(null, Statistics) with { Mos = Statistics.Mos } } : QualityHistory.Empty,
            Explanation = isAnswered ? "Direct through both NATs: 203.0.113.101:36706 to 203.0.113.102:22148." : "",
        };
    }

    private static HistoryEntry Past(long number, TimeSpan ago, CallDirection direction, string peer, string name, int status, TimeSpan? talked, bool isMissed = false) => new(
        Clock - ago,
        direction,
        peer,
        name,
        "work",
        status,
        status switch { 200 => "OK", 487 => "Request Terminated", 488 => "Not Acceptable Here", _ => "" },
        talked,
        talked is null ? "" : "srflx",
        talked is null ? "" : "opus",
        talked is null ? null : 4.3,
        status == 488 ? "The other side takes none of our codecs: it offers G.729 only." : "",
        isMissed)
    {
        Number = number,
    };
}
