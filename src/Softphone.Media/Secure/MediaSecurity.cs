namespace Softphone.Media;

/// <summary>The keys that offer and answer agreed on for one stream.</summary>
/// <param name="Send">Ours.</param>
/// <param name="Receive">The peer's; several are told apart by their MKI.</param>
public sealed record MediaSecurity(SrtpKey Send, IReadOnlyList<SrtpKey> Receive)
{
    /// <summary>Keys of an association of their own (RFC 5764): no counter of a source goes on under them.</summary>
    public bool StartsAnew { get; init; }

    public bool Equals(MediaSecurity? other) => other is not null && other.Send.Equals(Send) && other.Receive.SequenceEqual(Receive);

    public override int GetHashCode() => Send.GetHashCode();

    public override string ToString() => Send.ToString();
}
