namespace Softphone.Phone;

/// <summary>What a <see cref="Desk"/> starts with, as it was kept.</summary>
public sealed record DeskOptions
{
    /// <summary>Calls of earlier days; their order does not matter.</summary>
    public IReadOnlyList<HistoryEntry> History { get; init; } = [];

    public IReadOnlyList<Contact> Contacts { get; init; } = [];

    /// <summary>The account that calls are placed with; empty takes the first.</summary>
    public string Account { get; init; } = "";

    /// <summary>Loudness of what is heard, in decibels.</summary>
    public int VolumeDb { get; init; }

    /// <summary>Whose tones callers hear, by the two letters of ISO 3166; those of Europe where it is not known.</summary>
    public string Country { get; init; } = "";

    /// <summary>What a person must know all the time (<see cref="PhoneView.Notice"/>).</summary>
    public string Notice { get; init; } = "";
}
