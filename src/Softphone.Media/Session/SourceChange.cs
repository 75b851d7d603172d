namespace Softphone.Media;

/// <summary>What a packet means for whom we listen to.</summary>
internal enum SourceChange
{
    /// <summary>It is of the source that is listened to.</summary>
    None,

    /// <summary>It is of that source, which has begun its numbers anew.</summary>
    Restarted,

    /// <summary>It is of another source, which is listened to from now on.</summary>
    Another,

    /// <summary>It has the identifier of the source that is listened to, and does not fit into its numbers.</summary>
    Refused,

    /// <summary>It is of somebody else.</summary>
    Stranger,
}
