namespace Softphone.Sip;

/// <summary>What an account makes of provisional responses that are acknowledged (RFC 3262). Who demands them gets them in any case.</summary>
public enum Reliability
{
    /// <summary>Calls offer them (Supported), and calls that come have them where the caller demands it.</summary>
    Supported,

    /// <summary>Calls do not speak of them.</summary>
    Off,

    /// <summary>Calls demand them (Require), and calls that come have them wherever the caller can take them.</summary>
    Required,
}
