namespace Softphone.Phone;

/// <summary>What a remedy leads to.</summary>
public enum Promise
{
    /// <summary>Media goes directly.</summary>
    Direct,

    /// <summary>There is a path, which may be a relay.</summary>
    Connected,
}
