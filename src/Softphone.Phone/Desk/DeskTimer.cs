namespace Softphone.Phone;

/// <summary>What can become due on a desk.</summary>
internal enum DeskTimer
{
    /// <summary>A call that is over leaves the view.</summary>
    Forget,

    /// <summary>One value of quality a second.</summary>
    Sample,
}
