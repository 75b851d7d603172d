using Softphone.Core;
using Softphone.Phone;
using Softphone.Terminal;

namespace Softphone.Tui.Tests;

public sealed class TuiMachineTests
{
    [Fact]
    public void Draw_NoAccounts_ShowsTheMainScreen()
    {
        var tui = new TuiMachine(new TuiSetup());
        tui.Show(Instant.Zero, new PhoneView());
        var surface = new Surface(80, 24);
        tui.Draw(surface);
        Assert.Contains("softphone", surface.TextOf(0), StringComparison.Ordinal);
    }
}
