using Softphone.Core;

namespace Softphone.Nat;

/// <summary>Requests, challenges and answers (RFC 8656 §5, RFC 8489 §9.2).</summary>
public sealed partial class TurnClient
{
    /// <summary>A request that is answered with 438 as often as this, and once more, has failed (RFC 8489 §9.2.5).</summary>
    private const int MostStaleNonces = 2;
    private PathError? _hint;

    /// <summary>How the stream ended before there was a relay; null while it has not.</summary>
    private string? _broken;

    /// <summary>The nonce was given to another port of ours: a server that ties nonces to ports challenges once more.</summary>
    private bool _isBorrowed;

    private const string NotBelieved = "answers, but the integrity of its answers is missing or wrong: the realm or the password that it goes by differ from ours";
    private const string Compare = "compare realm and password at the server; if they are right, somebody answers in its place";

    private bool _isDoubted;

    /// <summary>Answers came that were not believed, and none that was.</summary>
    private bool IsDoubted => _isDoubted && !_isProven;

    /// <summary>What can be told of a server that answers and is not believed, while better may still come; null of any other.</summary>
    public Fault? Doubt => IsDoubted && _state == State.Allocating ? new Fault(Layer.Turn, $"TURN server {_server} {NotBelieved}", Compare) : null;

    /// <summary>The server has granted what was signed with our credentials.</summary>
    private bool _isProven;

    /// <summary>Why the last challenge must not be answered; empty when it may.</summary>
    private string _weakness = "";

    private void Ask(Instant now, TurnRequest request)
    {
        Span<byte> buffer = stackalloc byte[LongestRequest];
        var writer = new StunWriter(buffer, StunClass.Request, request.Method, TransactionId.Next(_entropy));
        switch (request.What)
        {
            case TurnRequest.Wish.Allocate:
                WriteAllocate(ref writer);
                break;
            case TurnRequest.Wish.Move:
                writer.Add(StunAttributeType.MobilityTicket, _ticket);
                break;
            case TurnRequest.Wish.Refresh when _options.Lifetime is { } lifetime:
                writer.AddUInt32(StunAttributeType.Lifetime, Seconds(lifetime));
                break;
            case TurnRequest.Wish.Delete:
                writer.AddUInt32(StunAttributeType.Lifetime, 0);
                break;
            case TurnRequest.Wish.Permit:
                foreach (var peer in request.Peers) writer.AddAddress(StunAttributeType.XorPeerAddress, new Address(peer, 0));
                break;
            case TurnRequest.Wish.Bind:
                writer.AddUInt16(StunAttributeType.ChannelNumber, (ushort)(FirstChannel + request.Channel));
                writer.AddAddress(StunAttributeType.XorPeerAddress, _channels[request.Channel].Peer);
                break;
        }

        if (_options.Software.Length != 0) writer.AddString(StunAttributeType.Software, _options.Software);
        _credentials.Sign(ref writer);
        request.IsSigned = _credentials.IsChallenged;
        var rto = _roundTrip.Rto(now);
        var schedule = request.What == TurnRequest.Wish.Delete ? new StunSchedule(rto, 1, 1) : IsStream ? StunSchedule.Stream : new StunSchedule(rto);
        var tag = ++_lastTag;
        if (!_transactions.TryStart(now, _path, _server, writer.Written, schedule, tag)) return;
        _requests[tag] = request;
        if (_trace.IsOn) _trace.Emit(new TurnTrace.Requested(now, _options.Source, request.Method, _server, Detail(request)));
    }

    /// <summary>Spares the round trip of the first challenge where another client has had it from the same server.</summary>
    internal void TakeChallengeOf(TurnClient other) => _isBorrowed |= other.Server == _server && _credentials.TryBorrow(other._credentials);

    private void Answer(in Datagram datagram, in StunReader reader)
    {
        var now = datagram.At;
        if (!_transactions.TryFind(reader.TransactionId, datagram.Path, datagram.Remote, out var transaction)) return;
        if (!_requests.TryGetValue(transaction.Tag, out var request) || reader.Method != request.Method) return;
        var code = 0;
        if (reader.Class == StunClass.Error && !reader.TryGetErrorCode(out code, out _)) return;
        var isChallenge = code is StunErrorCode.Unauthenticated or StunErrorCode.StaleNonce;
        if (request.IsSigned && !isChallenge && !_credentials.Verify(reader))
        {
            // A forger must not be able to end a transaction, so it goes on; what was claimed is told when nothing better comes.
            request.UnsignedCode = code;
            _isDoubted = true;
            if (_trace.IsOn) _trace.Emit(new TurnTrace.Ignored(now, _options.Source, request.Method, "its integrity is missing or wrong"));
            return;
        }

        _transactions.End(reader.TransactionId);
        _requests.Remove(transaction.Tag);
        _roundTrip.Sample(now, transaction.RoundTrip(now));
        _hint = null;
        if (code != 0 && _trace.IsOn) _trace.Emit(new TurnTrace.Refused(now, _options.Source, request.Method, code));
        if (reader.HasUnknownRequired(StunUnderstood.Turn)) Refuse(now, request, 0, default);
        else if (code == 0) Grant(now, transaction, request, reader);
        else if (isChallenge) Challenge(now, request, code, reader);
        else Refuse(now, request, code, reader);
    }

    // DEVIATION: RFC 8489 §9.2.5 ends with a 401 to a signed request. Servers say so, too, of a nonce that has aged; credentials that were good
    // before are asked once more with the new one (Unauthenticated_WithAnotherNonce_AfterCredentialsWereGood_IsAskedOnceMore).
    private void Challenge(Instant now, TurnRequest request, int code, in StunReader reader)
    {
        var isRefused = code == StunErrorCode.StaleNonce
            ? ++request.StaleNonces > MostStaleNonces
            : ++request.Challenges > 2 || (request.IsSigned && !_isBorrowed && _credentials.IsSameRealm(reader) && !(_isProven && request.Challenges == 1 && !_credentials.IsSameNonce(reader)));
        _isBorrowed = false;
        var isGivenUp = _state == State.Closing && request.What == TurnRequest.Wish.Allocate;
        if (!isRefused && !isGivenUp && _credentials.TryChallenge(reader, out _weakness)) Ask(now, request);
        else Refuse(now, request, code, reader);
    }

    private void Grant(Instant now, in StunTransaction transaction, TurnRequest request, in StunReader reader)
    {
        _isProven |= request.IsSigned;
        switch (request.What)
        {
            case TurnRequest.Wish.Allocate:
                AllocateGranted(now, transaction, reader);
                break;
            case TurnRequest.Wish.Refresh or TurnRequest.Wish.Move:
                TakeTicket(reader);
                Live(transaction.StartedAt, LifetimeOf(reader));
                if (request.What == TurnRequest.Wish.Move && _trace.IsOn) _trace.Emit(new TurnTrace.Happened(now, _options.Source, $"relay {Relayed} moved along"));
                break;
            case TurnRequest.Wish.Delete:
                FinishClose(now);
                break;
            case TurnRequest.Wish.Permit:
                PermitGranted(now, transaction.StartedAt, request.Peers);
                break;
            case TurnRequest.Wish.Bind:
                BindGranted(now, transaction.StartedAt, request.Channel);
                break;
        }
    }

    /// <summary>An error response, or with code 0 the lack of any response.</summary>
    private void Refuse(Instant now, TurnRequest request, int code, in StunReader reader)
    {
        if (_state == State.Closing)
        {
            FinishClose(now);
            return;
        }

        var isLost = code is StunErrorCode.AllocationMismatch or StunErrorCode.WrongCredentials;
        switch (request.What)
        {
            case TurnRequest.Wish.Allocate:
                AllocateRefused(now, code, reader);
                break;
            case TurnRequest.Wish.Refresh or TurnRequest.Wish.Move:
                RefreshRefused(now, request, code);
                break;
            case var _ when isLost:
                Lose(now, code, $"the server answered {code}");
                break;
            case TurnRequest.Wish.Permit:
                PermitRefused(now, request.Peers, code);
                break;
            case TurnRequest.Wish.Bind:
                BindRefused(now, request.Channel, code);
                break;
        }
    }

    private string Detail(TurnRequest request) => request.What switch
    {
        TurnRequest.Wish.Permit => $"for {string.Join(' ', request.Peers)}",
        TurnRequest.Wish.Bind => $"{FirstChannel + request.Channel:x4} to {_channels[request.Channel].Peer}",
        TurnRequest.Wish.Delete => "lifetime 0",
        _ => request.IsSigned ? "" : "unsigned",
    };

    private static uint Seconds(TimeSpan time) => (uint)Math.Clamp(time.TotalSeconds, 0, uint.MaxValue);
}
