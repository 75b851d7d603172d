using Softphone.Core;

namespace Softphone.Sip.Tests;

public class SipDialogFilterTests
{
    /// <summary>A registration refused, one that holds, a call, an OPTIONS that nobody answers, a message.</summary>
    private static (IReadOnlyList<SipDialog> Dialogs, Instant Now) World()
    {
        var wire = new Watched()
            .Ask("OPTIONS", callId: "silent", from: "probe@x.example", to: "gone@nowhere.example").Wait(40)
            .Ask("REGISTER", callId: "bad", from: "eve@a.example", to: "eve@a.example").Answer("403 Forbidden", "REGISTER", "bad")
            .Ask("REGISTER", "User-Agent: Tester 7\r\n", callId: "good").Answer("200 OK", "REGISTER", "good")
            .Ask("INVITE", callId: "call").Answer("180 Ringing", "INVITE", "call").Answer("200 OK", "INVITE", "call").Ask("ACK", callId: "call")
            .Ask("MESSAGE", callId: "text").Answer("500 Broken", "MESSAGE", "text");
        return (wire.Table.View, wire.Now);
    }

    [Theory]
    [InlineData("", "silent bad good call text")]
    [InlineData("method:register", "bad good")]
    [InlineData("method:register status:>=400", "bad")]
    [InlineData("METHOD:reg,inv", "bad good call")]
    [InlineData("status:4xx or status:5xx", "bad text")]
    [InlineData("status:400-599", "bad text")]
    [InlineData("status:<300", "good call")]
    [InlineData("status:403,500", "bad text")]
    [InlineData("from:eve", "bad")]
    [InlineData("to:NOWHERE", "silent")]
    [InlineData("state:no-answer", "silent")]
    [InlineData("state:up", "good call")]
    [InlineData("state:ref", "bad text")]
    [InlineData("kind:registration", "bad good")]
    [InlineData("!method:register", "silent call text")]
    [InlineData("-method:register -method:options", "call text")]
    [InlineData("not (method:register or method:options)", "call text")]
    [InlineData("tester", "good")]
    [InlineData("text:\"Tester 7\"", "good")]
    [InlineData("\"no answer\"", "silent")]
    [InlineData("messages:>2", "call")]
    [InlineData("messages:1", "silent")]
    [InlineData("call-id:good or callid:text", "good text")]
    [InlineData("address:192.0.2.1", "silent bad good call text")]
    [InlineData("2001:db8", "silent bad good call text")]
    [InlineData("192.0.2.1:5060 403", "bad")]
    [InlineData("transport:tcp", "")]
    [InlineData("transport:udp and kind:call", "call")]
    [InlineData("account:work", "")]
    [InlineData("method:WHATEVER", "")]
    [InlineData("sip:eve", "bad")]
    public void Expression_LetsThroughWhatItSays(string expression, string expected)
    {
        var (dialogs, now) = World();
        Assert.True(SipDialogFilter.TryParse(expression, out var filter, out var why), why);
        Assert.Equal(expected, string.Join(' ', dialogs.Where(d => filter.Matches(d, now)).Select(d => d.CallId)));
    }

    [Theory]
    [InlineData("metod:register", "“metod”: did you mean method?")]
    [InlineData("method:regsiter", "“regsiter”: did you mean register?")]
    [InlineData("method:in@v", "“in@v” cannot be a method")]
    [InlineData("status:abc", "“abc” is no status")]
    [InlineData("status:>=900", "“>=900” is no status")]
    [InlineData("status:500-400", "“500-400” is no status")]
    [InlineData("status:", "must follow “status:”")]
    [InlineData("from:bob state:uup", "“uup”: did you mean up?")]
    [InlineData("state:r", "“r”")]
    [InlineData("kind:phone", "“phone”")]
    [InlineData("transport:sctp", "“sctp”")]
    [InlineData("messages:many", "“many” counts no messages")]
    [InlineData("(method:register", "“(” is not closed")]
    [InlineData("method:register)", "“)” closes nothing")]
    [InlineData("from:a or", "both sides of “or”")]
    [InlineData("or from:a", "both sides of “or”")]
    [InlineData("from:a and", "must follow “and”")]
    [InlineData("not", "must follow “not”")]
    [InlineData("()", "between brackets")]
    public void Mistake_NamesTheWord(string expression, string expected)
    {
        Assert.False(SipDialogFilter.TryParse(expression, out _, out var why));
        Assert.Contains(expected, why, StringComparison.Ordinal);
    }

    [Fact]
    public void Nesting_WithoutEnd_IsRefused()
    {
        Assert.False(SipDialogFilter.TryParse(new string('(', 5000), out _, out var why));
        Assert.Contains("too many", why, StringComparison.Ordinal);
        Assert.False(SipDialogFilter.TryParse(new string('!', 5000) + "a", out _, out _));
    }

    [Theory]
    [InlineData(3)]
    [InlineData(1234)]
    public void Letters_OfAnyKind_NeverThrow(int seed)
    {
        var chance = new Random(seed);
        string[] pieces = ["method:", "status:", ">=", "400", "(", ")", "not ", "or ", "and ", "\"", "!", "-", ",", ":", " ", "x", "\u0000", "é", "messages:", "state:up", "xx", "|", "&"];
        var (dialogs, now) = World();
        for (var i = 0; i < 20_000; i++)
        {
            var text = string.Concat(Enumerable.Range(0, chance.Next(12)).Select(_ => pieces[chance.Next(pieces.Length)]));
            if (SipDialogFilter.TryParse(text, out var filter, out var why)) _ = dialogs.Count(d => filter.Matches(d, now));
            else Assert.NotEmpty(why);
        }
    }

    [Theory]
    [InlineData(SipDialogColumn.Time, false, "silent bad good call text")]
    [InlineData(SipDialogColumn.Time, true, "text call good bad silent")]
    [InlineData(SipDialogColumn.Method, false, "call text silent bad good")]
    [InlineData(SipDialogColumn.Messages, true, "call bad good text silent")]
    [InlineData(SipDialogColumn.From, false, "good call text bad silent")]
    [InlineData(SipDialogColumn.State, false, "good call bad text silent")]
    public void Order_IsByTheColumn_AndElseByTime(SipDialogColumn column, bool isFalling, string expected)
    {
        var (dialogs, now) = World();
        Assert.Equal(expected, string.Join(' ', new SipDialogOrder(column, isFalling).Of(dialogs, SipDialogFilter.All, now).Select(d => d.CallId)));
    }
}
