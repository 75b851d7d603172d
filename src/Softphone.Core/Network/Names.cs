namespace Softphone.Core;

/// <summary>The DNS record type asked for.</summary>
public enum NameRecord
{
    /// <summary>A and AAAA together.</summary>
    Address,
    Srv,
    Naptr,
}

/// <summary>A question of a machine to the shell's resolver. The answer comes back with the same id.</summary>
/// <param name="Id">Chosen by the machine that asks.</param>
/// <param name="Name">The name, without a trailing dot.</param>
/// <param name="Record">Which records.</param>
public readonly record struct NameQuery(int Id, string Name, NameRecord Record);

/// <summary>One SRV record (RFC 2782).</summary>
public readonly record struct SrvRecord(ushort Priority, ushort Weight, ushort Port, string Target);

/// <summary>One NAPTR record (RFC 3403), of which SIP uses service and replacement (RFC 3263 §4.1).</summary>
public readonly record struct NaptrRecord(ushort Order, ushort Preference, string Flags, string Service, string Replacement);

/// <summary>Why nothing was found.</summary>
public enum NameFault
{
    /// <summary>The name does not exist, or nothing more is known.</summary>
    NotFound,

    /// <summary>No DNS server answered.</summary>
    Silent,

    /// <summary>DNS servers answered only that they cannot say.</summary>
    Refused,
}

/// <summary>What the resolver found. Empty lists and no fault: the name exists without such records.</summary>
/// <param name="Id">The id of the question.</param>
/// <param name="Addresses">Answers to an address question, IPv6 and IPv4.</param>
/// <param name="Services">Answers to an SRV question.</param>
/// <param name="Pointers">Answers to a NAPTR question.</param>
/// <param name="Failed">True when no server answered or the name does not exist.</param>
public sealed record NameAnswer(
    int Id,
    IReadOnlyList<IpAddress> Addresses,
    IReadOnlyList<SrvRecord> Services,
    IReadOnlyList<NaptrRecord> Pointers,
    bool Failed)
{
    public static NameAnswer Of(int id, params IpAddress[] addresses) => new(id, addresses, [], [], false);

    /// <summary>Why it failed.</summary>
    public NameFault Fault { get; private init; }

    /// <summary>The DNS servers that were asked in vain; empty when the name does not exist.</summary>
    public IReadOnlyList<Address> Servers { get; private init; } = [];

    public static NameAnswer Failure(int id) => new(id, [], [], [], true);

    public static NameAnswer Failure(int id, NameFault fault, IReadOnlyList<Address> servers) => Failure(id) with { Fault = fault, Servers = servers };
}
