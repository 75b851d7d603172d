namespace Softphone.Nat;

/// <summary>One attribute as it stands in a message; the value points into the message, without its padding.</summary>
public readonly ref struct StunAttribute
{
    internal StunAttribute(ushort type, ReadOnlySpan<byte> value)
    {
        Type = type;
        Value = value;
    }

    /// <summary>One of <see cref="StunAttributeType"/>.</summary>
    public ushort Type { get; }

    public ReadOnlySpan<byte> Value { get; }
}
