namespace Softphone.Lab;

/// <summary>Where the two ends of a <see cref="MatrixCase"/> are.</summary>
public enum MatrixPlace
{
    /// <summary>Each behind a NAT of its own.</summary>
    Apart,

    /// <summary>On one LAN, where they reach each other.</summary>
    SameLan,

    /// <summary>Behind one NAT that lets its clients not reach each other and does not hairpin.</summary>
    Isolated,

    /// <summary>As <see cref="Isolated"/>, but the NAT turns back what is sent to its own outside addresses (RFC 4787 REQ-9).</summary>
    Hairpin,

    /// <summary>As <see cref="Hairpin"/>, with the inside address as the source, which breaks the answer's symmetry (RFC 8445 §7.2.5.2.1).</summary>
    InternalHairpin,
}
