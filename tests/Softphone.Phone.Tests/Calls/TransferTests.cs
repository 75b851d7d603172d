using Softphone.Core;
using Softphone.Nat;
using Softphone.Sdp;
using Softphone.Sip;

namespace Softphone.Phone.Tests;

public class TransferTests
{
    private static readonly Instant Now = new(1_000_000_000);

    private static readonly SipUri Carol = SipUri.TryParse("sip:carol@example.net", out var uri, out _) ? uri : throw new InvalidOperationException();

    private readonly FakeCall _call = new();
    private readonly OfferQueue _offers;
    private readonly Transfer _transfer;

    public TransferTests()
    {
        var path = new CallPath(_call, new LentPaths(new NoNetwork()), _ => throw new InvalidOperationException("no path is opened here"));
        _offers = new OfferQueue(_call, path, new Negotiation(_call, path, SdpSession.Start(new SeededEntropy(1)), FakeCall.Crypto(_call, path)));
        _transfer = new Transfer(_call, _offers);
    }

    private IEnumerable<TransferState> Told => _call.Events.OfType<PhoneEvent.TransferChanged>().Select(e => e.State);

    [Fact]
    public void Refer_WaitsForTheHold_FiveSecondsAtMost()
    {
        _transfer.Begin(Now, Carol, null);
        Assert.True(_offers.WantsHold);
        Assert.Equal(["offer?"], _call.Said);
        _transfer.SendIfDue(Now);
        Assert.Equal(["offer?"], _call.Said);
        Assert.Equal(Now + TimeSpan.FromSeconds(5), _call.DueOf(CallTimer.Refer));
        _transfer.SendIfDue(Now, isLate: true);
        Assert.Equal(["offer?", "REFER sip:carol@example.net"], _call.Said);
        Assert.Null(_call.DueOf(CallTimer.Refer));
    }

    [Fact]
    public void Refer_WhileAnotherIsNotOver_Fails_AndTheHoldGoes()
    {
        _call.TakesRefer = false;
        _transfer.Begin(Now, Carol, null);
        _transfer.SendIfDue(Now, isLate: true);
        Assert.Equal([TransferState.Asked, TransferState.Failed], Told);
        Assert.False(_offers.WantsHold);
    }

    [Fact]
    public void Peer_HasArrived_JoinedCallIsLeft_ThenOurs()
    {
        _transfer.Begin(Now, Carol, _ => _call.Asked.Add("the other is left"));
        _transfer.SendIfDue(Now, isLate: true);
        _transfer.OnReferNews(Now, News(180));
        _transfer.OnReferNews(Now, News(180));
        _transfer.OnReferNews(Now, News(200));
        Assert.Equal([TransferState.Asked, TransferState.Ringing, TransferState.Done], Told);
        Assert.Equal(["the other is left", "leave: transferred to sip:carol@example.net"], _call.Asked[^2..]);
    }

    [Fact]
    public void Call_ThatNobodyAnswered_IsNotTransferred()
    {
        _call.State = CallState.Ringing;
        _transfer.Begin(Now, Carol, null);
        Assert.Equal([TransferState.Failed], Told);
        Assert.Empty(_call.Said);
    }

    [Fact]
    public void Peer_HangsUpUnasked_TransferFails()
    {
        _transfer.Begin(Now, Carol, null);
        _transfer.End(Now, CallEndCause.Remote);
        _transfer.End(Now, CallEndCause.Remote);
        Assert.Equal([TransferState.Asked, TransferState.Failed], Told);
    }

    private static SipEvent.ReferNews News(int status) => new(default, status, "", IsOver: status >= 200);
}
