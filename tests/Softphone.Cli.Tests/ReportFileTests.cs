using Softphone.Core;
using Softphone.Phone;

namespace Softphone.Cli.Tests;

/// <summary>Files that a call is to write: what cannot be written is said before anybody is called, and what was not is no success.</summary>
public sealed class ReportFileTests : IDisposable
{
    private readonly Bench _bench = new();
    private readonly string _folder = Directory.CreateTempSubdirectory("softphone-report-").FullName;

    public void Dispose()
    {
        _bench.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Theory]
    [InlineData("call", "--report")]
    [InlineData("answer", "--report")]
    [InlineData("call", "--pcap")]
    [InlineData("answer", "--pcap")]
    public async Task File_ThatCannotBe_EndsWithTwoBeforeAnythingIsCalled(string verb, string flag)
    {
        string[] how = verb == "call" ? ["sip:nobody@127.0.0.1:9"] : ["--listen", "127.0.0.1:0"];
        foreach (var file in (string[])[Path.Combine(_folder, "none", "r.md"), _folder])
        {
            var code = await CommandLine.RunAsync([verb, .. how, flag, file, "--audio", "null"], new VerbHandlers { Call = new CallVerb(), Answer = new AnswerVerb() }, _bench.Context);
            Assert.Equal(ExitCode.Usage, code);
            Assert.Contains(file, _bench.Error.ToString(), StringComparison.Ordinal);
            Assert.DoesNotContain("dialing", _bench.Out.ToString(), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("192.0.2.5:5060")]
    [InlineData("[2001:db8::5]:5062")]
    public async Task Listen_AtAnAddressOfNobody_EndsWithSevenAndTheWayOut(string at)
    {
        var code = await CommandLine.RunAsync(["answer", "--listen", at, "--audio", "null"], new VerbHandlers { Answer = new AnswerVerb() }, _bench.Context);
        Assert.Equal(ExitCode.Network, code);
        Assert.Contains("is no address of this machine", _bench.Error.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("0.0.0.0")]
    [InlineData("[::]:5060")]
    [InlineData("224.0.0.1:5060")]
    public async Task Listen_AtNoSingleAddress_IsRefused(string at)
    {
        Assert.Equal((int)ExitCode.Usage, await _bench.RunAsync("answer", "--listen", at));
        Assert.Contains("is not one address of this machine", _bench.Error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Report_HoldsTheLastCall()
    {
        var file = Path.Combine(_folder, "r.md");
        File.WriteAllText(file, "something of before");
        Assert.True(ReportFile.TryOpen(file, out var report, out _));
        Assert.Equal("", File.ReadAllText(file));
        report.Write(_bench.Context, "a long first report");
        report.Write(_bench.Context, "a second");
        report.Dispose();
        Assert.Equal("a second", File.ReadAllText(file));
        Assert.False(report.HasFailed);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(10)]
    public void Report_OnAFullDisk_IsToldAndNoSuccess(int room)
    {
        using var report = new ReportFile("r.md", new FullDisk(room));
        report.Write(_bench.Context, "more than ten octets");
        Assert.True(report.HasFailed);
        Assert.Contains("the report r.md could not be written: full", _bench.Error.ToString(), StringComparison.Ordinal);
        report.Write(_bench.Context, "again");
    }

    private sealed class FullDisk(int room) : MemoryStream
    {
        public override bool CanSeek => false;

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            if (Length + buffer.Length > room) throw new IOException("full");
            base.Write(buffer);
        }
    }
}
