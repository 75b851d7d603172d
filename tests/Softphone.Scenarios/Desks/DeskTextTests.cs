using Softphone.Core;
using Softphone.Lab;
using Softphone.Phone;

namespace Softphone.Scenarios;

/// <summary>Texts between whole phones by the registrar and proxy of the lab (RFC 3428), through NATs and without.</summary>
public sealed class DeskTextTests
{
    [Fact]
    [Rfc("3428", "4")]
    public void Texts_GoBothWays_InTheirOrder_AndAreUnreadUntilSeen()
    {
        using var bench = new DeskBench(1, "alice", "bob");
        foreach (var text in (string[])["one", "two\nlines", "drei ü"]) bench.Do("alice", new PhoneCommand.SendText("bob", text));
        bench.Until(() => bench["bob"].View.Unread == 3, 5, "they are there");
        var theirs = Assert.Single(bench["bob"].View.Threads);
        Assert.Equal(("bob", "sip:alice@lab.test", 3), (theirs.Account, theirs.Peer, theirs.Unread));
        Assert.Equal(["one", "two\nlines", "drei ü"], theirs.Texts.Select(t => t.Text));
        bench.Do("bob", new PhoneCommand.SendText(theirs.Peer, "answer", theirs.Account));
        bench.Do("bob", new PhoneCommand.SeenTexts(theirs.Account, theirs.Peer));
        bench.Until(() => bench["alice"].View.Unread == 1, 5, "the answer is there");
        Assert.Equal(0, bench["bob"].View.Unread);
        var ours = Assert.Single(bench["alice"].View.Threads);
        Assert.Equal([TextState.Delivered, TextState.Delivered, TextState.Delivered, TextState.Received], ours.Texts.Select(t => t.State));
        Assert.NotNull(bench.Line("alice", "writes: answer"));
    }

    [Theory]
    [InlineData("\x1b]0;owned\a", "\\x1b]0;owned\\x07")]
    [InlineData("a\u202Eb", "a\\u202eb")]
    [InlineData("back\rspace", "back\\x0dspace")]
    public void Text_ThatWouldCommandATerminal_StandsThereInWords(string text, string shown)
    {
        using var bench = new DeskBench(1, "alice", "bob");
        bench.Do("alice", new PhoneCommand.SendText("bob", text));
        bench.Until(() => bench["bob"].View.Unread == 1, 5, "it is there");
        Assert.Equal(shown, bench["bob"].View.Threads[0].Texts[0].Text);
        Assert.DoesNotContain(bench["bob"].View.Events, e => e.Text.Any(c => char.IsControl(c) || c == '\u202E'));
    }

    [Fact]
    public void Text_ToNobody_IsToldWithTheReason()
    {
        using var bench = new DeskBench(1, "alice");
        bench.Do("alice", new PhoneCommand.SendText("carol", "hello"));
        bench.Until(() => bench["alice"].View.Threads[0].Texts[0].State != TextState.Sending, 5, "it has an answer");
        var text = bench["alice"].View.Threads[0].Texts[0];
        Assert.Equal(TextState.Failed, text.State);
        Assert.NotEmpty(text.Problem);
        bench.Complains("alice", "was not delivered");
    }

    [Theory]
    [InlineData(1000)]
    [InlineData(8192)]
    [Rfc("3428", "8")]
    public void Text_ThatIsLong_ArrivesWholeByTcp(int octets)
    {
        using var bench = new DeskBench(1, "alice", "bob");
        var text = string.Concat(Enumerable.Range(0, octets).Select(i => (char)('a' + i % 26)));
        bench.Do("alice", new PhoneCommand.SendText("bob", text));
        bench.Until(() => bench["alice"].View.Threads[0].Texts[0].State != TextState.Sending, 20, "it has an answer");
        Assert.Equal(("", TextState.Delivered), (bench["alice"].View.Threads[0].Texts[0].Problem, bench["alice"].View.Threads[0].Texts[0].State));
        Assert.Equal(text, bench["bob"].View.Threads[0].Texts[0].Text);
    }

    [Fact]
    [Rfc("3428", "8")]
    public void Texts_ToOneAddress_WaitForEachOther_AndNothingIsRepeatedWithoutEnd()
    {
        using var bench = new DeskBench(1, "alice", "bob");
        bench.Lose("bob", 1);
        for (var i = 0; i < 80; i++) bench.Do("alice", new PhoneCommand.SendText("bob", $"text {i}"));
        bench.Run(1);
        var states = bench["alice"].View.Threads[0].Texts.Select(t => t.State).ToList();
        Assert.Equal(15, states.Count(s => s == TextState.Failed));
        Assert.Equal(65, states.Count(s => s == TextState.Sending));
        Assert.Single(bench["alice"].Desk.Accounts.Single().Phone.Trace.Entries.OfType<Sip.SipTrace.Message>().Where(m => m.IsSent && m.StartLine.StartsWith("MESSAGE", StringComparison.Ordinal)).Select(m => m.CallId).Distinct());
        bench.Lose("bob", 0);
        bench.Until(() => bench["alice"].View.Threads[0].Texts.All(t => t.State != TextState.Sending), 60, "all have an answer");
        // Bob reads no more than twenty at once.
        Assert.InRange(bench["alice"].View.Threads[0].Texts.Count(t => t.State == TextState.Delivered), 20, 65);
        Assert.Equal(bench["alice"].View.Threads[0].Texts.Where(t => t.State == TextState.Delivered).Select(t => t.Text), bench["bob"].View.Threads[0].Texts.Select(t => t.Text));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Threads_HaveTheNamesOfContacts(bool later)
    {
        using var bench = new DeskBench();
        bench.Add("bob");
        bench.Add("alice", later ? null : new DeskOptions { Contacts = [new Contact("Bobby", "bob")] });
        bench.Run(2);
        bench.Do("bob", new PhoneCommand.SendText("alice", "hi"));
        bench.Until(() => bench["alice"].View.Unread == 1, 5, "it is there");
        if (later) bench.Do("alice", new PhoneCommand.SaveContact(new Contact("Bobby", "bob")));
        Assert.Equal("Bobby", bench["alice"].View.Threads[0].Name);
    }
}
