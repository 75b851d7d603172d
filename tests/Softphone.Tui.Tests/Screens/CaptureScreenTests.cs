using System.Text;
using Softphone.Core;
using Softphone.Phone;
using Softphone.Sip;

namespace Softphone.Tui.Tests;

/// <summary>A capture in the screens that show what a phone has seen: nobody can be called there, and more is known of each dialog.</summary>
public sealed class CaptureScreenTests
{
    private static readonly Instant Began = new(1_796_000_000_000_000_000);

    public static TheoryData<int, int> Sizes => new() { { 80, 24 }, { 100, 30 }, { 160, 50 }, { 60, 15 }, { 40, 10 } };

    [Theory]
    [MemberData(nameof(Sizes))]
    public void List_OfItsDialogs_IsThis(int width, int height) => Check(At(width, height, ""), width, height, "capture");

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Ladder_HasWhatMediaDidAndWhatIsWrong(int width, int height) => Check(At(width, height, "<Enter>"), width, height, "capture-ladder");

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Problems_AreAList_TheWorstFirst(int width, int height) => Check(At(width, height, "!"), width, height, "capture-problems");

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Explanation_IsReadWhole(int width, int height) => Check(At(width, height, "e"), width, height, "capture-story");

    [Theory]
    [InlineData("!<Enter>", nameof(DialogLadderScreen))]
    [InlineData("<Enter>V", nameof(SipMessageScreen))]
    [InlineData("<Enter>gDjD", nameof(DiffScreen))]
    [InlineData("<Enter>e", nameof(StoryScreen))]
    [InlineData("!e", nameof(TextScreen))]
    [InlineData("?", nameof(HelpScreen))]
    [InlineData(":problems<Enter>", nameof(ProblemsScreen))]
    public void Keys_LeadTo(string keys, string screen) => Assert.Equal(screen, At(100, 30, keys).Screen);

    [Theory]
    [InlineData("d")]
    [InlineData("h")]
    [InlineData("5")]
    [InlineData("H")]
    [InlineData("N")]
    [InlineData(":dial sip:bob@example.com<Enter>")]
    public void NobodyIsCalled_FromACapture(string keys)
    {
        var person = At(100, 30, keys);
        person.AskedNothing();
        Assert.True(person.Screen is nameof(DialogsScreen) or nameof(CommandScreen), person.Screen);
    }

    [Fact]
    public void Messages_AreSavedAsPackets() =>
        Assert.Equal(6, Assert.IsType<PhoneCommand.SaveMessages>(At(100, 30, "<Enter>w").Asked()).Messages.Count);

    private static Person At(int width, int height, string keys)
    {
        var sight = Sight();
        var person = new Person(sight.View, width, height, new TuiSetup { Capture = sight });
        person.Look();
        foreach (var part in keys.Split("<Enter>").Select((p, i) => i == 0 ? p : $"<Enter>{p}"))
        {
            person.Type(part);
            person.See(person.Session.View);
            person.Look();
        }

        return person;
    }

    private static void Check(Person person, int width, int height, string name) => Golden.Check(TracedCall.Within(person, width, height), $"{name}-{width}x{height}");

    /// <summary>A call whose audio went one way, and a registration that was refused.</summary>
    private static CaptureSight Sight()
    {
        var table = new SipDialogTable();
        Address caller = Address.Parse("198.51.100.1:5060"), callee = Address.Parse("203.0.113.2:5060");
        Add(0, caller, callee, "INVITE sip:bob@example.com SIP/2.0", "call", "1 INVITE", "Content-Type: application/sdp\r\n");
        Add(0.2, callee, caller, "SIP/2.0 180 Ringing", "call", "1 INVITE");
        Add(2.5, callee, caller, "SIP/2.0 200 OK", "call", "1 INVITE", "Content-Type: application/sdp\r\n");
        Add(2.52, caller, callee, "ACK sip:bob@203.0.113.2 SIP/2.0", "call", "1 ACK");
        Add(12, caller, callee, "BYE sip:bob@203.0.113.2 SIP/2.0", "call", "2 BYE");
        Add(12.02, callee, caller, "SIP/2.0 200 OK", "call", "2 BYE");
        Add(20, callee, caller, "REGISTER sip:example.com SIP/2.0", "reg", "1 REGISTER", from: "bob", to: "bob");
        Add(20.03, caller, callee, "SIP/2.0 403 Forbidden", "reg", "1 REGISTER", from: "bob", to: "bob");
        return new CaptureSight
        {
            Name = "call.pcap",
            Summary = "pcap, 812 frames in 20.030 s; 2 dialogs, 2 RTP streams",
            Ended = Began + TimeSpan.FromSeconds(20.03),
            EndedAt = DateTimeOffset.UnixEpoch + (Began - Instant.Zero) + TimeSpan.FromSeconds(20.03),
            Dialogs = table.View,
            Problems =
            [
                new(1, 0, "one-way-nat", "media: the callee does not hear the caller: the caller sends audio to 10.0.0.7:4000, a private address of the callee, which is seen at 203.0.113.2", "let the callee do ICE or ask a STUN server"),
                new(2, 0, "refused", "SIP: 198.51.100.1:5060 refused REGISTER: 403 Forbidden", "the server knows the request and will not have it"),
                new(1, 2, "clock-oddity", "media: the caller sends packets of 30 ms to the callee, which asked for 20 ms (a=ptime)", ""),
            ],
            Story = number => number == 1
                ? [
                    "offer of the caller in INVITE: PCMU/8000 at 198.51.100.1:4000, sendrecv, RTP/AVP", "answer of the callee in 200 OK: PCMU/8000 at 10.0.0.7:4000, sendrecv, RTP/AVP", "",
                    "    the caller: 198.51.100.1:4000 to 10.0.0.7:4000  PCMU, 475 packets in 9.480 s, 0 lost (0.0 %), jitter 0.3 ms, MOS 4.4",
                    "    Plain RTP, since neither side offers ICE: 198.51.100.1:4000 is the caller's address for audio, 10.0.0.7:4000 the callee's.",
                ]
                : ["failure  2: SIP: 198.51.100.1:5060 refused REGISTER: 403 Forbidden"],
            MarksOf = number => number == 1
                ? [new(Began + TimeSpan.FromSeconds(2.54), "first audio of the caller: PCMU", true), new(Began + TimeSpan.FromSeconds(2.6), "one-way-nat", false)] : [],
        };

        void Add(double seconds, Address source, Address target, string start, string callId, string sequence, string more = "", string from = "alice", string to = "bob")
        {
            var text = $"{start}\r\nVia: SIP/2.0/UDP 198.51.100.1;branch=z9hG4bK{callId}\r\nFrom: <sip:{from}@example.com>;tag=a\r\nTo: <sip:{to}@example.com>\r\nCall-ID: {callId}\r\nCSeq: {sequence}\r\n{more}Content-Length: 0\r\n\r\n";
            Assert.True(SipSight.TryRead(Began + TimeSpan.FromSeconds(seconds), Transport.Udp, source, target, Encoding.UTF8.GetBytes(text), out var seen, out var error), error.ToString());
            table.Add(seen);
        }
    }
}
