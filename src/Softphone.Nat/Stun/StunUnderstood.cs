namespace Softphone.Nat;

/// <summary>The comprehension-required attributes that each usage of STUN knows; any other one makes a request end in 420 (RFC 8489 §6.3.1).</summary>
public static class StunUnderstood
{
    private static readonly ushort[] TurnTypes =
    [
        StunAttributeType.MappedAddress, StunAttributeType.Username, StunAttributeType.MessageIntegrity, StunAttributeType.ErrorCode,
        StunAttributeType.UnknownAttributes, StunAttributeType.Realm, StunAttributeType.Nonce, StunAttributeType.MessageIntegritySha256,
        StunAttributeType.PasswordAlgorithm, StunAttributeType.Userhash, StunAttributeType.XorMappedAddress,
        StunAttributeType.ChannelNumber, StunAttributeType.Lifetime, StunAttributeType.XorPeerAddress, StunAttributeType.Data,
        StunAttributeType.XorRelayedAddress, StunAttributeType.RequestedAddressFamily, StunAttributeType.EvenPort,
        StunAttributeType.RequestedTransport, StunAttributeType.DontFragment, StunAttributeType.ReservationToken,
    ];

    private static readonly ushort[] DiscoveryTypes =
    [
        StunAttributeType.MappedAddress, StunAttributeType.Username, StunAttributeType.MessageIntegrity, StunAttributeType.ErrorCode,
        StunAttributeType.UnknownAttributes, StunAttributeType.Realm, StunAttributeType.Nonce, StunAttributeType.MessageIntegritySha256,
        StunAttributeType.PasswordAlgorithm, StunAttributeType.Userhash, StunAttributeType.XorMappedAddress,
        StunAttributeType.ResponseAddress, StunAttributeType.ChangeRequest, StunAttributeType.SourceAddress,
        StunAttributeType.ChangedAddress, StunAttributeType.Password, StunAttributeType.ReflectedFrom, StunAttributeType.Padding,
        StunAttributeType.ResponsePort,
    ];

    private static readonly ushort[] IceTypes =
    [
        StunAttributeType.MappedAddress, StunAttributeType.Username, StunAttributeType.MessageIntegrity, StunAttributeType.ErrorCode,
        StunAttributeType.UnknownAttributes, StunAttributeType.Realm, StunAttributeType.Nonce, StunAttributeType.MessageIntegritySha256,
        StunAttributeType.PasswordAlgorithm, StunAttributeType.Userhash, StunAttributeType.XorMappedAddress,
        StunAttributeType.Priority, StunAttributeType.UseCandidate,
    ];

    private static readonly ushort[] BindingTypes =
    [
        StunAttributeType.MappedAddress, StunAttributeType.Username, StunAttributeType.MessageIntegrity, StunAttributeType.ErrorCode,
        StunAttributeType.UnknownAttributes, StunAttributeType.Realm, StunAttributeType.Nonce, StunAttributeType.MessageIntegritySha256,
        StunAttributeType.PasswordAlgorithm, StunAttributeType.Userhash, StunAttributeType.XorMappedAddress,
    ];

    /// <summary>Binding requests and responses, with either credential mechanism (RFC 8489).</summary>
    public static ReadOnlySpan<ushort> Binding => BindingTypes;

    /// <summary>Connectivity checks (RFC 8445 §7.1).</summary>
    public static ReadOnlySpan<ushort> Ice => IceTypes;

    /// <summary>Behaviour discovery, with the attributes of RFC 3489 that its servers still send (RFC 5780).</summary>
    public static ReadOnlySpan<ushort> Discovery => DiscoveryTypes;

    /// <summary>A TURN client or server over UDP (RFC 8656).</summary>
    public static ReadOnlySpan<ushort> Turn => TurnTypes;
}
