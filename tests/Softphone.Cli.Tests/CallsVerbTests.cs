using System.Text.Json;
using Softphone.Phone;

namespace Softphone.Cli.Tests;

/// <summary>softphone calls.</summary>
public sealed class CallsVerbTests : IDisposable
{
    private readonly Bench _bench = new();
    private readonly string _state = Directory.CreateTempSubdirectory("softphone-calls-").FullName;

    public CallsVerbTests()
    {
        _bench.Environment["XDG_STATE_HOME"] = _state;
        var folders = new KeptFolders(_bench.Environment);
        var history = new HistoryFile(folders.History);
        history.Append(RecordedCall.Row with { At = RecordedCall.Row.At - TimeSpan.FromHours(1), Peer = "sip:old@example.net", File = "", Status = 404, Reason = "Not Found", Talked = null });
        history.Append(RecordedCall.Row);
        new RecordStore(folders.Records).Save(RecordedCall.Row, RecordedCall.Record, new RecordSettings(OnDisk: true));
    }

    public void Dispose()
    {
        _bench.Dispose();
        Directory.Delete(_state, recursive: true);
    }

    [Fact]
    public async Task Calls_ListsTheNewestFirst_AndSaysWhichHaveARecord()
    {
        Assert.Equal(0, await _bench.RunAsync("calls"));
        var lines = _bench.Out.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(2, lines.Length);
        Assert.Matches("^   1  .*  to    sip:bob@lab.test  talked 0:0[0-9]  relay  pcmu  MOS [34].[0-9]  alice  record$", lines[0]);
        Assert.Matches("^   2  .*sip:old@example.net  404 Not Found .*no record$", lines[1]);
    }

    [Fact]
    public async Task Show_WithItsParts_TellsMessagesIceAndReport()
    {
        Assert.Equal(0, await _bench.RunAsync("calls", "show", "1", "--sip", "--ice"));
        var text = _bench.Out.ToString();
        var lines = text.Split('\n');
        Assert.Contains("INVITE sip:bob@lab.test SIP/2.0", lines);
        Assert.Contains(lines, l => l.StartsWith("CSeq: ", StringComparison.Ordinal) && l.EndsWith(" BYE", StringComparison.Ordinal));
        Assert.Contains(lines, l => l.StartsWith("ICE Completed", StringComparison.Ordinal));
        foreach (var part in new[] { "INVITE sip:bob@lab.test SIP/2.0", "BYE ", "ICE Completed", "relay", RecordedCall.Row.Explanation[..40] }) Assert.Contains(part, text, StringComparison.Ordinal);
        _bench.Out.GetStringBuilder().Clear();
        Assert.Equal(0, await _bench.RunAsync("calls", "show", "1", "--report"));
        Assert.StartsWith("# Call to sip:bob@lab.test\n", _bench.Out.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Json_IsALineAnEvent()
    {
        Assert.Equal(0, await _bench.RunAsync("calls", "show", "1", "--json", "--sip", "--ice"));
        var events = _bench.Out.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => JsonDocument.Parse(l).RootElement).ToList();
        Assert.All(events, e => Assert.Equal(1, e.GetProperty("v").GetInt32()));
        Assert.Equal("call.record", events[0].GetProperty("ev").GetString());
        Assert.True(events[0].GetProperty("recorded").GetBoolean());
        foreach (var kind in new[] { "explain", "sip.message", "ice.candidate", "ice.pair", "ice.step" }) Assert.Contains(events, e => e.GetProperty("ev").GetString() == kind);
        _bench.Out.GetStringBuilder().Clear();
        Assert.Equal(0, await _bench.RunAsync("calls", "--json"));
        Assert.Equal(2, _bench.Out.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
    }

    [Fact]
    public async Task Pcap_HoldsTheMessages()
    {
        var file = Path.Combine(_state, "call.pcap");
        Assert.Equal(0, await _bench.RunAsync("calls", "show", "1", "--pcap", file));
        var text = System.Text.Encoding.Latin1.GetString(await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken));
        Assert.Contains("INVITE sip:bob@lab.test", text, StringComparison.Ordinal);
        Assert.Contains("a=ice-pwd:***", text, StringComparison.Ordinal);

        // The password is shorter in it than it was, and the length says so: behind each description begins the next packet, in octets of no text.
        var descriptions = System.Text.RegularExpressions.Regex.Matches(text, @"Content-Length: (\d+)\r\n\r\n(v=0\r\n(?:[a-z]=[^\r\n]*\r\n)*)");
        Assert.NotEmpty(descriptions);
        Assert.All(descriptions, d => Assert.Equal(d.Groups[2].Length, int.Parse(d.Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture)));
        Assert.Contains("SIP messages, secrets masked", _bench.Error.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("there is no call 3: there are 2", "3")]
    [InlineData("there is no call 0", "0")]
    [InlineData("records.on-disk: true", "2", "--sip")]
    [InlineData("records.on-disk: true", "2", "--report")]
    [InlineData("cannot be written", "1", "--pcap", "/nonexistent/x.pcap")]
    public async Task Mistakes_AreToldAndEndWithTwo(string words, params string[] args)
    {
        Assert.Equal(2, await _bench.RunAsync(["calls", "show", .. args]));
        Assert.Contains(words, _bench.Error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Show_ACallWithoutARecord_StillTellsItsRow()
    {
        Assert.Equal(0, await _bench.RunAsync("calls", "show", "2"));
        Assert.Contains("404 Not Found", _bench.Out.ToString(), StringComparison.Ordinal);
    }
}
