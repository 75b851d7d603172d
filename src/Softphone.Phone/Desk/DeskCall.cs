using System.Text;
using Softphone.Core;

namespace Softphone.Phone;

/// <summary>What a desk keeps of one call, until a few seconds after its end.</summary>
internal sealed class DeskCall(DeskLine line, CallId id, CallDirection direction, string peer, Instant began)
{
    public DeskLine Line { get; } = line;

    public PhoneMachine Phone => Line.Phone;

    public CallId Id { get; } = id;

    public CallDirection Direction { get; } = direction;

    public string Peer { get; } = peer;

    public Instant Began { get; } = began;

    /// <summary>As the peer tells itself, cleaned; empty when it does not.</summary>
    public string ToldName { get; set; } = "";

    /// <summary>Of the contacts, else what the peer tells.</summary>
    public string Name { get; set; } = "";

    public CallState State { get; set; } = direction == CallDirection.Incoming ? CallState.Ringing : CallState.Dialing;

    public Instant? AnsweredAt { get; set; }

    public Instant? EndedAt { get; set; }

    /// <summary>A person said no to it.</summary>
    public bool IsRejected { get; set; }

    public bool IsHeldHere { get; set; }

    public StringBuilder Sent { get; } = new();

    public StringBuilder Heard { get; } = new();

    public string Transfer { get; set; } = "";

    public string Ending { get; set; } = "";

    /// <summary>The last view, made when the call ended; it does not change any more.</summary>
    public CallView? Final { get; set; }

    public bool IsOver => State == CallState.Ended;

    /// <summary>Somebody talks, or could.</summary>
    public bool IsUp => State is CallState.Connected or CallState.Held;

    /// <summary>It rings here.</summary>
    public bool RingsHere => State == CallState.Ringing && Direction == CallDirection.Incoming;
}
