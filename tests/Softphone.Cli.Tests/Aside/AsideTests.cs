using System.Globalization;
using System.Text;
using Softphone.Core;

namespace Softphone.Cli.Tests;

/// <summary>Disks, pipes and readers that take nothing, or fail: what is written aside is lost and told, and nobody waits.</summary>
public sealed class AsideTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    [Theory]
    [InlineData(1, 10)]
    [InlineData(100, 1000)]
    [InlineData(70_000, 20)]
    public void Records_ComeOutInOrderAndWhole(int length, int count)
    {
        using var target = new StalledTarget();
        target.Release();
        var writer = new AsideWriter("test", int.MaxValue, () => target);
        var expected = new MemoryStream();
        for (var i = 0; i < count; i++)
        {
            var record = new byte[length];
            Array.Fill(record, (byte)i);
            expected.Write(record);
            Assert.True(writer.TryWrite(record.AsSpan(0, length / 2), record.AsSpan(length / 2)));
        }

        Assert.True(writer.Finish(Limit));
        Assert.Equal(expected.ToArray(), target.Taken);
        Assert.True(target.IsClosed);
        Assert.Equal((0, 0), writer.Missing);
    }

    [Fact]
    public void Writer_WhoseTargetStalls_LosesWhatHasNoRoomAndNobodyWaits()
    {
        using var target = new StalledTarget();
        var writer = new AsideWriter("test", 10 * (100 + 4), () => target);
        Assert.True(writer.TryWrite(new byte[100]));
        target.WaitForWriter();
        Assert.Equal(10, Enumerable.Range(0, 25).Count(_ => writer.TryWrite(new byte[100])));
        Assert.False(writer.Finish(TimeSpan.Zero));
        Assert.Equal((25, 2500), writer.Missing);
        target.Release();
        Assert.True(writer.Finish(Limit));
        Assert.Equal((15, 1500), writer.Missing);
        Assert.Equal(1100, target.Taken.Length);
    }

    [Fact]
    public void Writer_WhoseTargetFails_ForgetsWhatWaitsAndTakesNoMore()
    {
        using var target = new StalledTarget { Trouble = new InvalidOperationException("not only faults of disks") };
        var ended = 0;
        var writer = new AsideWriter("test", 1000, () => target, _ => ended++);
        writer.TryWrite(new byte[100]);
        target.WaitForWriter();
        writer.TryWrite(new byte[100]);
        target.Release();
        Assert.True(writer.Finish(Limit));
        Assert.False(writer.TryWrite(new byte[1]));
        Assert.Equal((target.Trouble, true, 1), (writer.Failure, target.IsClosed, ended));
        Assert.Equal(100, writer.Missing.Octets);
    }

    [Fact]
    public void Writer_WhoseTargetDoesNotOpen_SaysWhy()
    {
        var writer = new AsideWriter("test", 1000, () => throw new UnauthorizedAccessException("not yours"));
        Assert.True(writer.Finish(Limit));
        Assert.IsType<UnauthorizedAccessException>(writer.Failure);
    }

    [Fact]
    public void Recording_OnADiskThatStalls_TellsHowManySecondsAreLost()
    {
        using var disk = new StalledTarget();
        Fault? told = null;
        var recording = new RecordingSink("call.wav", () => disk, fault => told = fault);
        recording.Write(new short[960]);
        disk.WaitForWriter();
        // Ten seconds wait, ten more do not fit.
        for (var i = 0; i < 1000; i++) recording.Write(new short[960]);
        Assert.False(recording.Finish(TimeSpan.Zero));
        Assert.Contains("20.0 s of the recording call.wav were lost: the disk did not take it", recording.Problem!.What, StringComparison.Ordinal);
        disk.Release();
        Assert.True(recording.Finish(Limit));
        // The queue has its own few octets for each frame.
        Assert.Contains("10.0 s of the recording", told!.What, StringComparison.Ordinal);
    }

    [Fact]
    public void Capture_WhosePipeStalls_LosesPacketsAndCountsThem()
    {
        using var pipe = new StalledTarget();
        var capture = new AsideCapture("call.pcap", new PipeSink(pipe), () => TimeSpan.Zero, bound: 10 * 1000);
        capture.Write(DateTimeOffset.UnixEpoch, new byte[500]);
        pipe.WaitForWriter();
        for (var i = 0; i < 100; i++) capture.Write(DateTimeOffset.UnixEpoch, new byte[988]);
        Assert.Null(capture.Failure);
        capture.Dispose();
        Assert.Contains("100 packets are missing in the capture call.pcap", capture.Failure!.What, StringComparison.Ordinal);
        pipe.Release();
    }

    [Theory]
    [InlineData(false, "cannot be written: No space left on device")]
    [InlineData(true, "is closed: whoever read it has ended")]
    public void Output_ThatFails_IsToldOnceAndNobodyMeetsAnException(bool isPipe, string what)
    {
        using var stream = new StalledTarget { Trouble = isPipe ? new IOException("Broken pipe", 32) : new IOException("No space left on device", 28) };
        stream.Release();
        var told = new List<Fault>();
        using var output = new LineOutput(stream, "standard output") { Failed = told.Add };
        output.GoLive();
        for (var i = 0; i < 100; i++) output.WriteLine("{}");
        Assert.True(output.Finish(Limit));
        output.WriteLine("{}");
        Assert.Contains(what, Assert.Single(told).What, StringComparison.Ordinal);
        Assert.NotEmpty(told[0].Remedy);
        Assert.Equal(told[0], output.Problem);
    }

    [Fact]
    public void Output_OfAVerbThatOnlyComputes_SaysSoAtOnce()
    {
        using var stream = new StalledTarget { Trouble = new IOException("No space left on device", 28) };
        stream.Release();
        using var output = new LineOutput(stream, "standard output");
        Assert.Contains("No space left", Assert.Throws<OutputException>(() => output.WriteLine("x")).Fault.What, StringComparison.Ordinal);
        using var error = new LineOutput(stream, "standard error") { IsLast = true };
        error.WriteLine("x");
    }

    [Fact]
    public void Output_WhoseReaderStalls_LosesLinesAndCountsThem()
    {
        using var pipe = new StalledTarget();
        using var output = new LineOutput(pipe, "standard output", bound: 100);
        output.GoLive();
        output.WriteLine("first");
        pipe.WaitForWriter();
        for (var i = 0; i < 30; i++) output.WriteLine("0123456");
        Assert.False(output.Finish(TimeSpan.Zero));
        Assert.Contains("30 lines of standard output were lost", output.Problem!.What, StringComparison.Ordinal);
        pipe.Release();
        Assert.True(output.Finish(Limit));
        Assert.StartsWith("first\n0123456\n", Encoding.UTF8.GetString(pipe.Taken), StringComparison.Ordinal);
    }

    [Fact]
    public void Output_WhoseReaderIsThere_HasEveryLine()
    {
        using var pipe = new StalledTarget();
        pipe.Release();
        using var output = new LineOutput(pipe, "standard output");
        output.WriteLine("before");
        output.GoLive();
        output.Write("ł");
        output.Write('☎');
        output.Flush();
        output.WriteLine();
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{1.5}"));
        Assert.True(output.Finish(Limit));
        Assert.Null(output.Problem);
        Assert.Equal("before\nł☎\n1.5\n", Encoding.UTF8.GetString(pipe.Taken));
    }

    [Fact]
    public void Finish_OutputThatLostLines_IsNoSuccessAndIsTold()
    {
        using var pipe = new StalledTarget();
        using var output = new LineOutput(pipe, "standard output", bound: 100);
        using var error = new StringWriter(CultureInfo.InvariantCulture);
        var clock = new FakeClock();
        using var ending = new Ending(clock: clock);
        var context = new VerbContext { Out = output, Error = error, Environment = new Dictionary<string, string>(), Ending = ending };
        context.GoLive();
        for (var i = 0; i < 100; i++) output.WriteLine("line");
        // A countdown that has run out waits for nothing.
        ending.CountDown(0);
        clock.Pass(TimeSpan.FromSeconds(3));
        Assert.Equal(ExitCode.Output, context.Finish(ExitCode.Ok));
        Assert.Equal(ExitCode.Busy, context.Finish(ExitCode.Busy));
        Assert.Contains("lines of standard output were lost", error.ToString(), StringComparison.Ordinal);
        pipe.Release();
    }

    [Fact]
    public void Countdown_SharesItsTimeAmongWhoeverWaits()
    {
        var clock = new FakeClock();
        using var ending = new Ending(clock: clock);
        Assert.Equal(TimeSpan.FromSeconds(4), ending.Left(TimeSpan.FromSeconds(4)));
        ending.Begin(143);
        Assert.True(ending.Stop.IsCancellationRequested);
        Assert.InRange(ending.Left(TimeSpan.FromSeconds(4)), TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(3));
        clock.Pass(TimeSpan.FromSeconds(2));
        Assert.InRange(ending.Left(TimeSpan.FromSeconds(4)), TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(1));
        clock.Pass(TimeSpan.FromSeconds(2));
        Assert.Equal(TimeSpan.Zero, ending.Left(TimeSpan.FromSeconds(4)));
    }

    [Fact]
    public void Begin_OwnerThatThrows_IsNotTheProcessesEnd()
    {
        using var ending = new Ending();
        var isTold = false;
        using var bad = ending.Stop.Register(() => throw new InvalidOperationException("in a callback"));
        using var good = ending.Stop.Register(() => isTold = true);
        ending.Begin(143);
        Assert.True(isTold);
    }

    [Fact]
    public void Close_WithAThreadThatHangs_EndsAtOnceAndGivesTheTerminalBack()
    {
        var codes = new List<string>();
        using var ending = new Ending(code => codes.Add($"exit {code}"), new FakeClock()) { LastWords = () => codes.Add("terminal") };
        Assert.True(ending.Saw(true));
        Assert.Equal(7, ending.Close(7));
        Assert.Empty(codes);
        ending.Saw(false);
        ending.Close(7);
        Assert.Equal(["terminal", "exit 7"], codes);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Screen_WhoseThreadHangsInTheTerminal_HangsUpAndIsEndedOverItsHead(bool hangs)
    {
        var steps = new List<string>();
        var clock = new FakeClock();
        using var ending = new Ending(code => steps.Add($"exit {code}"), clock);
        using var screen = new ScreenEnding(ending, () => steps.Add("asked"), () => steps.Add("hung up"), () => steps.Add("terminal"), TimeSpan.Zero);
        ending.CountDown(0);
        clock.Pass(TimeSpan.FromSeconds(10));
        if (!hangs) screen.HasLeft();
        screen.End();
        Assert.Equal(hangs ? ["asked", "hung up", "terminal", "exit 130"] : ["asked", "hung up"], steps);
    }

    private sealed class PipeSink(StalledTarget pipe) : IPacketSink
    {
        public Fault? Failure => null;

        public void Write(DateTimeOffset at, ReadOnlySpan<byte> packet) => pipe.Write(packet);

        public void Flush()
        {
        }

        public void Dispose()
        {
        }
    }
}
