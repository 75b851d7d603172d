using Softphone.Core;

namespace Softphone.Sip;

/// <summary>
/// One flow that registrations and calls hold, and what its keepalives have shown. It is the hold itself: a connection that ended and the one after it
/// are the same flow by name, and who held the first holds nothing of the second.
/// </summary>
internal sealed class KeptFlow(Flow flow, KeepaliveMeans means)
{
    private readonly byte[] _id = new byte[IBindingCodec.IdLength];

    public Flow Flow => flow;

    /// <summary>It failed, or nobody holds it any more: no keepalive goes out for it.</summary>
    public bool IsForgotten { get; set; }

    /// <summary>How many registrations and calls hold it.</summary>
    public int Users { get; set; } = 1;

    public KeepaliveMeans Means { get; set; } = means;

    /// <summary>A keepalive by these means was answered, so that silence means something.</summary>
    public bool IsProved { get; set; }

    /// <summary>An error for it has not been told yet since the last keepalive.</summary>
    public bool IsDoubtable { get; set; }

    /// <summary>When the last keepalive left.</summary>
    public Instant AskedAt { get; set; }

    /// <summary>When a keepalive was answered last; null before the first.</summary>
    public Instant? AnsweredAt { get; set; }

    /// <summary>How long the last answer took.</summary>
    public TimeSpan Took { get; set; }

    /// <summary>Sendings of it.</summary>
    public int Sendings { get; set; }

    /// <summary>Where the registrar saw the last REGISTER come from; null where it does not say.</summary>
    public Address? Registered { get; set; }

    /// <summary>Where the last answer says that our keepalive came from; null before the first.</summary>
    public Address? Mapped { get; set; }

    /// <summary>Of the STUN transaction under way.</summary>
    public ReadOnlySpan<byte> Id => _id;

    public void NewId(IEntropy entropy) => entropy.Fill(_id);
}
