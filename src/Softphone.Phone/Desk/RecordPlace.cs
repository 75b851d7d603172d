namespace Softphone.Phone;

/// <summary>Where the record of a call in the history is.</summary>
public enum RecordPlace
{
    /// <summary>Nowhere any more, or it never was kept.</summary>
    None,

    /// <summary>In the views: <see cref="PhoneView.Past"/>, or <see cref="PhoneView.Calls"/> for some seconds after its end.</summary>
    Memory,

    /// <summary>In a file, from where <see cref="PhoneCommand.Recall"/> brings it back.</summary>
    Disk,
}
