using Softphone.Core;
using Softphone.Sdp;

namespace Softphone.Phone;

/// <summary>How a call comes up, from the INVITE to the answer.</summary>
/// <param name="host">The call.</param>
/// <param name="negotiation">The descriptions.</param>
internal abstract class CallSetup(ISetupHost host, Negotiation negotiation)
{
    protected ISetupHost Host { get; } = host;

    protected Negotiation Negotiation { get; } = negotiation;

    /// <summary>The INVITE was sent, or came; null before.</summary>
    public Instant? InvitedAt { get; protected set; }

    /// <summary>Null before the answer.</summary>
    public Instant? AnsweredAt { get; protected set; }

    /// <summary>The call wants a path for media.</summary>
    public bool IsBegun { get; private set; }

    /// <summary>The peer's answer, as it came.</summary>
    protected ReadOnlyMemory<byte> AnsweredSdp { get; private set; }

    /// <summary>Our candidates are there.</summary>
    public abstract void Gathered(Instant now);

    protected void Begin(Instant now)
    {
        IsBegun = true;
        Host.OpenPath(now);
    }

    /// <summary>The peer's answer to our offer, in the dialog of this remote tag.</summary>
    protected void TakeAnswer(Instant now, string dialog, ReadOnlyMemory<byte> body)
    {
        if (!SessionDescription.TryParse(body.Span, out var answer, out var error))
        {
            Refuse(new Fault(Layer.Sdp, $"the peer's answer cannot be read: {error}", "report it to whoever runs the peer"));
            return;
        }

        if (!OfferAnswer.TryComplete(Negotiation.Offer!, answer, out var agreed, out var fault))
        {
            Refuse(fault);
            return;
        }

        AnsweredSdp = body;
        Negotiation.FirstAnswered(dialog, answer);
        Host.Agree(now, agreed, isAnswer: true);

        // A provisional answer that is of no use may be mended by the final one; the final one may not, unless its branch has given a good one.
        void Refuse(Fault why)
        {
            if (Negotiation.Agreed is not null && dialog == Negotiation.Dialog) return;
            Host.Blame(why);
            if (AnsweredAt is not null) Host.EndWith(now, why);
        }
    }
}
