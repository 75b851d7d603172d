using System.Text;
using Softphone.Core;
using Softphone.Testing;

namespace Softphone.Sip.Tests;

public class SipDialogTableTests
{
    [Fact]
    public void Call_FromInviteToBye_GoesThroughItsStates()
    {
        var wire = new Watched();
        Assert.Equal(SipDialogState.Trying, wire.Ask("INVITE").State);
        Assert.Equal(SipDialogState.Trying, wire.Answer("100 Trying", "INVITE").State);
        Assert.Equal(SipDialogState.Ringing, wire.Answer("180 Ringing", "INVITE").State);
        Assert.Equal(SipDialogState.Up, wire.Answer("200 OK", "INVITE").Ask("ACK").State);
        Assert.Equal(SipDialogState.Up, wire.Ask("INVITE", sequence: 2).Answer("491 Request Pending", "INVITE", sequence: 2).State);
        Assert.Equal(SipDialogState.Ended, wire.Wait(60).Ask("BYE", sequence: 3).Answer("200 OK", "BYE", sequence: 3).State);
        Assert.Equal((SipDialogKind.Call, "INVITE", "alice@a.example", "bob@b.example", 9), (wire.Only.Kind, wire.Only.Method, wire.Only.From, wire.Only.To, wire.Only.Count));
        Assert.Equal((Watched.A, Watched.B), (wire.Only.Source, wire.Only.Target));
        Assert.True(wire.Only.Last - wire.Only.First > TimeSpan.FromMinutes(1));
    }

    [Theory]
    [InlineData("404 Not Found", SipDialogState.Refused, "404 Not Found")]
    [InlineData("603 Decline", SipDialogState.Refused, "603 Decline")]
    [InlineData("302 Moved", SipDialogState.Redirected, "302 Moved")]
    [InlineData("486 ", SipDialogState.Refused, "486")]
    [InlineData("407 Proxy Authentication Required", SipDialogState.Challenged, "407 Proxy Authentication Required")]
    public void Call_NotTaken_SaysHow(string answer, SipDialogState state, string words)
    {
        var wire = new Watched().Ask("INVITE").Answer(answer, "INVITE").Ask("ACK");
        Assert.Equal(state, wire.State);
        Assert.Equal(words, SipDialogWords.StateOf(wire.Only, wire.Now));
    }

    [Theory]
    [InlineData("REGISTER", SipDialogKind.Registration, SipDialogState.Up, "registered")]
    [InlineData("OPTIONS", SipDialogKind.Options, SipDialogState.Answered, "202 Fine")]
    [InlineData("SUBSCRIBE", SipDialogKind.Subscription, SipDialogState.Up, "subscribed")]
    [InlineData("NOTIFY", SipDialogKind.Subscription, SipDialogState.Answered, "202 Fine")]
    [InlineData("PUBLISH", SipDialogKind.Publication, SipDialogState.Answered, "202 Fine")]
    [InlineData("MESSAGE", SipDialogKind.Message, SipDialogState.Answered, "202 Fine")]
    [InlineData("REFER", SipDialogKind.Other, SipDialogState.Answered, "202 Fine")]
    [InlineData("WHATEVER", SipDialogKind.Other, SipDialogState.Answered, "202 Fine")]
    public void Request_OfAnyMethod_IsADialogOfItsKind(string method, SipDialogKind kind, SipDialogState state, string words)
    {
        var wire = new Watched().Ask(method).Answer("202 Fine", method);
        Assert.Equal((kind, method, state, words), (wire.Only.Kind, wire.Only.Method, wire.State, SipDialogWords.StateOf(wire.Only, wire.Now)));
    }

    [Theory]
    [InlineData("Expires: 0\r\n")]
    [InlineData("m: <sip:a@192.0.2.1>;expires=0\r\n")]
    [InlineData("Contact: *\r\nExpires: 0\r\n")]
    public void Registration_TakenBack_Ends(string more) =>
        Assert.Equal(SipDialogState.Ended, new Watched().Ask("REGISTER", "Expires: 300\r\n").Answer("200 OK", "REGISTER").Ask("REGISTER", more, sequence: 2).Answer("200 OK", "REGISTER", sequence: 2).State);

    [Fact]
    public void Registration_WhoseOldContactGoes_StaysUp() =>
        Assert.Equal(SipDialogState.Up, new Watched().Ask("REGISTER", "Contact: <sip:a@192.0.2.1>;expires=0, <sip:a@192.0.2.9>\r\nExpires: 300\r\n").Answer("200 OK", "REGISTER").State);

    [Fact]
    public void Registration_ChallengedAndRefused_IsOneDialog()
    {
        var wire = new Watched().Ask("REGISTER").Answer("401 Unauthorized", "REGISTER");
        Assert.Equal(SipDialogState.Challenged, wire.State);
        Assert.Equal(SipDialogState.Refused, wire.Only.StateAt(wire.Now + TimeSpan.FromSeconds(6)));
        wire.Ask("REGISTER", "Authorization: Digest response=\"0123456789abcdef\"\r\n", sequence: 2);
        Assert.Equal(SipDialogState.Trying, wire.State);
        wire.Answer("403 Forbidden", "REGISTER", sequence: 2);
        Assert.Equal((SipDialogState.Refused, 403, 4), (wire.State, wire.Only.Status, wire.Only.Count));
        Assert.DoesNotContain(wire.Only.Messages, m => m.Text.Contains("0123456789abcdef", StringComparison.Ordinal));
    }

    [Fact, Rfc("3261", "17.1.1.2")]
    public void Request_WithoutAnswer_IsToldAfterItsTransaction()
    {
        var wire = new Watched().Ask("INVITE");
        Assert.Equal(SipDialogState.Trying, wire.Wait(31).State);
        Assert.Equal(SipDialogState.NoAnswer, wire.Wait(1).State);
        var register = new Watched().Ask("REGISTER").Answer("200 OK", "REGISTER").Wait(60).Ask("REGISTER", sequence: 2).Wait(33);
        Assert.Equal(SipDialogState.NoAnswer, register.State);
        Assert.Equal(SipDialogState.Trying, new Watched().Ask("INVITE").Answer("100 Trying", "INVITE").Wait(60).State);
    }

    [Fact]
    public void Call_Cancelled_IsNotRefused() =>
        Assert.Equal(SipDialogState.Cancelled, new Watched().Ask("INVITE").Answer("180 Ringing", "INVITE").Ask("CANCEL").Answer("200 OK", "CANCEL").Answer("487 Request Terminated", "INVITE").State);

    [Theory]
    [InlineData("active;expires=60", SipDialogState.Up)]
    [InlineData("terminated;reason=noresource", SipDialogState.Ended)]
    public void Subscription_FollowsItsNotify(string state, SipDialogState expected) =>
        Assert.Equal(expected, new Watched().Ask("SUBSCRIBE").Answer("200 OK", "SUBSCRIBE").Ask("NOTIFY", $"Subscription-State: {state}\r\n", sequence: 7).State);

    [Fact]
    public void Watch_BegunInTheMiddleOfACall_StillTellsItsEnd()
    {
        var wire = new Watched().Answer("200 OK", "UPDATE").Ask("BYE", sequence: 5).Answer("200 OK", "BYE", sequence: 5);
        Assert.Equal((SipDialogKind.Call, "UPDATE", SipDialogState.Ended), (wire.Only.Kind, wire.Only.Method, wire.State));
        Assert.Equal(SipDialogState.Up, new Watched().Ask("ACK").State);
    }

    /// <summary>Something that is no server answers with a bare line: it is seen, and told as what it is.</summary>
    [Theory]
    [InlineData("SIP/2.0 200 OK\r\n\r\n", "200 OK")]
    [InlineData("SIP/2.0 400 What\r\nX: y\r\n\r\n", "400 What")]
    public void Response_WithoutAnyHeader_StandsAlone(string message, string words)
    {
        var wire = new Watched().Pass(Watched.B, Watched.A, message);
        Assert.Equal(("?", words), (wire.Only.Method, SipDialogWords.StateOf(wire.Only, wire.Now)));
        Assert.NotEqual(SipDialogState.Trying, wire.State);
    }

    [Fact]
    public void Message_ThatPassesTwice_IsARepeat()
    {
        var wire = new Watched().Ask("OPTIONS").Ask("OPTIONS").Answer("200 OK", "OPTIONS").Answer("200 OK", "OPTIONS").Ask("OPTIONS", sequence: 2);
        Assert.Equal([false, true, false, true, false], wire.Only.Messages.Select(m => m.IsRepeat));
    }

    [Fact]
    public void View_ThatWasGiven_StaysAsItWasWhileMessagesComeAndGo()
    {
        var wire = new Watched(new SipDialogTable(mostMessages: 20));
        wire.Ask("OPTIONS", callId: "first").Answer("200 OK", "OPTIONS", "first");
        var (view, messages) = (wire.Table.View, wire.Table.View[0].Messages.ToArray());
        Assert.Same(view, wire.Table.View);
        for (var i = 0; i < 100; i++) wire.Ask("OPTIONS", callId: $"c{i}").Answer("200 OK", "OPTIONS", $"c{i}");
        Assert.Equal(messages, view[0].Messages);
        Assert.NotSame(view, wire.Table.View);
    }

    [Theory]
    [InlineData(50, 1L << 30)]
    [InlineData(100_000, 60_000)]
    [InlineData(1, 1)]
    public void Bounds_AreHeld_AndWhatWentIsCounted(int messages, long octets)
    {
        var table = new SipDialogTable(messages, octets);
        var wire = new Watched(table);
        for (var i = 0; i < 300; i++)
        {
            wire.Ask("INVITE", callId: $"call{i % 90}", sequence: i).Answer("486 Busy Here", "INVITE", $"call{i % 90}", i);
            Assert.True(table.Messages <= messages);
            Assert.True(table.Octets <= octets || table.Messages == 1);
        }

        Assert.Equal(600, table.Messages + table.Forgotten);
        Assert.Equal(table.Messages, table.View.Sum(d => d.Messages.Count));
        Assert.All(table.View, d => Assert.Equal(d.Count - d.Messages.Count, d.LeftOut));
    }

    [Theory]
    [InlineData("REGISTER", "403 Forbidden")]
    [InlineData("INVITE", "404 Not Found")]
    [InlineData("SUBSCRIBE", "489 Bad Event")]
    public void Flood_OfKeepalives_DoesNotCostWhatWasRefused(string method, string answer)
    {
        var wire = new Watched(new SipDialogTable(mostMessages: 100));
        wire.Ask(method, callId: "wanted").Answer(answer, method, "wanted");
        for (var i = 0; i < 5_000; i++) wire.Ask("OPTIONS", callId: $"o{i}").Answer("200 OK", "OPTIONS", $"o{i}");
        Assert.Equal(2, wire.Table.Find("", "wanted")!.Messages.Count);
        Assert.Equal(100, wire.Table.Messages);
    }

    [Fact]
    public void Phones_ThatTalkToEachOther_HaveADialogEach()
    {
        var table = new SipDialogTable();
        var wire = new Watched().Ask("INVITE");
        var message = wire.Only.Messages[0];
        table.Add(message with { Source = "work" });
        table.Add(message with { Source = "home", IsSent = false, Local = message.Remote, Remote = message.Local });
        Assert.Equal(["work", "home"], table.View.Select(d => d.Account));
        Assert.All(table.View, d => Assert.Equal((Watched.A, Watched.B), (d.Source, d.Target)));
        Assert.NotNull(table.Find("home", "c1"));
        Assert.Null(table.Find("home", "c2"));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(77)]
    public void Octets_OfAnyKind_NeverThrow(int seed)
    {
        var chance = new Random(seed);
        var table = new SipDialogTable(mostMessages: 64, mostOctets: 100_000);
        var whole = Encoding.UTF8.GetBytes("INVITE sip:bob@b.example SIP/2.0\r\nVia: SIP/2.0/UDP h;branch=z9hG4bK1\r\nFrom: \"A\" <sip:a@a>;tag=1\r\nTo: <sip:b@b>\r\nCall-ID: c\r\nCSeq: 1 INVITE\r\nContact: <sip:a>;expires=0,\r\nSubscription-State: terminated\r\n\r\nv=0\r\n");
        var status = Encoding.UTF8.GetBytes("SIP/2.0 401 No\r\nVia: SIP/2.0/UDP h\r\nf: a\r\nt: <\r\ni: c\r\nCSeq: 1 INVITE\r\n\r\n");
        var at = Instant.Zero;
        for (var i = 0; i < 20_000; i++)
        {
            var octets = (byte[])(i % 3 == 0 ? status : whole).Clone();
            for (var n = chance.Next(6); n > 0; n--) octets[chance.Next(octets.Length)] = (byte)chance.Next(256);
            var cut = octets.AsSpan(0, chance.Next(octets.Length + 1));
            at += TimeSpan.FromMilliseconds(chance.Next(1000));
            if (!SipSight.TryRead(at, Transport.Tcp, Watched.A, Watched.B, cut, out var seen, out _)) continue;
            table.Add(i % 5 == 0 ? seen with { Source = "p" } : seen);
            foreach (var dialog in table.View) Assert.NotEmpty(SipDialogWords.StateOf(dialog, at));
        }
    }
}
