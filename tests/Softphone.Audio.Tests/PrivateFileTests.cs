using System.Diagnostics;

namespace Softphone.Audio.Tests;

/// <summary>What other users of the machine may have laid in the way of a file. Theirs are made by root giving files away.</summary>
[System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
public sealed class PrivateFileTests : IDisposable
{
    private const UnixFileMode Owner = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode All = Owner | UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite;
    private const UnixFileMode AllEnter = All | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    private readonly string _folder = Directory.CreateTempSubdirectory("softphone-private-").FullName;

    public PrivateFileTests()
    {
        if (OperatingSystem.IsWindows()) Assert.Skip("owners and modes of another system");
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void New_IsItsOwnersAlone()
    {
        Write("new");
        Assert.Equal(("hello", Owner), (File.ReadAllText(At("new")), File.GetUnixFileMode(At("new"))));
    }

    [Fact]
    public void OneOfOurs_IsEmptiedAndClosedToOthers()
    {
        File.WriteAllText(At("old"), "longer than before");
        File.SetUnixFileMode(At("old"), Owner | UnixFileMode.OtherRead);
        Write("old");
        Assert.Equal(("hello", Owner), (File.ReadAllText(At("old")), File.GetUnixFileMode(At("old"))));
    }

    [Theory]
    [InlineData("target")]
    [InlineData("folder/target")]
    public void LinkOfOurs_IsFollowed_AlsoToWhatIsNotThereYet(string target)
    {
        Directory.CreateDirectory(At("folder"));
        File.CreateSymbolicLink(At("link"), target);
        Write("link");
        Write("link");
        Assert.Equal("hello", File.ReadAllText(At(target)));
        Assert.NotNull(new FileInfo(At("link")).LinkTarget);
        Assert.Equal(Owner, File.GetUnixFileMode(At(target)));
    }

    [Fact]
    public void Links_InACircle_AreAnError()
    {
        File.CreateSymbolicLink(At("a"), "b");
        File.CreateSymbolicLink(At("b"), "a");
        Assert.ThrowsAny<IOException>(() => Write("a"));
    }

    [Fact]
    public async Task Pipe_IsWrittenAsItIs()
    {
        Run("mkfifo", At("pipe"));
        var read = Task.Run(() => File.ReadAllText(At("pipe")), TestContext.Current.CancellationToken);
        Write("pipe");
        Assert.Equal("hello", await read);
    }

    [Fact]
    public void Device_IsWrittenAsItIs()
    {
        using (var file = PrivateFile.Create("/dev/null")) file.Write("hello"u8);
        using var sink = new WavSink("/dev/null");
        sink.Write(new short[200_000]);
        Assert.Null(sink.Failure);
        Assert.NotEqual(Owner, File.GetUnixFileMode("/dev/null"));
    }

    [Theory]
    [InlineData(100)]
    [InlineData(200_000)]
    public void FullDisk_IsToldWhenTheRecordingEnds_AndThrowsNothing(int samples)
    {
        if (!File.Exists("/dev/full")) Assert.Skip("no such device");
        var sink = new WavSink("/dev/full");
        sink.Write(new short[samples]);
        sink.Write(new short[samples]);
        sink.Dispose();
        Assert.Contains("the recording /dev/full ended", sink.Failure!.What, StringComparison.Ordinal);
    }

    [Fact]
    public void Name_OfAStream_IsTheOneGiven()
    {
        File.WriteAllText(At("old"), "");
        using var file = PrivateFile.Create(At("old"));
        Assert.Equal(At("old"), file.Name);
    }

    [Theory]
    [InlineData("")]
    [InlineData("no/such/file")]
    public void WhereNoFileCanBe_IsAnError(string name) => Assert.ThrowsAny<Exception>(() => Write(name));

    [Fact]
    public void LinkOfAnother_IsNotFollowed()
    {
        Precious();
        File.CreateSymbolicLink(At("link"), At("precious"));
        GiveAway("link");
        Assert.Contains("is a link that another user laid", Assert.ThrowsAny<IOException>(() => Write("link")).Message, StringComparison.Ordinal);
        Assert.Contains("cannot be written", Assert.Throws<AudioFileException>(() => new WavSink(At("link"))).Message, StringComparison.Ordinal);
        Assert.Equal("precious", File.ReadAllText(At("precious")));
    }

    [Fact]
    public void LinkOfAnother_ToNothing_MakesNothing()
    {
        File.CreateSymbolicLink(At("link"), At("made"));
        GiveAway("link");
        Assert.ThrowsAny<IOException>(() => Write("link"));
        Assert.False(File.Exists(At("made")));
    }

    /// <summary>The link is ours, but who owns the folder can put another in its place at any moment.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void LinkOfOurs_WhereOthersCanReplaceIt_IsNotFollowed(bool isTheirs)
    {
        Precious();
        Directory.CreateDirectory(At("open"));
        File.CreateSymbolicLink(At("open/link"), At("precious"));
        if (isTheirs) GiveAway("open");
        else Mode("open", AllEnter);
        Assert.ThrowsAny<IOException>(() => Write("open/link"));
        Assert.Equal("precious", File.ReadAllText(At("precious")));
    }

    [Fact]
    public void FileOfAnother_IsNotWritten()
    {
        File.WriteAllText(At("theirs"), "theirs");
        GiveAway("theirs");
        Mode("theirs", All);
        Assert.Contains("is a file of another user", Assert.ThrowsAny<IOException>(() => Write("theirs")).Message, StringComparison.Ordinal);
        Assert.Equal("theirs", File.ReadAllText(At("theirs")));
    }

    [Fact]
    public void SecondNameOfAFile_WhereEverybodyMayMakeNames_IsNotWritten()
    {
        Precious();
        Directory.CreateDirectory(At("open"));
        Mode("open", AllEnter | UnixFileMode.StickyBit);
        Run("ln", At("precious"), At("open/name"));
        Assert.ThrowsAny<IOException>(() => Write("open/name"));
        Assert.Equal("precious", File.ReadAllText(At("precious")));
        Run("ln", At("precious"), At("here"));
        Write("here");
    }

    [Fact]
    public void New_WhereEverybodyMayMakeNames_IsItsOwnersAlone()
    {
        Directory.CreateDirectory(At("open"));
        Mode("open", AllEnter | UnixFileMode.StickyBit);
        Write("open/new");
        Assert.Equal(Owner, File.GetUnixFileMode(At("open/new")));
    }

    [Fact]
    public void Folder_New_IsItsOwnersAlone()
    {
        PrivateFile.CreateFolder(At("a/b"));
        Assert.Equal(Owner | UnixFileMode.UserExecute, File.GetUnixFileMode(At("a/b")));
        PrivateFile.CreateFolder(At("a/b"));
        Directory.CreateSymbolicLink(At("link"), At("a"));
        PrivateFile.CreateFolder(At("link"));
    }

    [Fact]
    public void Folder_ThatEverybodyMayChange_IsRefused()
    {
        Directory.CreateDirectory(At("open"));
        Mode("open", AllEnter);
        Assert.Contains("chmod o-w", Assert.ThrowsAny<IOException>(() => PrivateFile.CreateFolder(At("open"))).Message, StringComparison.Ordinal);
        Mode("open", AllEnter | UnixFileMode.StickyBit);
        PrivateFile.CreateFolder(At("open"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Folder_OfAnother_IsRefused(bool byLink)
    {
        Directory.CreateDirectory(At("theirs"));
        GiveAway("theirs");
        if (byLink) Directory.CreateSymbolicLink(At("link"), At("theirs"));
        Assert.Contains("belongs to another user", Assert.ThrowsAny<IOException>(() => PrivateFile.CreateFolder(At(byLink ? "link" : "theirs"))).Message, StringComparison.Ordinal);
    }

    private string At(string name) => Path.Combine(_folder, name);

    private void Write(string name)
    {
        using var file = PrivateFile.Create(At(name));
        file.Write("hello"u8);
    }

    private void Precious() => File.WriteAllText(At("precious"), "precious");

    private void GiveAway(string name)
    {
        if (Environment.UserName != "root") Assert.Skip("only root can give a file away");
        Run("chown", "-h", "65534", At(name));
    }

    private void Mode(string name, UnixFileMode mode)
    {
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(At(name), mode);
    }

    private static void Run(string program, params string[] arguments)
    {
        using var process = Process.Start(program, arguments);
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
    }
}
