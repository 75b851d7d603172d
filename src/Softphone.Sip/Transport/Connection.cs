using Softphone.Core;

namespace Softphone.Sip;

/// <summary>One stream connection: the bytes that are not yet a message, and whether the peer answers pings.</summary>
internal sealed class Connection(Flow flow, bool isOurs, Instant openedAt)
{
    public Flow Flow { get; } = flow;

    /// <summary>When it was opened, or came.</summary>
    public Instant OpenedAt { get; } = openedAt;

    /// <summary>We opened it, so that no stranger can crowd it out.</summary>
    public bool IsOurs { get; } = isOurs;

    /// <summary>The port that it leaves from here, or comes to; 0 where that is not known.</summary>
    public ushort From { get; set; }

    public SipStreamParser Parser { get; } = new();

    public Instant LastUsed { get; set; }

    /// <summary>A whole message has come by it.</summary>
    public bool HasSpoken { get; set; }

    /// <summary>What its deadline is set for.</summary>
    public SipStreamParser.Part Awaited { get; set; }

    /// <summary>When the last octet came.</summary>
    public Instant HeardAt { get; set; }

    /// <summary>Octets that it counts for.</summary>
    public long Charged { get; private set; }

    /// <summary>Counts what the parser holds now.</summary>
    public void Charge(OctetLedger ledger)
    {
        ledger.Take(OctetUse.Streams, Parser.Held - Charged);
        Charged = Parser.Held;
    }

    public void Release(OctetLedger ledger)
    {
        ledger.Give(OctetUse.Streams, Charged);
        Charged = 0;
    }
}
