using Softphone.Core;

namespace Softphone.Sockets.Tests;

public sealed class SilentServersTests
{
    private static readonly Address[] Three = [Address.Parse("192.0.2.1:53"), Address.Parse("[2001:db8::2]:53"), Address.Parse("192.0.2.3:53")];

    private readonly SilentServers _memory = new();
    private Instant _now = new(5_000_000_000);

    [Theory]
    [InlineData(1, "0", 0, "1 2 0")]
    [InlineData(2, "0 1", 0, "2 0 1")]
    [InlineData(0, "", 0, "0 1 2")]
    [InlineData(1, "0", 2, "2 1 0")]
    [InlineData(0, "2", 2, "0 1 2")]
    public void Servers_SilentWhileAnotherAnswered_AreAskedLast(int answering, string silent, int first, string expected)
    {
        Note(answering, silent);
        Assert.Equal(expected, Order(Three, first));
    }

    [Theory]
    [InlineData(0, "2 0 1")]
    [InlineData(1, "2 0 1")]
    public void Server_ThatAnswersAgain_IsAskedInItsPlace(int back, string before)
    {
        Note(2, "0 1");
        Assert.Equal(before, Order(Three));
        Note(back, "");
        Assert.Equal(back == 0 ? "0 2 1" : "1 2 0", Order(Three));
    }

    [Fact]
    public void Server_ThatIsSilent_IsAskedAgainNowAndThen_OnceEach()
    {
        Note(2, "0 1");
        Assert.Empty(Rechecked());
        _now += SilentServers.RecheckAfter;
        Assert.Equal([Three[0], Three[1]], Rechecked());
        Assert.Empty(Rechecked());

        // Still silent for others' answers: that puts the next trial off no further.
        _now += SilentServers.RecheckAfter / 2;
        Note(2, "0");
        Assert.Empty(Rechecked());
        Note(1, "");
        _now += SilentServers.RecheckAfter / 2;
        Assert.Equal([Three[0]], Rechecked());
    }

    [Theory]
    [InlineData("192.0.2.1:53 192.0.2.3:53")]
    [InlineData("[2001:db8::2]:53 192.0.2.1:53 192.0.2.3:53")]
    public void Servers_OfAnotherNetwork_HaveNoPast(string others)
    {
        Note(2, "0");
        Address[] changed = [.. others.Split(' ').Select(Address.Parse)];
        Assert.Equal(changed, _memory.InOrder(changed));
        Assert.Equal("0 1 2", Order(Three));
        _now += SilentServers.RecheckAfter;
        Assert.Empty(Rechecked());
    }

    private void Note(int answering, string silent)
    {
        _memory.InOrder(Three);
        _memory.Note(_now, Three[answering], silent.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(i => Three[int.Parse(i)]));
    }

    private string Order(Address[] servers, int first = 0) => string.Join(' ', _memory.InOrder(servers, first).Select(server => Array.IndexOf(Three, server)));

    private List<Address> Rechecked()
    {
        var all = new List<Address>();
        while (_memory.TryRecheck(_now, out var server)) all.Add(server);
        return all;
    }
}
