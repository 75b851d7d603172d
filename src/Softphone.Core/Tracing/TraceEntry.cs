namespace Softphone.Core;

/// <summary>
/// One transition of one machine. Each room derives its own cases (an abstract record for the room, sealed cases nested in it), and
/// every view of a call (inspector, ladder, report, transcript) is made from these alone. Secrets are never put into an entry.
/// </summary>
/// <param name="At">When it happened.</param>
/// <param name="Source">Which machine: "alice", "alice/ice", "natA".</param>
public abstract record TraceEntry(Instant At, string Source)
{
    public abstract Layer Layer { get; }

    /// <summary>About how many characters of text it holds that came from the network.</summary>
    public virtual int Size => 0;

    /// <summary>One line for a person.</summary>
    public abstract string Describe();

    public sealed override string ToString() => $"{At} {Source} {Describe()}";
}
