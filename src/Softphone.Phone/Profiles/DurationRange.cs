namespace Softphone.Phone;

/// <summary>From the least to the most.</summary>
public readonly record struct DurationRange(TimeSpan Least, TimeSpan Most)
{
    public override string ToString() => $"{DurationText.Write(Least)}-{DurationText.Write(Most)}";
}
