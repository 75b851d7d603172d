namespace Softphone.Testing;

/// <summary>
/// Says which rule a test holds: an RFC and its section, and the line of the project's checklist ("S13", "I53", "sip X4", "media R18").
/// docs/compliance.md is generated from these.
/// </summary>
[AttributeUsage(AttributeTargets.Method | AttributeTargets.Class, AllowMultiple = true)]
public sealed class RfcAttribute(string rfc, string section) : Attribute
{
    /// <summary>The number of the RFC, "8445".</summary>
    public string Rfc { get; } = rfc;

    /// <summary>The section, "7.3.1.1".</summary>
    public string Section { get; } = section;

    /// <summary>The checklist line, with its list where the letter alone is ambiguous; empty when there is none.</summary>
    public string Line { get; init; } = "";
}
