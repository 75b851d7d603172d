using System.Text;
using Softphone.Core;
using Softphone.Media;

namespace Softphone.Phone;

/// <summary>What a desk keeps of one call, until a few seconds after its end.</summary>
internal sealed class DeskCall(DeskLine line, CallId id, CallDirection direction, string peer, Instant began)
{
    /// <summary>Keys that are shown at most.</summary>
    private const int MostKeys = 1024;

    private readonly StringBuilder _sent = new();
    private readonly StringBuilder _heard = new();
    private string? _sentText = "";
    private string? _heardText = "";

    public DeskLine Line { get; } = line;

    public PhoneMachine Phone => Line.Phone;

    public CallId Id { get; } = id;

    public CallDirection Direction { get; } = direction;

    /// <summary>The other side's URI, cleaned.</summary>
    public string Peer { get; } = peer;

    public Instant Began { get; } = began;

    /// <summary>As the peer tells itself, cleaned; empty when it does not.</summary>
    public string ToldName { get; init; } = "";

    /// <summary>Of the contacts, else what the peer tells.</summary>
    public string Name { get; set; } = "";

    /// <summary>As events name it.</summary>
    public string Who => Name.Length > 0 ? Name : Peer;

    public CallState State { get; set; } = direction == CallDirection.Incoming ? CallState.Ringing : CallState.Dialing;

    public Instant? AnsweredAt { get; set; }

    public Instant? EndedAt { get; set; }

    /// <summary>A person said no to it, or we did.</summary>
    public bool IsRejected { get; set; }

    /// <summary>How it was turned away as the person has it.</summary>
    public TurnedAway TurnedAway { get; set; }

    /// <summary>The peer held us when we last looked.</summary>
    public bool WasHeldThere { get; set; }

    /// <summary>Its end of the mixer; null for a call that has no sound of ours.</summary>
    public MixerPort? Port { get; set; }

    public bool InConference { get; set; }

    public CallRecording? Recording { get; set; }

    /// <summary>What becomes of a transfer, for a person.</summary>
    public string Transfer { get; set; } = "";

    /// <summary>A transfer that its peer asks for and nobody has decided; null when there is none.</summary>
    public TransferQuestion? Asked { get; set; }

    /// <summary>The sound of the call that follows it where this one is over.</summary>
    public MixerPort? NextPort { get; set; }

    /// <summary>Whom its peer was sent to.</summary>
    public string TransferTo { get; set; } = "";

    /// <summary>The call of another account that its peer is joined to.</summary>
    public DeskCall? JoinedTo { get; set; }

    /// <summary>Its peer was asked to call somebody else and has not said how that ended.</summary>
    public bool IsTransferring { get; set; }

    /// <summary>Its peer talks to somebody else now.</summary>
    public bool IsTransferred { get; set; }

    /// <summary>Its talk goes on in another call.</summary>
    public bool IsReplaced { get; set; }

    public string Ending { get; set; } = "";

    public QualityMeter Quality { get; } = new();

    /// <summary>The last view, made when the call ended; it does not change any more.</summary>
    public CallView? Final { get; set; }

    public string Sent => _sentText ??= _sent.ToString();

    public string Heard => _heardText ??= _heard.ToString();

    public bool IsOver => State == CallState.Ended;

    /// <summary>Answered and not over.</summary>
    public bool IsUp => State is CallState.Connected or CallState.Held;

    /// <summary>A person holds it, from the moment that it is asked for.</summary>
    public bool IsHeldHere => Phone.Find(Id)?.WantsHold == true;

    /// <summary>Both sides could speak with each other as far as it is up to us.</summary>
    public bool Talks => IsUp && !IsReplaced && !IsHeldHere;

    /// <summary>The call whose place this one is to take, because its peer sent us here; null for none.</summary>
    public DeskCall? Follows { get; set; }

    /// <summary>Once it is answered it is held, for a person talks to somebody else.</summary>
    public bool Waits { get; set; }

    /// <summary>Another call is on its way to take its place.</summary>
    public bool IsFollowed { get; set; }

    /// <summary>Somebody waits for a person to take it or to refuse it.</summary>
    public bool Calls => RingsHere && !IsRejected && Port is null;

    /// <summary>It rings here, or is being answered.</summary>
    public bool RingsHere => State == CallState.Ringing && Direction == CallDirection.Incoming;

    /// <summary>We call, and nobody has answered yet.</summary>
    public bool IsCalling => Direction == CallDirection.Outgoing && State is CallState.Dialing or CallState.Ringing or CallState.Early;

    public void AddSent(string keys) => Add(_sent, keys, ref _sentText);

    public void AddHeard(char key) => Add(_heard, [key], ref _heardText);

    private static void Add(StringBuilder to, ReadOnlySpan<char> keys, ref string? text)
    {
        if (to.Length + keys.Length > MostKeys) return;
        to.Append(keys);
        text = null;
    }
}
