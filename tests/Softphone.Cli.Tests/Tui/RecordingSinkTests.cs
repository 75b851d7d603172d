using Softphone.Core;

namespace Softphone.Cli.Tests;

/// <summary>Recordings whose file is another thread's.</summary>
public sealed class RecordingSinkTests : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    private readonly string _folder = Directory.CreateTempSubdirectory("softphone-recording").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Finish_AfterTheLastFrame_LeavesAWholeFileOfItsOwnerAlone()
    {
        var path = Path.Combine(_folder, "recordings", "call.wav");
        var sink = new RecordingSink(path, fault => Assert.Fail(fault.What));
        for (var i = 0; i < 100; i++) sink.Write(new short[960]);
        sink.Dispose();
        Assert.True(sink.Finish(Limit));
        Assert.True(sink.IsDone);
        Assert.Equal(44 + 100 * 960 * 2, new FileInfo(path).Length);
        if (!OperatingSystem.IsWindows()) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
    }

    [Fact]
    public void File_ThatCannotBeWritten_IsToldAndTheCallWritesOn()
    {
        File.WriteAllText(Path.Combine(_folder, "taken"), "");
        Fault? told = null;
        var sink = new RecordingSink(Path.Combine(_folder, "taken", "call.wav"), fault => told = fault);
        Assert.True(sink.Finish(Limit));
        for (var i = 0; i < 1000; i++) sink.Write(new short[960]);
        sink.Dispose();
        Assert.Contains("cannot be written", told!.What, StringComparison.Ordinal);
    }
}
