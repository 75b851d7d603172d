using System.Globalization;
using Softphone.Phone;

namespace Softphone.Cli.Tests;

/// <summary>Two softphones with one profile know of each other.</summary>
public sealed class InstanceLocksTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("softphone-locks-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("XDG_RUNTIME_DIR", "softphone")]
    [InlineData("XDG_STATE_HOME", "softphone/locks")]
    public void Profile_ThatAnotherHas_IsToldWithItsProcess_UntilThatEnds(string variable, string where)
    {
        using var first = Locks(variable);
        using var second = Locks(variable);
        Assert.True(first.TryTake(Profile("office"), out _));
        Assert.True(first.TryTake(Profile("office"), out _));
        Assert.False(second.TryTake(Profile("office"), out var fault));
        Assert.Equal($"another softphone (process {Environment.ProcessId.ToString(CultureInfo.InvariantCulture)}) uses office already", fault.What);
        Assert.NotEmpty(fault.Remedy);
        Assert.NotEmpty(Directory.GetFiles(Path.Combine(_folder, where), "*.lock"));
        first.Dispose();
        Assert.True(second.TryTake(Profile("office"), out _));
    }

    [Fact]
    public void Profile_ThatIsGivenBack_IsFree()
    {
        using var first = Locks();
        using var second = Locks();
        Assert.True(first.TryTake(Profile("office"), out _));
        first.Release(Profile("office"));
        first.Release(Profile("never taken"));
        Assert.True(second.TryTake(Profile("office"), out _));
        Assert.False(first.TryTake(Profile("office"), out _));
    }

    /// <summary>One name in two folders of configuration is one profile only where the account is the same.</summary>
    [Theory]
    [InlineData("office", "sip:201@pbx.test", false)]
    [InlineData("office", "sip:202@pbx.test", true)]
    [InlineData("home", "sip:201@pbx.test", true)]
    public void Profile_IsKnownByItsNameAndItsAccount(string name, string uri, bool isFree)
    {
        using var first = Locks();
        using var second = Locks();
        Assert.True(first.TryTake(Profile("office", "sip:201@pbx.test"), out _));
        Assert.Equal(isFree, second.TryTake(Profile(name, uri), out _));
    }

    [Fact]
    public void Folder_ThatCannotBe_IsNotInTheWay()
    {
        File.WriteAllText(Path.Combine(_folder, "softphone"), "in the way");
        using var locks = Locks();
        Assert.True(locks.TryTake(Profile("office"), out _));
    }

    /// <summary>The system takes a lock away with its process, whatever ends that: a file that is left is none.</summary>
    [Fact]
    public void Lock_OfAProcessThatWasKilled_IsFree()
    {
        using (var locks = Locks()) Assert.True(locks.TryTake(Profile("office"), out _));
        Assert.NotEmpty(Directory.GetFiles(Path.Combine(_folder, "softphone"), "*.lock"));
        using var next = Locks();
        Assert.True(next.TryTake(Profile("office"), out _));
    }

    private static Profile Profile(string name, string uri = "sip:201@pbx.test") => new() { Name = name, Account = new AccountProfile { Uri = uri } };

    private InstanceLocks Locks(string variable = "XDG_RUNTIME_DIR") => new(new Dictionary<string, string> { [variable] = _folder });
}
