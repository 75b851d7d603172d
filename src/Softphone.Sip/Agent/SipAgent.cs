using System.Diagnostics.CodeAnalysis;
using Softphone.Core;

namespace Softphone.Sip;

/// <summary>
/// A whole SIP user agent core as one pure machine: transports, transactions, digest, registration, dialogs and INVITE sessions
/// (RFC 3261 with RFC 6026, 3581, 3263, 3264's carriage, 3311 as server). Its owner drains transmits, DNS questions and events.
/// </summary>
public sealed class SipAgent : IMachine<SipEvent>
{
    public SipAgent(SipAgentOptions options, IEntropy entropy, Trace trace) { }
    public Instant? NextTimeout => null;
    public void AddPath(PathId path, Transport transport, Address bound) => throw new NotSupportedException();
    public void RemovePath(Instant now, PathId path) => throw new NotSupportedException();
    public bool TryQuery(out NameQuery query) => throw new NotSupportedException();
    public void Answer(Instant now, NameAnswer answer) => throw new NotSupportedException();
    public AccountId AddAccount(SipAccount account) => throw new NotSupportedException();
    public void RemoveAccount(Instant now, AccountId account) => throw new NotSupportedException();
    public void Register(Instant now, AccountId account) => throw new NotSupportedException();
    public void Unregister(Instant now, AccountId account) => throw new NotSupportedException();
    public RequestId Options(Instant now, AccountId account, SipUri target) => throw new NotSupportedException();
    public RequestId Request(Instant now, AccountId account, string method, SipUri target, string contentType = "", ReadOnlyMemory<byte> body = default) => throw new NotSupportedException();
    public SessionId Invite(Instant now, AccountId account, SipUri target, ReadOnlyMemory<byte> sdpOffer, InviteOptions? options = null) => throw new NotSupportedException();
    public void Progress(Instant now, SessionId session, int status, ReadOnlyMemory<byte> sdp = default, bool retransmit = false) => throw new NotSupportedException();
    public void StopProgressRetransmission(SessionId session) => throw new NotSupportedException();
    public void Accept(Instant now, SessionId session, ReadOnlyMemory<byte> sdp) => throw new NotSupportedException();
    public void Reject(Instant now, SessionId session, int status, string? reason = null, IReadOnlyList<KeyValuePair<string, string>>? headers = null) => throw new NotSupportedException();
    public void Hangup(Instant now, SessionId session, string? reasonHeader = null) => throw new NotSupportedException();
    public void Offer(Instant now, SessionId session, ReadOnlyMemory<byte> sdp) => throw new NotSupportedException();
    public void AnswerOffer(Instant now, SessionId session, ReadOnlyMemory<byte> sdp) => throw new NotSupportedException();
    public void RejectOffer(Instant now, SessionId session, int status) => throw new NotSupportedException();
    public void Info(Instant now, SessionId session, string contentType, ReadOnlyMemory<byte> body) => throw new NotSupportedException();
    public void Shutdown(Instant now) => throw new NotSupportedException();
    public bool IsIdle => throw new NotSupportedException();
    public void Receive(in Datagram datagram) => throw new NotSupportedException();
    public void Fail(in PathFailure failure) => throw new NotSupportedException();
    public void Advance(Instant now) => throw new NotSupportedException();
    public bool TryTransmit(Span<byte> buffer, out Transmit transmit) => throw new NotSupportedException();
    public bool TryEvent([NotNullWhen(true)] out SipEvent? happened) => throw new NotSupportedException();
}
