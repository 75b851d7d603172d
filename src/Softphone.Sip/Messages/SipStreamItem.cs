using Softphone.Core;

namespace Softphone.Sip;

/// <summary>What a stream parser found next.</summary>
public abstract record SipStreamItem
{
    private SipStreamItem()
    {
    }

    /// <summary>A whole message.</summary>
    public sealed record Message(SipMessage Value) : SipStreamItem;

    /// <summary>Two line breaks between messages: a keepalive that wants one line break back (RFC 5626 §3.5.1).</summary>
    public sealed record Ping : SipStreamItem;

    /// <summary>
    /// One line break between messages: the answer to our ping, and every line break that is the first half of a ping. Meaningless when
    /// no ping is out.
    /// </summary>
    public sealed record Pong : SipStreamItem;

    /// <summary>
    /// The end of a message cannot be known, so nothing after it can be either: send the status to the request when there is
    /// one, then close the connection. The last item of its stream.
    /// </summary>
    /// <param name="Status">400 or 513.</param>
    /// <param name="Error">What is wrong.</param>
    /// <param name="Request">The request that can still be answered; null when there is none.</param>
    /// <param name="Fault">The kind of what is wrong.</param>
    public sealed record Broken(int Status, ParseError Error, SipRequest? Request, StreamFault Fault) : SipStreamItem;
}
