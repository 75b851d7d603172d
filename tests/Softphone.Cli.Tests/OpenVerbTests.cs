using System.Text.Json;
using Softphone.Captures.Tests;

namespace Softphone.Cli.Tests;

/// <summary>softphone open.</summary>
public sealed class OpenVerbTests : IDisposable
{
    private readonly Bench _bench = new();
    private readonly string _folder = Directory.CreateTempSubdirectory("softphone-open-").FullName;
    private readonly WireScript _wire = new();

    private string Pcap => Path.Combine(_folder, "call.pcap");

    public void Dispose()
    {
        _bench.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Open_TellsDialogsStreamsAndWhatIsWrong()
    {
        Refused();
        Assert.Equal(0, await _bench.RunAsync("open", Pcap));
        var text = _bench.Out.ToString();

        foreach (var part in new[] { "pcap, ", "2 dialogs, 2 RTP streams", "talked 4.0 s", "404 Not Found", "PCMU, 200 packets", "Plain RTP, since neither side offers ICE", "failure  2: SIP: 203.0.113.2:5060 refused the call" })
            Assert.Contains(part, text, StringComparison.Ordinal);
        Assert.Equal("", _bench.Error.ToString());
    }

    [Fact]
    public async Task Problems_AreOneLineEach_TheWorstFirst()
    {
        Refused();
        Assert.Equal(0, await _bench.RunAsync("open", Pcap, "--problems"));

        Assert.StartsWith("failure  2: SIP: ", Assert.Single(_bench.Out.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Call_ShowsItsLadderAndDescriptions()
    {
        Refused();
        Assert.Equal(0, await _bench.RunAsync("open", Pcap, "--call", "1"));
        var text = _bench.Out.ToString();

        foreach (var part in new[] { "INVITE sdp ──", "◀─ 180 Ringing ──", "first audio of the caller: PCMU", "offer of the caller in INVITE: PCMU/8000, PCMA/8000", "leaves PCMA/8000" }) Assert.Contains(part, text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Json_IsALineAnEvent_InTheOrderOfTime()
    {
        Refused();
        Assert.Equal(0, await _bench.RunAsync("open", Pcap, "--json"));
        var events = _bench.Out.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => JsonDocument.Parse(l).RootElement).ToList();

        Assert.Equal("capture", events[0].GetProperty("ev").GetString());
        Assert.Equal("capture.problem", events[^1].GetProperty("ev").GetString());
        Assert.Equal("refused", events[^1].GetProperty("kind").GetString());
        var times = events.SkipLast(1).Select(e => e.GetProperty("t").GetDateTimeOffset()).ToList();
        Assert.Equal(times.Order(), times);
        Assert.Equal(2, events.Count(e => e.GetProperty("ev").GetString() == "capture.stream"));
    }

    [Theory]
    [InlineData("/no/such/file.pcap", "cannot be read")]
    [InlineData("text", "neither pcap nor pcapng")]
    public async Task Open_WhatIsNoCapture_EndsWithUsage(string file, string why)
    {
        var path = file == "text" ? Path.Combine(_folder, file) : file;
        if (file == "text") await File.WriteAllTextAsync(path, "no capture at all", TestContext.Current.CancellationToken);

        Assert.Equal(2, await _bench.RunAsync("open", path));
        Assert.Contains(why, _bench.Error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Call_ThatIsNotThere_EndsWithUsage()
    {
        Refused();
        Assert.Equal(2, await _bench.RunAsync("open", Pcap, "--call", "3"));
        Assert.Contains("there are 2", _bench.Error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Open_FileThatIsCut_IsToldAndRead()
    {
        Refused();
        await File.WriteAllBytesAsync(Pcap, (await File.ReadAllBytesAsync(Pcap, TestContext.Current.CancellationToken))[..^5], TestContext.Current.CancellationToken);

        Assert.Equal(0, await _bench.RunAsync("open", Pcap));
        Assert.Contains("is damaged: the file ends within a packet", _bench.Error.ToString(), StringComparison.Ordinal);
        Assert.Contains("2 dialogs", _bench.Out.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\u001b[2J")]
    [InlineData("\u009b31m")]
    [InlineData("\u202e")]
    public async Task Open_WhatStrangersWrote_CannotCommandTheTerminal(string harm)
    {
        new CallScript(_wire) { CallId = $"c{harm}" }.Send("198.51.100.1", "203.0.113.2", $"INVITE sip:{harm}@203.0.113.2 SIP/2.0", 1, "INVITE", false, CallScript.Sdp("198.51.100.1", 4000, "0", $"a=rtpmap:0 {harm}/8000\n"), "i", $"Subject: {harm}\n")
            .Answer(404, $"Not {harm}");
        await File.WriteAllBytesAsync(Pcap, _wire.Pcap(), TestContext.Current.CancellationToken);
        foreach (var arguments in new string[][] { [], ["--problems"], ["--call", "1"], ["--json"], ["--json", "--call", "1"] })
            Assert.Equal(0, await _bench.RunAsync(["open", Pcap, .. arguments]));

        var told = _bench.Out.ToString();
        Assert.DoesNotContain('\u001b', told);
        Assert.DoesNotContain('\u009b', told);
        Assert.DoesNotContain('\u202e', told);
    }

    [Fact]
    public void Screen_HasTheDialogsOfTheCapture_WithWhatIsKnownOfEach()
    {
        Refused();
        Assert.True(Captures.CaptureReader.TryOpen(new MemoryStream(File.ReadAllBytes(Pcap)), out var reader, out _));
        var analysis = new Captures.CaptureAnalysis(reader.Keys);
        while (reader.TryRead(out var frame)) analysis.Take(frame);
        var sight = SightOfCapture.Of(Pcap, analysis.Finish(), reader.Format);

        Assert.Equal("call.pcap", sight.Name);
        Assert.Equal(["INVITE", "INVITE"], sight.Dialogs.Select(d => d.Method));
        Assert.Equal([Sip.SipDialogState.Ended, Sip.SipDialogState.Refused], sight.Dialogs.Select(d => d.State));
        Assert.Equal([7, 3], sight.Dialogs.Select(d => d.Messages.Count));
        Assert.Equal((2, "refused"), (sight.Problems[0].Dialog, sight.Problems[0].Kind));
        Assert.Equal(["first audio of the caller: PCMU", "first audio of the callee: PCMU"], sight.MarksOf(1).Select(m => m.Text).Order(StringComparer.Ordinal).Reverse());
        Assert.Equal([(false, "refused")], sight.MarksOf(2).Select(m => (m.IsGood, m.Text)));
        Assert.Contains(sight.Story(1), l => l.Contains("Plain RTP, since neither side offers ICE", StringComparison.Ordinal));
        Assert.Contains(sight.Story(2), l => l.Contains("404 Not Found", StringComparison.Ordinal));
        Assert.Equal(sight.Ended, sight.View.Now);
    }

    [Fact]
    public async Task Keys_ThatAreNone_AreTold()
    {
        Refused();
        var keys = Path.Combine(_folder, "keys.log");
        await File.WriteAllTextAsync(keys, "no key at all\n", TestContext.Current.CancellationToken);

        Assert.Equal(0, await _bench.RunAsync("open", Pcap, "--keys", keys));
        Assert.Contains("has no key", _bench.Error.ToString(), StringComparison.Ordinal);
        Assert.Equal(2, await _bench.RunAsync("open", Pcap, "--keys", Path.Combine(_folder, "none")));
    }

    /// <summary>A call that talks for four seconds, and one that is refused.</summary>
    private void Refused()
    {
        var call = new CallScript(_wire).Connect();
        _wire.Talk(call.RtpA, call.RtpB, 4);
        call.Bye();
        _wire.Now += 1;
        var refused = new CallScript(_wire) { CallId = "call-2" }.Invite();
        _wire.Now += 0.1;
        refused.Answer(404, "Not Found").Ack();
        File.WriteAllBytes(Pcap, _wire.Pcap());
    }
}
