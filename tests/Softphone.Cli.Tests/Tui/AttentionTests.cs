using System.Text;
using Softphone.Phone;

namespace Softphone.Cli.Tests;

/// <summary>What is told to who does not look at the screen.</summary>
public sealed class AttentionTests
{
    [Fact]
    public void IncomingCall_RingsTheBellAndNotifiesOnce()
    {
        var attention = new Attention(NotificationKind.Iterm, hasTitle: true);
        Assert.Equal("\a\e]9;☎ Bob calls\a\e]2;☎ Bob calls\a", Look(attention, Ringing(1, "Bob")));
        Assert.Equal("", Look(attention, Ringing(1, "Bob")));
    }

    [Fact]
    public void SecondCall_NotifiesAgain()
    {
        var attention = new Attention(NotificationKind.Rxvt, hasTitle: false);
        Look(attention, Ringing(1, "Bob"));
        Look(attention);
        Assert.Equal("\a\e]777;notify;softphone;Carol calls\a", Look(attention, Ringing(2, "Carol")));
    }

    [Fact]
    public void TwoCallsAtOnce_BothNotify()
    {
        var attention = new Attention(NotificationKind.None, hasTitle: false);
        Assert.Equal("\a\a", Look(attention, Ringing(1, "Bob"), Ringing(2, "Carol")));
    }

    [Fact]
    public void OwnCall_OnlySetsTheTitle()
    {
        var attention = new Attention(NotificationKind.Kitty, hasTitle: true);
        var call = new CallView(new CallId(1), CallState.Connected, CallDirection.Outgoing, "sip:202@pbx.example.net");
        Assert.Equal("\e]2;softphone: sip:202@pbx.example.net\a", Look(attention, call));
        Assert.Equal("\e]2;softphone\a", Look(attention));
    }

    [Fact]
    public void TransferAsked_NotifiesOnce()
    {
        var attention = new Attention(NotificationKind.Iterm, hasTitle: false);
        var call = new CallView(new CallId(1), CallState.Connected, CallDirection.Incoming, "sip:202@pbx.example.net") { Name = "Bob", Asked = new TransferQuestion("sip:x@y", default) };
        Assert.Equal("\a\e]9;☎ Bob asks to be followed\a", Look(attention, call));
        Assert.Equal("", Look(attention, call));
        Assert.Equal("", Look(attention, call with { Asked = null }));
        Assert.Equal("\a\e]9;☎ Bob asks to be followed\a", Look(attention, call));
    }

    [Fact]
    public void NameFromTheNetwork_CannotCommandTheTerminal()
    {
        var attention = new Attention(NotificationKind.Rxvt, hasTitle: true);
        var text = Look(attention, Ringing(1, "Bob\e]52;c;ZXZpbA==\a;x\u009b31m"));
        Assert.Equal("\a\e]777;notify;softphone;Bob ]52,c,ZXZpbA== ,x 31m calls\a\e]2;☎ Bob ]52;c;ZXZpbA== ;x 31m calls\a", text);
    }

    [Theory]
    [InlineData("TERM", "xterm-kitty", "\e]99;")]
    [InlineData("TERM_PROGRAM", "WezTerm", "\e]9;")]
    [InlineData("VTE_VERSION", "7200", "\e]777;")]
    [InlineData("TERM", "foot-extra", "\e]777;")]
    public void Notification_IsWhatTheTerminalKnows(string variable, string value, string start)
    {
        var attention = Attention.For(name => name == variable ? value : null);
        Assert.Contains(start, Look(attention, Ringing(1, "Bob")), StringComparison.Ordinal);
    }

    [Fact]
    public void PlainTerminal_HasOnlyABell()
    {
        var attention = Attention.For(name => name == "TERM" ? "linux" : null);
        Assert.Equal("\a", Look(attention, Ringing(1, "Bob")));
    }

    private static CallView Ringing(int id, string name) => new(new CallId(id), CallState.Ringing, CallDirection.Incoming, "sip:202@pbx.example.net") { Name = name };

    private static string Look(Attention attention, params CallView[] calls) => Encoding.UTF8.GetString(attention.Look(new PhoneView { Calls = calls }));
}
