using Xunit;

namespace Softphone.Testing;

/// <summary>Finds the conformance suites that lie beside a checkout (../shared/suites), and skips the test where they do not.</summary>
public static class Suites
{
    /// <summary>The full path of a file or folder below shared/, such as "suites/rfc5769"; skips the running test when it is absent.</summary>
    public static string Find(string relative)
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            foreach (var candidate in new[] { Path.Combine(folder.FullName, "shared", relative), Path.Combine(folder.FullName, "..", "shared", relative) })
                if (Path.Exists(candidate)) return Path.GetFullPath(candidate);
        }

        Assert.Skip($"shared/{relative} is not beside this checkout");
        throw new InvalidOperationException("unreachable");
    }
}
