namespace Softphone.Cli.Tests;

public sealed class FaultLogTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("softphone-faults").FullName;

    [Fact]
    public async Task Fault_ThatComesAgainAndAgain_IsWrittenOnceForItsOwnerAlone()
    {
        var told = new TaskCompletionSource<string>();
        var lines = 0;
        var log = new FaultLog(Folders(), line =>
        {
            Interlocked.Increment(ref lines);
            told.TrySetResult(line);
        });
        for (var i = 0; i < 100; i++) log.Note("a packet", Thrown("planted"));
        var told1 = await told.Task;
        var file = Assert.Single(Directory.GetFiles(Folders().Crashes));
        Assert.Contains(file, told1);
        Assert.Equal(1, lines);
        if (!OperatingSystem.IsWindows()) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        Assert.Contains(nameof(Thrown), await File.ReadAllTextAsync(file));
    }

    [Theory]
    [InlineData("The input string 's3cret' was not in a correct format.")]
    [InlineData("no header \"Authorization: Digest s3cret\" here")]
    [InlineData("sip:bob:s3cret@example.com is no target")]
    [InlineData("password = s3cret")]
    [InlineData("s3cret@example.com")]
    public void Report_OfAnException_HasNoValuesOfItsMessage(string message)
    {
        var text = CrashReport.Describe(new InvalidOperationException("outer", Thrown(message)));
        Assert.DoesNotContain("s3cret", text);
        Assert.Contains(nameof(InvalidOperationException), text);
        Assert.Contains(nameof(Thrown), text);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private KeptFolders Folders() => new(new Dictionary<string, string> { ["XDG_STATE_HOME"] = _folder, ["XDG_CONFIG_HOME"] = _folder });

    private static FormatException Thrown(string message)
    {
        try
        {
            throw new FormatException(message);
        }
        catch (FormatException e)
        {
            return e;
        }
    }
}
