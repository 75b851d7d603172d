namespace Softphone.Cli;

/// <summary>What the phone remembers of the person's choices from one run to the next; null where nothing was chosen.</summary>
internal sealed record KeptSettings
{
    /// <summary>The device's name.</summary>
    public string? Input { get; init; }

    public string? Output { get; init; }

    public string? Ring { get; init; }

    public int VolumeDb { get; init; }

    /// <summary>The theme of the screen, by its name.</summary>
    public string? Theme { get; init; }

    /// <summary>The account that calls were placed with last.</summary>
    public string? Account { get; init; }
}
