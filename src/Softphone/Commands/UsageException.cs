namespace Softphone.Cli;

/// <summary>What the person typed, or wrote into a profile, is wrong; carried to the one place that tells it. Never crosses a machine.</summary>
internal sealed class UsageException(IReadOnlyList<string> mistakes) : Exception(string.Join("; ", mistakes))
{
    public UsageException(string mistake)
        : this([mistake])
    {
    }

    public IReadOnlyList<string> Mistakes { get; } = mistakes;
}
