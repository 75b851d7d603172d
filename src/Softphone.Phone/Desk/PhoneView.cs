using Softphone.Core;
using Softphone.Sip;

namespace Softphone.Phone;

/// <summary>Everything a screen shows at one moment. Immutable: made on the thread of the phone, read by another.</summary>
public sealed record PhoneView
{
    /// <summary>The moment it was taken; ages are counted from here.</summary>
    public Instant Now { get; init; }

    /// <summary>The same moment by the wall clock, in local time.</summary>
    public DateTimeOffset Clock { get; init; }

    public IReadOnlyList<AccountView> Accounts { get; init; } = [];

    /// <summary>The account that calls are placed with; empty when there is none.</summary>
    public string Account { get; init; } = "";

    /// <summary>Calls that are not over, and for a few seconds those that are; in the order they came.</summary>
    public IReadOnlyList<CallView> Calls { get; init; } = [];

    /// <summary>Records of calls that are over, each with its trace; those of the history that are in memory.</summary>
    public IReadOnlyList<CallView> Past { get; init; } = [];

    /// <summary>Every SIP dialog and transaction of every account that is kept, of all methods, in the order of their first message.</summary>
    public IReadOnlyList<SipDialog> Dialogs { get; init; } = [];

    /// <summary>The newest first.</summary>
    public IReadOnlyList<HistoryEntry> History { get; init; } = [];

    public IReadOnlyList<Contact> Contacts { get; init; } = [];

    /// <summary>What was written, the thread with the newest text first.</summary>
    public IReadOnlyList<ThreadView> Threads { get; init; } = [];

    /// <summary>What happened, the newest first.</summary>
    public IReadOnlyList<EventLine> Events { get; init; } = [];

    public AudioView Audio { get; init; } = new();

    /// <summary>What is known of the NAT in a few words; empty when nothing is.</summary>
    public string Nat { get; init; } = "";

    /// <summary>What a person must know all the time, such as that sound is at the other end of an SSH session; empty when nothing.</summary>
    public string Notice { get; init; } = "";

    /// <summary>Missed calls that nobody has seen yet.</summary>
    public int Missed => History.Count(h => h.IsMissed);

    /// <summary>Texts that nobody has seen yet.</summary>
    public int Unread
    {
        get
        {
            var unread = 0;
            for (var i = 0; i < Threads.Count; i++) unread += Threads[i].Unread;
            return unread;
        }
    }
}

/// <summary>An account.</summary>
/// <param name="Name">Its profile's name.</param>
/// <param name="Aor">Its address of record.</param>
/// <param name="State">Its registration.</param>
public sealed record AccountView(string Name, string Aor, RegistrationState State)
{
    /// <summary>Until the binding runs out; null without one.</summary>
    public TimeSpan? ExpiresIn { get; init; }

    public string Server { get; init; } = "";

    /// <summary>udp, tcp or tls; empty while unknown.</summary>
    public string Transport { get; init; } = "";

    /// <summary>Why it is not registered, and what helps; null when all is well.</summary>
    public Fault? Problem { get; init; }

    /// <summary>How long the last registration took from its first request to the binding; null while there was none.</summary>
    public TimeSpan? RegisteredIn { get; init; }

    /// <summary>Until the next attempt; null when none comes.</summary>
    public TimeSpan? RetryIn { get; init; }

    /// <summary>What becomes of its calls where nobody has decided.</summary>
    public CallManners Manners { get; init; } = CallManners.None;

    /// <summary>Voice messages that wait at the server (RFC 3842); null when it does not tell.</summary>
    public (int New, int Old)? Messages { get; init; }
}

/// <summary>One line of the log of events.</summary>
/// <param name="At">By the wall clock.</param>
/// <param name="Text">For a person.</param>
/// <param name="IsProblem">Something went wrong.</param>
/// <param name="Call">The call it belongs to; null for none.</param>
public sealed record EventLine(DateTimeOffset At, string Text, bool IsProblem = false, CallId? Call = null)
{
    /// <summary>It says what came of something that a person asked for: he is told where he looks, besides.</summary>
    public bool IsAnswer { get; init; }
}

/// <summary>Sound.</summary>
public sealed record AudioView
{
    /// <summary>Level of the microphone, -96 to 0 dBFS; null when it is not open.</summary>
    public double? InputDbfs { get; init; }

    /// <summary>Level of what is heard.</summary>
    public double? OutputDbfs { get; init; }

    public bool IsMuted { get; init; }

    /// <summary>Loudness of what is heard, in decibels.</summary>
    public int VolumeDb { get; init; }

    public bool IsMeterOn { get; init; }

    /// <summary>What is done to the microphone's sound, "echo, noise and level" or "off"; empty when that is not known.</summary>
    public string Processing { get; init; } = "";

    public DeviceView Input { get; init; } = new();

    public DeviceView Output { get; init; } = new();

    public DeviceView Ring { get; init; } = new();
}

/// <summary>One use of a sound device.</summary>
public sealed record DeviceView
{
    /// <summary>As chosen: "default", "null", or a name.</summary>
    public string Chosen { get; init; } = "default";

    /// <summary>It runs now.</summary>
    public bool IsOpen { get; init; }

    /// <summary>Why it does not; empty when it does, or is not needed now.</summary>
    public string Problem { get; init; } = "";

    /// <summary>Names to choose from, besides "default" and "null".</summary>
    public IReadOnlyList<string> Choices { get; init; } = [];
}
