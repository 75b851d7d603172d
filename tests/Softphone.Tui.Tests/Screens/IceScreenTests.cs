using Softphone.Core;
using Softphone.Lab;
using Softphone.Nat;
using Softphone.Phone;
using Softphone.Terminal;

namespace Softphone.Tui.Tests;

/// <summary>The ICE inspector over real calls of the virtual internet, at moments that a person would stop at.</summary>
public sealed class IceScreenTests
{
    public static TheoryData<int, int> Sizes => new() { { 80, 24 }, { 100, 30 }, { 160, 50 }, { 60, 15 }, { 40, 10 } };

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Ice_WhileItChecks_IsThis(int width, int height)
    {
        using var call = TracedCall.Between("symmetric", "port-restricted").Dial("i").Until(c => c.Ice?.State == IceState.Checking).For(0.06);
        Assert.Contains(call.Call.Ice!.Pairs, p => p.State == PairState.InProgress);
        Golden.Check(call.Look(width, height), $"ice-checking-{width}x{height}");
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Ice_DirectThroughBothNats_IsThis(int width, int height)
    {
        using var call = TracedCall.Between("port-restricted", "port-restricted").Dial("i").Until(c => c.State == CallState.Connected).For(2);
        Assert.Equal("srflx", call.Call.Path);
        Golden.Check(call.Look(width, height), $"ice-direct-{width}x{height}");
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Ice_RelayBetweenSymmetricNats_IsThis(int width, int height)
    {
        using var call = TracedCall.Between("symmetric", "symmetric").Dial("i").Until(c => c.State == CallState.Connected).For(2);
        Assert.Equal("relay", call.Call.Path);
        Golden.Check(call.Look(width, height), $"ice-relay-{width}x{height}");
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Ice_BlockedWithoutRelay_IsThis(int width, int height)
    {
        using var call = TracedCall.Between("udp-blocked", "symmetric", TracedCall.WithoutRelay).Dial("i").Until(c => c.Ice?.State == IceState.Failed || c.State == CallState.Ended);
        Golden.Check(call.Look(width, height), $"ice-failed-{width}x{height}");
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Ice_WithRtcpOnThePortOfRtp_IsThis(int width, int height)
    {
        using var call = TracedCall.Between("symmetric", "port-restricted", p => p with { Mux = Sdp.RtcpMuxPolicy.Offer }).Dial("i").Until(c => c.State == CallState.Connected).For(2);
        Assert.Equal(1, call.Call.Ice!.Components);
        Golden.Check(call.Look(width, height), $"ice-mux-{width}x{height}");
    }

    /// <summary>Whatever room there is, nothing throws and no frame is torn.</summary>
    [Theory]
    [InlineData("i")]
    [InlineData("s")]
    [InlineData("p")]
    public void Screens_AtAnySize_Draw(string key)
    {
        using var call = TracedCall.Between("symmetric", "symmetric").Dial(key).Until(c => c.State == CallState.Connected).For(1);
        foreach (var width in new[] { 40, 41, 57, 79, 81, 95, 96, 97, 119, 139, 140, 149, 150, 151, 161, 240 })
            foreach (var height in new[] { 10, 11, 12, 13, 15, 17, 20, 23, 25, 27, 31, 39, 41, 43, 45, 60 })
            {
                Assert.NotEmpty(call.Look(width, height).ToString());
                call.Person.Type("<Tab>j<Enter>");
                Assert.NotEmpty(call.Look(width, height).ToString());
                while (call.Person.Session.Screens.Count > 2) call.Person.Type("<Esc>");
            }
    }

    [Theory]
    [InlineData(1, "candidates")]
    [InlineData(2, "handshake")]
    [InlineData(3, "why")]
    [InlineData(4, "log")]
    public void Ice_OnASmallScreen_PanesAreTabs(int tabs, string name)
    {
        using var call = TracedCall.Between("symmetric", "symmetric").Dial("i").Until(c => c.State == CallState.Connected);
        call.Look(80, 24);
        for (var i = 0; i < tabs; i++) call.Person.Type("<Tab>");
        Golden.Check(call.Look(80, 24), $"ice-relay-{name}-80x24");
        call.Person.Click(2, 2);
        Assert.Contains("Check list", call.Look(80, 24).ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Ice_Enter_ShowsTheExchangeOfThePair(int width, int height)
    {
        using var call = TracedCall.Between("symmetric", "symmetric").Dial("i").Until(c => c.State == CallState.Connected);
        call.Look(width, height);
        call.Person.Type("<Enter>");
        Assert.Equal("StunScreen", call.Person.Screen);
        Golden.Check(call.Look(width, height), $"stun-{width}x{height}");
        call.Person.Type("y");
        Assert.Contains("--> request", Assert.IsType<PhoneCommand.Copy>(call.Person.Asked()).Text, StringComparison.Ordinal);
        call.Person.Type("<Esc>");
        Assert.Equal("IceScreen", call.Person.Screen);
    }

    [Fact]
    public void Ice_AfterARestart_CountsItAndShowsTheNewCheckList()
    {
        using var call = TracedCall.Between("port-restricted", "port-restricted").Dial("i").Until(c => c.State == CallState.Connected).For(3);
        var before = call.Call.Ice!.Pairs.Max(p => p.Id);
        call.Person.Type("I");
        Assert.Equal(new PhoneCommand.RestartIce(call.Call.Id), call.Person.Asked());
        call.Do(new PhoneCommand.RestartIce(call.Call.Id)).For(3);
        var text = call.Look(100, 30).ToString();
        Assert.Contains("restarts 1", text, StringComparison.Ordinal);
        Assert.All(call.Call.Ice!.Pairs, p => Assert.True(p.Id > before));
        Assert.Contains("● selected", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Ice_FailedOnly_LeavesTheOthersOut()
    {
        using var call = TracedCall.Between("symmetric", "symmetric").Dial("i").Until(c => c.State == CallState.Connected).For(1);
        call.Look(100, 30);
        call.Person.Type("f");
        Assert.Contains("none failed", call.Look(100, 30).ToString(), StringComparison.Ordinal);
        call.Person.Type("f");
        Assert.Contains("● selected", call.Look(100, 30).ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Ice_ClickAndWheel_Select()
    {
        using var call = TracedCall.Between("symmetric", "symmetric").Dial("i").Until(c => c.State == CallState.Connected).For(1);
        call.Look(100, 30);
        var (_, y) = call.Person.Find("RTP  H1–s1");
        call.Person.Click(20, y);
        Assert.StartsWith("│▸", call.Look(100, 30).TextOf(y), StringComparison.Ordinal);
        call.Person.Click(20, y, MouseAction.WheelUp);
        Assert.StartsWith("│▸", call.Look(100, 30).TextOf(y - 1), StringComparison.Ordinal);
        call.Person.Click(20, y - 1);
        Assert.Equal("StunScreen", call.Person.Screen);
    }

    [Fact]
    public void Ice_WhenTheCallIsGone_StaysToBeRead()
    {
        using var call = TracedCall.Between("symmetric", "symmetric").Dial("i").Until(c => c.State == CallState.Connected).For(1);
        call.Do(new PhoneCommand.Hangup(call.Call.Id)).For(30);
        Assert.Empty(call.Alice.View.Calls);
        Assert.Contains("● selected", call.Look(100, 30).ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Ice_OneLine_TellsSymmetricNatsOfBothSides()
    {
        using var call = TracedCall.Between("symmetric", "symmetric").Dial("i").Until(c => c.State == CallState.Connected).For(1);
        var story = IceStory.Of(call.Call);
        Assert.True(story.IsSymmetric);
        Assert.Equal("S1", story.Local.Single(l => l.Label == "P1").Unlike);
        Assert.Equal("s1", story.Remote.Single(l => l.Label == "p1").Unlike);
    }

    [Fact]
    public void Ice_CallWithoutIce_SaysSo()
    {
        using var call = TracedCall.Between("none", "none", p => p with { Nat = p.Nat with { Mode = NatMode.None } }).Dial("i").Until(c => c.State == CallState.Connected).For(1);
        var text = call.Look(100, 30).ToString();
        Assert.Contains("this call goes without ICE", text, StringComparison.Ordinal);
        Assert.Contains("Plain RTP without ICE", text, StringComparison.Ordinal);
    }

    /// <summary>Without colour and without Unicode every glyph has another, and nothing is lost.</summary>
    [Theory]
    [InlineData("i")]
    [InlineData("s")]
    [InlineData("p")]
    public void Screens_InAsciiWithoutColour_Read(string key)
    {
        using var call = TracedCall.Between("symmetric", "symmetric").Dial(key).Until(c => c.State == CallState.Connected).For(3);
        var octets = new Renderer(new TerminalFeatures(true, ColorMode.None, IsAscii: true)).Draw(call.Look(100, 30));
        var text = System.Text.Encoding.Latin1.GetString(octets);
        Assert.DoesNotContain(text, c => c > '~');
        Assert.DoesNotMatch("\e\\[(?:[0-9;]*;)?[349][0-9][;m]", text);
        Assert.DoesNotContain("?", text.Replace("\e[?", "", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0.3, 0.5)]
    [InlineData(0.9, 1)]
    [InlineData(3, 5)]
    [InlineData(300, 60)]
    public void Chart_WhileChecksRun_HasTheShortestScaleThatHoldsThem(double seconds, double scale)
    {
        var local = Candidate.Host(1, new PathId(1), Address.Parse("10.0.0.1:4000"), 65535, "1");
        var remote = Candidate.Remote(CandidateType.Host, 1, Address.Parse("10.0.0.2:4000"), 1, "1");
        var story = IceStory.Of(new CallView(new CallId(1), CallState.Early, CallDirection.Outgoing, "sip:b@c")
        {
            Trace = [new IceTrace.PairAdded(Instant.Zero, "a/1/ice", 1, local, remote, 1, "formed"), new IceTrace.CheckSent(Instant.Zero, "a/1/ice", 1, remote.Address, 1, false, false)],
        });
        Assert.Equal(scale, PairChart.ScaleOf(story, Instant.Zero + TimeSpan.FromSeconds(seconds)));
    }

    /// <summary>A trace alone is enough, as of a call that is over.</summary>
    [Fact]
    public void Story_OfATraceWithoutSnapshot_TellsTheSame()
    {
        using var call = TracedCall.Between("symmetric", "symmetric").Dial("i").Until(c => c.State == CallState.Connected).For(1);
        var (with, without) = (IceStory.Of(call.Call), IceStory.Of(call.Call with { Ice = null }));
        Assert.Equal(with.State, without.State);
        Assert.Equal(with.Selected(1)!.Pair.Id, without.Selected(1)!.Pair.Id);
        Assert.Equal(with.Pairs.Select(p => (p.Pair.Id, p.Pair.Component)), without.Pairs.Select(p => (p.Pair.Id, p.Pair.Component)));
        Assert.Equal(with.Selected(1)!.Essentials, without.Selected(1)!.Essentials);
    }

    /// <summary>Request, answer, their request, our answer, and then what nominates, for each component.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Handshake_OfThePairInUse_HasFourWaysAndTheNomination(int component)
    {
        using var call = TracedCall.Between("port-restricted", "port-restricted").Dial("i").Until(c => c.State == CallState.Connected).For(1);
        var steps = IceStory.Of(call.Call).Selected(component)!.Essentials;
        var marks = steps.Select(s => s.Mark).ToList();
        foreach (var mark in new[] { StepMark.Request, StepMark.Answer, StepMark.TheirRequest, StepMark.OurAnswer, StepMark.Nominated, StepMark.Selected }) Assert.Contains(mark, marks);
        Assert.Equal(steps.OrderBy(s => s.At), steps);
        Assert.InRange(steps.Count, 8, 8);
    }

    /// <summary>A screen that nothing happens on costs next to nothing to draw, ten times a second.</summary>
    [Theory]
    [InlineData("i")]
    [InlineData("s")]
    [InlineData("p")]
    public void Draw_WhenNothingChanged_AllocatesLittle(string key)
    {
        using var call = TracedCall.Between("symmetric", "symmetric").Dial(key).Until(c => c.State == CallState.Connected).For(3);
        call.Look(160, 50);
        for (var i = 0; i < 5; i++) call.Person.Look();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 10; i++) call.Person.Look();
        var each = (GC.GetAllocatedBytesForCurrentThread() - before) / 10;
        Assert.True(each < 8_000, $"{each} octets a frame");
    }
}
