using Softphone.Core;

namespace Softphone.Sip;

/// <summary>Who the transport layer hands its messages to.</summary>
internal interface ITransportUser : IFlowKeeperUser
{
    /// <summary>Whether a datagram is worth reading: under a flood most are refused unread.</summary>
    bool IsWelcome(Instant now, in Flow flow, ReadOnlySpan<byte> datagram);

    void OnRequest(Instant now, in Flow flow, SipRequest request);

    void OnResponse(Instant now, in Flow flow, SipResponse response);

    /// <summary>The stream cannot be framed any more: answer when there is a request to answer; the connection closes after that.</summary>
    void OnBroken(Instant now, in Flow flow, SipStreamItem.Broken broken);

    /// <summary>A connection ended, whoever ended it, a datagram was refused, or pings go unanswered.</summary>
    void OnFlowFailed(Instant now, in Flow flow, FlowFailure failure);
}
