namespace Softphone.Sdp;

/// <summary>One a= line (RFC 8866 §5.13): a name, and for all but flags a value. Attributes that nobody reads are kept as they came.</summary>
/// <param name="Name">The part before the colon, as it was written; compared without regard to case, since some write "a=RTPMAP".</param>
/// <param name="Value">The part after the colon; null for a flag such as "rtcp-mux".</param>
public readonly record struct SdpAttribute(string Name, string? Value = null)
{
    public bool Is(string name) => Name.Equals(name, StringComparison.OrdinalIgnoreCase);

    public override string ToString() => Value is null ? Name : $"{Name}:{Value}";

    internal static SdpAttribute Parse(string text)
    {
        var colon = text.IndexOf(':');
        return colon < 0 ? new SdpAttribute(text.Trim()) : new SdpAttribute(text[..colon].Trim(), text[(colon + 1)..]);
    }
}
