using static Softphone.Sip.Tests.SipBench;

namespace Softphone.Sip.Tests;

/// <summary>Route sets and the one builder of requests in a dialog.</summary>
public sealed class DialogTests
{
    [Theory]
    [InlineData(SipMethod.Bye)]
    [InlineData(SipMethod.Info)]
    [InlineData(SipMethod.Invite)]
    [InlineData(SipMethod.Update)]
    [Rfc("3261", "12.2.1.1", Line = "sip U8")]
    public void Caller_LooseRoutes_AreReversedAndTheTargetIsTheContact(string method)
    {
        var dialog = Caller("<sip:p1.example.com;lr>", "<sip:p2.example.com;lr>");
        var request = dialog.Request(method);
        Assert.Equal("sip:bob@192.0.2.2:5070", request.RequestUri.ToString());
        Assert.Equal(["<sip:p2.example.com;lr>", "<sip:p1.example.com;lr>"], request.Headers.GetList(HeaderName.Route));
        Assert.Equal("p2.example.com", dialog.NextHop.Host);
    }

    [Fact]
    [Rfc("3261", "12.1.1", Line = "sip U7")]
    public void Callee_Routes_StayInOrder()
    {
        var invite = Invite("<sip:p1.example.com;lr>", "<sip:p2.example.com;lr>");
        var dialog = Dialog.ForServer(invite, "local")!;
        var bye = dialog.Request(SipMethod.Bye);
        Assert.Equal("sip:alice@192.0.2.1:5060", bye.RequestUri.ToString());
        Assert.Equal(["<sip:p1.example.com;lr>", "<sip:p2.example.com;lr>"], bye.Headers.GetList(HeaderName.Route));
        Assert.Contains("tag=local", bye.Headers.Get(HeaderName.From));
        Assert.Contains("tag=alice", bye.Headers.Get(HeaderName.To));
    }

    [Theory]
    [InlineData("<sip:p1.example.com;lr>", "<sip:strict.example.com>")]
    [InlineData("<sip:p1.example.com;lr>", "<sip:strict.example.com;lrx>")]
    [Rfc("3261", "12.2.1.1", Line = "sip U8")]
    public void Caller_StrictRoute_BecomesTheRequestUriAndTheTargetTheLastRoute(string first, string second)
    {
        var dialog = Caller(first, second);
        var request = dialog.Request(SipMethod.Bye);
        Assert.Equal("strict.example.com", request.RequestUri.Host);
        Assert.Equal([first, "<sip:bob@192.0.2.2:5070>"], request.Headers.GetList(HeaderName.Route));
        Assert.Equal("strict.example.com", dialog.NextHop.Host);
    }

    [Fact]
    [Rfc("3261", "13.2.2.4", Line = "sip U8")]
    public void Ack_TakesNumberAndCredentialsOfItsInviteAndTheRouteSet()
    {
        var dialog = Caller("<sip:p1.example.com;lr>");
        dialog.Request(SipMethod.Info);
        var invite = Invite();
        invite.Headers.Add(HeaderName.ProxyAuthorization, "Digest username=\"a\"");
        var ack = dialog.Ack(invite);
        Assert.Equal("7 ACK", ack.Headers.Get(HeaderName.CSeq));
        Assert.False(ack.Headers.Has(HeaderName.ProxyAuthorization), "credentials depend on where the ACK goes");
        Assert.Equal(["<sip:p1.example.com;lr>"], ack.Headers.GetList(HeaderName.Route));
        Assert.Equal("sip:bob@192.0.2.2:5070", ack.RequestUri.ToString());
    }

    [Fact]
    [Rfc("3261", "12.2.1.2", Line = "sip U7")]
    public void Refresh_MovesTheTargetAndNeverTheRouteSet()
    {
        var dialog = Caller("<sip:p1.example.com;lr>");
        var later = Ok("<sip:elsewhere.example.com;lr>");
        later.Headers.Set(HeaderName.Contact, "<sip:bob@192.0.2.50>");
        dialog.Refresh(later);
        var bye = dialog.Request(SipMethod.Bye);
        Assert.Equal("sip:bob@192.0.2.50", bye.RequestUri.ToString());
        Assert.Equal(["<sip:p1.example.com;lr>"], bye.Headers.GetList(HeaderName.Route));
    }

    [Fact]
    [Rfc("3261", "12.2.1.1", Line = "sip U9")]
    public void Numbers_RiseByOneAndRemoteOnesMustRise()
    {
        var dialog = Caller();
        Assert.Equal([8u, 9u, 10u], new[] { dialog.NextSeq(), dialog.NextSeq(), dialog.NextSeq() });
        Assert.True(dialog.TakeRemoteSeq(100));
        Assert.False(dialog.TakeRemoteSeq(100));
        Assert.False(dialog.TakeRemoteSeq(99));
        Assert.True(dialog.TakeRemoteSeq(102));
    }

    [Fact]
    [Rfc("3261", "12.1.2", Line = "sip U7")]
    public void Caller_PeerWithoutTagAndContact_StillHasADialog()
    {
        var ok = Ok();
        ok.Headers.Set(HeaderName.To, "<sip:bob@example.com>");
        ok.Headers.Remove(HeaderName.Contact);
        var dialog = Dialog.ForClient(Invite(), ok)!;
        Assert.Equal(new DialogKey("call", "alice", ""), dialog.Key);
        Assert.Equal("sip:bob@example.com", dialog.RemoteTarget.ToString());
    }

    private static Dialog Caller(params string[] recordRoutes)
    {
        var dialog = Dialog.ForClient(Invite(), Ok(recordRoutes))!;
        dialog.Confirm(Ok(recordRoutes));
        return dialog;
    }

    private static SipRequest Invite(params string[] recordRoutes)
    {
        var invite = new SipRequest(SipMethod.Invite, Uri("sip:bob@example.com"));
        foreach (var route in recordRoutes) invite.Headers.Add(HeaderName.RecordRoute, route);
        invite.Headers.Add(HeaderName.From, "<sip:alice@example.com>;tag=alice");
        invite.Headers.Add(HeaderName.To, "<sip:bob@example.com>");
        invite.Headers.Add(HeaderName.CallId, "call");
        invite.Headers.Add(HeaderName.CSeq, "7 INVITE");
        invite.Headers.Add(HeaderName.Contact, "<sip:alice@192.0.2.1:5060>");
        return invite;
    }

    private static SipResponse Ok(params string[] recordRoutes)
    {
        var ok = SipResponse.For(Invite(recordRoutes), 200, null, "bob");
        ok.Headers.Set(HeaderName.Contact, "<sip:bob@192.0.2.2:5070>");
        return ok;
    }
}
