namespace Softphone.Phone;

/// <summary>What is kept of calls that are over, by account: the records section of a profile.</summary>
/// <param name="Keep">How many calls keep their record; 0 for none.</param>
/// <param name="OnDisk">Also as files, so that a restart does not lose them.</param>
public sealed record RecordSettings(int Keep = RecordSettings.Usual, bool OnDisk = false)
{
    public const int Usual = 200;

    public const int Most = 1000;
}
