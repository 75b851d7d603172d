namespace Softphone.Nat;

/// <summary>
/// Attribute types (IANA registry "STUN Attributes"). Below 0x8000 a receiver must understand the attribute or refuse the message;
/// from 0x8000 it may ignore it (RFC 8489 §14).
/// </summary>
public static class StunAttributeType
{
    public const ushort MappedAddress = 0x0001;

    /// <summary>RFC 3489.</summary>
    public const ushort ResponseAddress = 0x0002;

    /// <summary>RFC 3489 and RFC 5780 §7.2.</summary>
    public const ushort ChangeRequest = 0x0003;

    /// <summary>RFC 3489.</summary>
    public const ushort SourceAddress = 0x0004;

    /// <summary>RFC 3489.</summary>
    public const ushort ChangedAddress = 0x0005;
    public const ushort Username = 0x0006;

    /// <summary>RFC 3489.</summary>
    public const ushort Password = 0x0007;
    public const ushort MessageIntegrity = 0x0008;
    public const ushort ErrorCode = 0x0009;
    public const ushort UnknownAttributes = 0x000A;

    /// <summary>RFC 3489.</summary>
    public const ushort ReflectedFrom = 0x000B;
    public const ushort ChannelNumber = 0x000C;
    public const ushort Lifetime = 0x000D;
    public const ushort XorPeerAddress = 0x0012;
    public const ushort Data = 0x0013;
    public const ushort Realm = 0x0014;
    public const ushort Nonce = 0x0015;
    public const ushort XorRelayedAddress = 0x0016;
    public const ushort RequestedAddressFamily = 0x0017;
    public const ushort EvenPort = 0x0018;
    public const ushort RequestedTransport = 0x0019;
    public const ushort DontFragment = 0x001A;

    /// <summary>RFC 7635 §6.2.</summary>
    public const ushort AccessToken = 0x001B;
    public const ushort MessageIntegritySha256 = 0x001C;
    public const ushort PasswordAlgorithm = 0x001D;
    public const ushort Userhash = 0x001E;
    public const ushort XorMappedAddress = 0x0020;
    public const ushort ReservationToken = 0x0022;

    /// <summary>RFC 8445 §16.1.</summary>
    public const ushort Priority = 0x0024;

    /// <summary>RFC 8445 §16.1.</summary>
    public const ushort UseCandidate = 0x0025;

    /// <summary>RFC 5780 §7.6.</summary>
    public const ushort Padding = 0x0026;

    /// <summary>RFC 5780 §7.5.</summary>
    public const ushort ResponsePort = 0x0027;

    /// <summary>RFC 6062 §6.2.</summary>
    public const ushort ConnectionId = 0x002A;
    public const ushort AdditionalAddressFamily = 0x8000;
    public const ushort AddressErrorCode = 0x8001;
    public const ushort PasswordAlgorithms = 0x8002;
    public const ushort AlternateDomain = 0x8003;
    public const ushort Icmp = 0x8004;

    /// <summary>XOR-MAPPED-ADDRESS as servers older than RFC 5389 number it.</summary>
    public const ushort XorMappedAddressOld = 0x8020;
    public const ushort Software = 0x8022;
    public const ushort AlternateServer = 0x8023;

    /// <summary>RFC 7982 §3.</summary>
    public const ushort TransactionTransmitCounter = 0x8025;

    /// <summary>RFC 5780 §7.1.</summary>
    public const ushort CacheTimeout = 0x8027;
    public const ushort Fingerprint = 0x8028;

    /// <summary>RFC 8445 §16.1.</summary>
    public const ushort IceControlled = 0x8029;

    /// <summary>RFC 8445 §16.1.</summary>
    public const ushort IceControlling = 0x802A;

    /// <summary>RFC 5780 §7.3.</summary>
    public const ushort ResponseOrigin = 0x802B;

    /// <summary>RFC 5780 §7.4.</summary>
    public const ushort OtherAddress = 0x802C;

    /// <summary>RFC 7635 §6.1.</summary>
    public const ushort ThirdPartyAuthorization = 0x802E;

    /// <summary>RFC 8016 §5.</summary>
    public const ushort MobilityTicket = 0x8030;

    /// <summary>True when a receiver that does not know the type must refuse the message.</summary>
    public static bool IsRequired(ushort type) => type < 0x8000;

    /// <summary>True for the attributes whose address is written under the XOR of cookie and transaction id (RFC 8489 §14.2).</summary>
    public static bool IsXored(ushort type) =>
        type is XorMappedAddress or XorPeerAddress or XorRelayedAddress or XorMappedAddressOld;
}
