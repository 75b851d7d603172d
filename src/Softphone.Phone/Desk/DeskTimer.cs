namespace Softphone.Phone;

/// <summary>What can become due on a desk.</summary>
internal enum DeskTimer
{
    /// <summary>A call that is over leaves the view.</summary>
    Forget,

    /// <summary>A call that was refused has had its last message: its record is whole.</summary>
    Complete,

    /// <summary>One value of quality a second.</summary>
    Sample,

    /// <summary>A call is answered by itself.</summary>
    AutoAnswer,

    /// <summary>The ring of a trial is over.</summary>
    EndTestRing,

    /// <summary>The tone that tells how a call ended is over.</summary>
    EndTone,

    /// <summary>A call waits: its tone again.</summary>
    Beep,

    /// <summary>A call whose peer was joined to another, and who has not left by himself.</summary>
    Leave,

    /// <summary>Whether something is heard of a callee who rings still: then the ringback ends.</summary>
    Listen,
}
