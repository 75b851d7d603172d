namespace Softphone.Phone;

/// <summary>What can become due in a call.</summary>
internal enum CallTimer
{
    /// <summary>The next 20 ms of audio, each way.</summary>
    MediaTick,

    /// <summary>The next statistics for a view.</summary>
    Report,

    /// <summary>180 goes out though our answer is not made yet.</summary>
    RingSoon,

    /// <summary>The profile takes the call.</summary>
    AutoAnswer,

    /// <summary>Nobody took the call.</summary>
    RingEnd,

    /// <summary>Nobody answered our call.</summary>
    GiveUp,

    /// <summary>The call has lasted as long as it was to.</summary>
    Duration,

    /// <summary>The keys that were given with the call are pressed.</summary>
    Dtmf,

    /// <summary>The next key by INFO.</summary>
    Key,

    /// <summary>A path for media, or a silent peer, is waited for no longer.</summary>
    LostPeer,

    /// <summary>A peer without ICE has been silent long enough for a warning, or the end.</summary>
    Silence,

    /// <summary>Media of a peer that is silent in signalling is too old to stand for it.</summary>
    Doubt,

    /// <summary>Candidates that came after our description are told by an offer.</summary>
    LateCandidates,

    /// <summary>An offer that failed is tried again.</summary>
    Reoffer,

    /// <summary>The pairs that ICE has chosen are told.</summary>
    Outcome,

    /// <summary>That no more candidates come is told.</summary>
    TellEnd,

    /// <summary>REFER leaves, whatever became of the hold before it.</summary>
    Refer,

    /// <summary>Whose place another call took has not said BYE.</summary>
    Leave,

    /// <summary>The peer is called anew.</summary>
    Renew,

    /// <summary>The call that this one replaces is left.</summary>
    Succeed,
}
