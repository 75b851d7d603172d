using Softphone.Core;
using Softphone.Phone;

namespace Softphone.Lab;

/// <summary>One phone: where it is and how it behaves.</summary>
public sealed record ScenarioPhone(string Name)
{
    /// <summary>The networks it is on, in the order of its interfaces.</summary>
    public IReadOnlyList<string> Networks { get; init; } = [];

    /// <summary>The line of each of its interfaces.</summary>
    public Link Line { get; init; } = Link.Perfect;

    /// <summary>What is special about it; names, servers and answering are put in when it is made.</summary>
    public PhoneOptions Options { get; init; } = new();

    /// <summary>SIP transports that the file names; null takes what the network lets pass.</summary>
    public SipTransports? Sip { get; init; }

    public bool UsesStun { get; init; } = true;

    /// <summary>The ways to the TURN server that it knows; none for a phone without one.</summary>
    public IReadOnlyList<Transport> Turn { get; init; } = [Transport.Udp];

    /// <summary>How long it rings before it answers by itself; null waits for a step to answer.</summary>
    public TimeSpan? AnswersAfter { get; init; } = TimeSpan.Zero;

    /// <summary>The status it refuses every call with; null when it does not.</summary>
    public int? Refuses { get; init; }
}
