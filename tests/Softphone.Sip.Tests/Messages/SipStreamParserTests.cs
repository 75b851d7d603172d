using System.Text;

namespace Softphone.Sip.Tests;

public sealed class SipStreamParserTests
{
    private static readonly string[] Files =
        ["wsinv", "intmeth", "esc01", "escnull", "esc02", "lwsdisp", "longreq", "semiuri", "transports", "mpart01", "unreason", "noreason", "zeromf"];

    [Fact]
    [Rfc("3261", "18.3", Line = "sip M6")]
    public void Read_CutAtEveryOctet_GivesTheSame()
    {
        byte[] stream = [.. Samples.Octets(Samples.Invite), .. "\r\n\r\n"u8, .. Samples.Octets(Samples.Ok), .. "\r\n"u8, .. Samples.Octets(Samples.Invite)];
        var whole = Drive(stream, stream.Length);
        Assert.Equal(["INVITE sip:bob@biloxi.example.com SIP/2.0", "Pong", "Ping", "SIP/2.0 200 OK", "Pong", "INVITE sip:bob@biloxi.example.com SIP/2.0"], whole.Select(Name));
        for (var cut = 1; cut < stream.Length; cut++) AssertSame(whole, Drive(stream, cut));
        AssertSame(whole, Drive(stream, 1, 1));
    }

    [Fact]
    [Rfc("4475", "3.1.1", Line = "sip M6")]
    public void Read_SuiteMessages_CutAtEveryOctet_GiveTheSame()
    {
        foreach (var file in Files)
        {
            var stream = TortureTests.Read(file);
            var whole = Drive(stream, stream.Length);
            var message = Assert.IsType<SipStreamItem.Message>(Assert.Single(whole)).Value;
            Assert.Equal(Samples.Parse(stream).ToArray(), message.ToArray());
            for (var cut = 1; cut < stream.Length; cut++) AssertSame(whole, Drive(stream, cut));
        }
    }

    [Theory]
    [InlineData("ncl")]
    [InlineData("mcl01")]
    [Rfc("4475", "3.3.9", Line = "sip M6")]
    public void Read_ContentLengthThatCannotBeTrusted_BreaksTheStream(string file)
    {
        var broken = Assert.IsType<SipStreamItem.Broken>(Assert.Single(Drive(TortureTests.Read(file), 100)));
        Assert.Equal(400, broken.Status);
        Assert.NotNull(broken.Request);
        Assert.Equal(400, SipValidator.Check(broken.Request)?.Status);
    }

    [Fact]
    [Rfc("4475", "3.1.2.2", Line = "sip M6")]
    public void Read_BodyShorterThanDeclared_WaitsForMore() => Assert.Empty(Drive(TortureTests.Read("clerr"), 100));

    [Fact]
    [Rfc("4475", "3.1.1.8", Line = "sip M6")]
    public void Read_TwoRequestsInARow_AreBothRead() =>
        Assert.Equal(["REGISTER", "INVITE"], Drive(TortureTests.Read("dblreq"), 100).OfType<SipStreamItem.Message>().Select(item => ((SipRequest)item.Value).Method));

    [Theory]
    [InlineData("INVITE sip:a@b SIP/2.0\r\nFrom: x\r\n\r\n", 400, true)]
    [InlineData("SIP/2.0 200 OK\r\nFrom: x\r\n\r\n", 400, false)]
    [InlineData("HELLO\r\n\r\n", 400, false)]
    [InlineData("INVITE sip:a@b SIP/2.0\r\nl: 1048577\r\n\r\n", 513, true)]
    [InlineData("INVITE sip:a@b SIP/2.0\r\nl: 99999999999\r\n\r\n", 513, true)]
    [Rfc("3261", "21.5.7", Line = "sip M16")]
    public void Read_Unframeable_SaysWhatIsOwedAndEnds(string text, int status, bool answerable)
    {
        var parser = new SipStreamParser();
        parser.Push(Encoding.ASCII.GetBytes(text));
        Assert.True(parser.TryRead(out var item));
        var broken = Assert.IsType<SipStreamItem.Broken>(item);
        Assert.Equal((status, answerable), (broken.Status, broken.Request is not null));
        Assert.True(parser.IsBroken);
        parser.Push(Samples.Octets(Samples.Ok));
        Assert.False(parser.TryRead(out _));
    }

    [Fact]
    [Rfc("3261", "21.5.7", Line = "sip M16")]
    public void Read_HeadersWithoutEnd_BreakBeforeTheyFillMemory()
    {
        var parser = new SipStreamParser();
        var chunk = Encoding.ASCII.GetBytes("X: " + new string('a', 1000) + "\r\n");
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100_000; i++)
        {
            parser.Push(chunk);
            parser.TryRead(out _);
        }

        Assert.True(parser.IsBroken);
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 1_000_000);
    }

    [Fact]
    [Rfc("3261", "18.3", Line = "sip M16")]
    public void Read_LargestBody_Passes()
    {
        var parser = new SipStreamParser();
        parser.Push(Encoding.ASCII.GetBytes($"INVITE sip:a@b SIP/2.0\r\nl: {SipStreamParser.MaxMessage}\r\n\r\n"));
        var chunk = new byte[16384];
        for (var i = 0; i < SipStreamParser.MaxMessage / chunk.Length; i++)
        {
            Assert.False(parser.TryRead(out _));
            parser.Push(chunk);
        }

        Assert.True(parser.TryRead(out var item));
        Assert.Equal(SipStreamParser.MaxMessage, Assert.IsType<SipStreamItem.Message>(item).Value.Body.Length);
    }

    [Fact]
    [Rfc("5626", "3.5.1", Line = "sip M7")]
    public void Read_Keepalives_AreToldAtOnce()
    {
        var parser = new SipStreamParser();
        parser.Push("\r"u8);
        Assert.False(parser.TryRead(out _));
        parser.Push("\n"u8);
        Assert.True(parser.TryRead(out var item));
        Assert.IsType<SipStreamItem.Pong>(item);
        parser.Push("\r\n"u8);
        Assert.True(parser.TryRead(out item));
        Assert.IsType<SipStreamItem.Ping>(item);
        Assert.False(parser.TryRead(out _));
    }

    [Fact]
    [Rfc("5626", "3.5.1", Line = "sip M7")]
    public void Read_LineBreaksAroundAMessage_AreNoPing() => Assert.Equal(
        ["Pong", "SIP/2.0 200 OK", "Pong"],
        Drive([.. "\r\n"u8, .. Samples.Octets(Samples.Ok), .. "\r\n"u8], 3).Select(Name));

    private static List<SipStreamItem> Drive(byte[] stream, params int[] cuts)
    {
        var parser = new SipStreamParser();
        var items = new List<SipStreamItem>();
        var each = cuts.Length > 1;
        for (var at = 0; at < stream.Length;)
        {
            var length = Math.Min(stream.Length - at, at == 0 || each ? cuts[0] : stream.Length);
            parser.Push(stream.AsSpan(at, length));
            at += length;
            while (parser.TryRead(out var item)) items.Add(item);
        }

        return items;
    }

    private static void AssertSame(List<SipStreamItem> expected, List<SipStreamItem> actual)
    {
        Assert.Equal(expected.Count, actual.Count);
        for (var i = 0; i < expected.Count; i++)
        {
            if (expected[i] is SipStreamItem.Message a) Assert.Equal(a.Value.ToArray(), Assert.IsType<SipStreamItem.Message>(actual[i]).Value.ToArray());
            else Assert.Equal(expected[i], actual[i]);
        }
    }

    private static string Name(SipStreamItem item) => item is SipStreamItem.Message message ? message.Value.StartLine : item.GetType().Name;
}
