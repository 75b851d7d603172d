using Softphone.Core;
using Softphone.Sip;

namespace Softphone.Phone;

/// <summary>What the part that brings a call up may ask of it besides.</summary>
internal interface ISetupHost : ICallHost
{
    AccountId Account { get; }

    /// <summary>The other side's URI.</summary>
    string Peer { get; }

    /// <summary>The name that the other side gives itself.</summary>
    string DisplayName { get; }

    /// <summary>What is done with calls where nobody has decided.</summary>
    CallManners Manners { get; }

    /// <summary>Why the call will end; null while nothing is wrong.</summary>
    Fault? Fault { get; }

    /// <summary>No timer of the call is set any more.</summary>
    void ForgetTimers();

    /// <summary>Tells where the call stands.</summary>
    void Change(Instant now, CallState state, int? status = null, string reason = "");

    /// <summary>Opens the path for media as soon as the servers' addresses are known.</summary>
    void OpenPath(Instant now);

    /// <summary>The call is answered: both sides talk from now on.</summary>
    void Connect(Instant now);

    /// <summary>Answered before, and agreed just now: both sides talk.</summary>
    void StartTalking(Instant now);

    /// <summary>Where this call replaces another, that one's audio is heard here from now on.</summary>
    void TakeAudio();

    /// <summary>Where this call replaces another, that one goes.</summary>
    void Succeed(Instant now);

    /// <summary>Whoever sent us here is told what becomes of it.</summary>
    void TellReferral(Instant now, int status, string reason);

    /// <summary>Remembers why the call will end.</summary>
    void Blame(Fault fault);

    /// <summary>Nobody answered in time.</summary>
    void GiveUp(Instant now, Fault fault);
}
