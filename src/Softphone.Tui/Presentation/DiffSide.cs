namespace Softphone.Tui;

/// <summary>Which of two texts has a line.</summary>
internal enum DiffSide
{
    Both,
    First,
    Second,
}
