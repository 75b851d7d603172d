using Softphone.Core;
using Softphone.Lab;
using Softphone.Media;
using Softphone.Nat;
using Softphone.Phone;
using Softphone.Terminal;

namespace Softphone.Tui.Tests;

/// <summary>The screen of one call, over real calls of the virtual internet.</summary>
public sealed class CallScreenTests
{
    public static TheoryData<int, int> Sizes => new() { { 80, 24 }, { 100, 30 }, { 160, 50 }, { 60, 15 }, { 40, 10 } };

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Call_ThatTalksOverABadLine_IsThis(int width, int height)
    {
        var options = new DemoOptions
        {
            NatA = NatBehavior.Symmetric,
            NatB = NatBehavior.Symmetric,
            Loss = 0.02,
            Jitter = TimeSpan.FromMilliseconds(12),
            Seed = 3,
        };
        using var call = new TracedCall(options).Dial("p").Until(c => c.State == CallState.Connected).For(40);
        call.Do(new PhoneCommand.Dtmf(call.Call.Id, "12#")).Do(new PhoneCommand.Record(call.Call.Id, true)).For(5);
        Golden.Check(call.Look(width, height), $"call-talking-{width}x{height}");
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Call_ThatRings_IsThis(int width, int height)
    {
        using var call = TracedCall.Between("port-restricted", "port-restricted").Dial("p").Until(c => c.State == CallState.Ringing).For(0.1);
        Golden.Check(call.Look(width, height), $"call-ringing-{width}x{height}");
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Call_WhosePathMoved_IsThis(int width, int height)
    {
        using var call = TracedCall.Between("port-restricted", "port-restricted").Dial("p").Until(c => c.State == CallState.Connected).For(20);
        call.Do(new PhoneCommand.Hold(call.Call.Id, true)).For(2).Do(new PhoneCommand.Hold(call.Call.Id, false)).For(2);
        call.Demo.GatewayA.Rebind();
        call.For(20);
        Golden.Check(call.Look(width, height), $"call-moved-{width}x{height}");
    }

    [Fact]
    public void Call_SelectsAnother_WithTheSelection()
    {
        using var call = TracedCall.Between("port-restricted", "port-restricted").Dial("p").Until(c => c.State == CallState.Connected);
        var page = Assert.IsType<CallScreen>(call.Person.Session.Top);
        Assert.Equal(page.Id, call.Person.Session.Watched);
        call.Person.Type("<Esc>");
        Assert.Null(call.Person.Session.Watched);
    }
}
