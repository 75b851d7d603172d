using System.Security.Cryptography.X509Certificates;

namespace Softphone.Sockets;

/// <summary>Which certificates of servers are believed. A pin is enough by itself, whatever else is wrong with that certificate.</summary>
public sealed record TlsTrust
{
    /// <summary>Those whose chain ends in a root of this machine.</summary>
    public static TlsTrust OfSystem { get; } = new();

    /// <summary>The roots of this machine count.</summary>
    public bool UsesSystem { get; init; } = true;

    /// <summary>Roots that count too; with <see cref="UsesSystem"/> off, in their place.</summary>
    public X509Certificate2Collection? Roots { get; init; }

    /// <summary>SHA-256 fingerprints, in hexadecimal with or without colons, of certificates that are believed whoever signed them.</summary>
    public IReadOnlyList<string> Pins { get; init; } = [];

    /// <summary>Nothing but a pin counts.</summary>
    public bool IsPinnedOnly => Pins.Count > 0 && !UsesSystem && Roots is null;
}
