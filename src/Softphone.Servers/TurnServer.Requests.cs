using Softphone.Core;
using Softphone.Nat;

namespace Softphone.Servers;

/// <summary>Who asks, and whether he may (RFC 8489 §9.2.4).</summary>
public sealed partial class TurnServer
{
    private static ReadOnlySpan<ushort> Understood =>
    [
        // All of TURN over UDP but DONT-FRAGMENT, which the network it is lent cannot do: a request with it is owed a 420.
        StunAttributeType.MappedAddress, StunAttributeType.Username, StunAttributeType.MessageIntegrity, StunAttributeType.ErrorCode,
        StunAttributeType.UnknownAttributes, StunAttributeType.Realm, StunAttributeType.Nonce, StunAttributeType.MessageIntegritySha256,
        StunAttributeType.PasswordAlgorithm, StunAttributeType.Userhash, StunAttributeType.XorMappedAddress, StunAttributeType.ChannelNumber,
        StunAttributeType.Lifetime, StunAttributeType.XorPeerAddress, StunAttributeType.Data, StunAttributeType.XorRelayedAddress,
        StunAttributeType.RequestedAddressFamily, StunAttributeType.EvenPort, StunAttributeType.RequestedTransport,
        StunAttributeType.ReservationToken,
    ];

    private void OnRequest(PathId path, Address client, in StunReader request)
    {
        var asker = new Asker(path, client, null, null, false);
        if (request.Method == StunMethod.Binding)
        {
            var writer = StunWriter.Reply(_buffer, request, StunClass.Success);
            writer.AddAddress(StunAttributeType.XorMappedAddress, client);
            Reply(ref writer, request, asker);
            return;
        }

        if (request.Method is not (StunMethod.Allocate or StunMethod.Refresh or StunMethod.CreatePermission or StunMethod.ChannelBind))
        {
            DroppedPackets++;
            return;
        }

        if (!TryAuthenticate(request, ref asker)) return;
        Span<ushort> unknown = stackalloc ushort[16];
        if (request.UnknownRequired(Understood, unknown) is var count and > 0)
        {
            Refuse(request, asker, StunErrorCode.UnknownAttribute, unknown[..count]);
            return;
        }

        _allocations.TryGetValue((path, client), out var allocation);
        if (request.Method == StunMethod.Allocate)
        {
            OnAllocate(request, asker, allocation);
        }
        else if (allocation is null && request.Method == StunMethod.Refresh && request.TryGet(StunAttributeType.MobilityTicket, out var ticket))
        {
            OnMove(request, asker, ticket);
        }
        else if (allocation is null)
        {
            Refuse(request, asker, StunErrorCode.AllocationMismatch);
        }
        else if (allocation.User != asker.User)
        {
            Refuse(request, asker, StunErrorCode.WrongCredentials);
        }
        else if (allocation.MoveRequest == request.TransactionId)
        {
            _out.Enqueue(path, client, allocation.MoveResponse, StreamUse.Existing);
        }
        else
        {
            Settle(allocation, path, client);
            switch (request.Method)
            {
                case StunMethod.Refresh:
                    OnRefresh(request, asker, allocation);
                    break;
                case StunMethod.CreatePermission:
                    OnCreatePermission(request, asker, allocation);
                    break;
                default:
                    OnChannelBind(request, asker, allocation);
                    break;
            }
        }
    }

    private bool TryAuthenticate(in StunReader request, ref Asker asker)
    {
        if (!request.HasIntegrity && !request.HasIntegritySha256)
        {
            Challenge(request, asker, StunErrorCode.Unauthenticated);
            return false;
        }

        if (!request.TryGetUsername(out var username) || !request.TryGetRealm(out _) || !request.TryGetNonce(out var nonce)
            || !TryAlgorithm(request, out var isSha256))
        {
            Refuse(request, asker, StunErrorCode.BadRequest);
            return false;
        }

        if (!_nonces.IsFresh(nonce, _now))
        {
            Challenge(request, asker, StunErrorCode.StaleNonce);
            return false;
        }

        if (UserOf(System.Text.Encoding.UTF8.GetString(username), request.Method) is { } user)
        {
            var key = isSha256 ? user.Sha256 : user.Md5;
            if (request.HasIntegritySha256 ? request.VerifyIntegritySha256(key) : request.VerifyIntegrity(key))
            {
                Remember(user);
                asker = asker with { User = user, Key = key, SignsSha256 = request.HasIntegritySha256 };
                return true;
            }
        }

        Challenge(request, asker, StunErrorCode.Unauthenticated);
        return false;
    }

    /// <summary>Which algorithm made the key. The list offered must come back unchanged, or somebody on the path has weakened it (RFC 8489 §9.2.4).</summary>
    private bool TryAlgorithm(in StunReader request, out bool isSha256)
    {
        isSha256 = false;
        var hasList = request.TryGet(StunAttributeType.PasswordAlgorithms, out var list);
        var hasChoice = request.TryGet(StunAttributeType.PasswordAlgorithm, out var choice);
        if (!hasList && !hasChoice) return true;
        if (!_options.OffersSha256 || !hasList || !hasChoice || !list.SequenceEqual(Algorithms) || choice.Length < 4) return false;
        isSha256 = choice[1] == 2;
        return choice[0] == 0 && choice[1] is 1 or 2;
    }

    private void Challenge(in StunReader request, in Asker asker, int code)
    {
        if (!IsStream(asker.Path) && !_refusals.TryTake(asker.Client.Ip, _now))
        {
            DroppedPackets++;
            return;
        }

        var writer = StunWriter.Reply(_buffer, request, StunClass.Error);
        writer.AddErrorCode(code);
        writer.AddString(StunAttributeType.Realm, _options.Realm);
        writer.AddString(StunAttributeType.Nonce, _nonces.Issue(_now));
        if (_options.OffersSha256) writer.Add(StunAttributeType.PasswordAlgorithms, Algorithms);
        Refused++;
        Reply(ref writer, request, asker);
    }

    private void Refuse(in StunReader request, in Asker asker, int code, ReadOnlySpan<ushort> unknown = default)
    {
        Refused++;
        if (_trace.IsOn) _trace.Emit(new TurnServerTrace.Refused(_now, _name, request.Method, asker.Client, code));
        var writer = StunWriter.Reply(_buffer, request, StunClass.Error);
        writer.AddErrorCode(code);
        if (!unknown.IsEmpty) writer.AddUnknownAttributes(unknown);
        Reply(ref writer, request, asker);
    }

    private void Reply(ref StunWriter writer, in StunReader request, in Asker asker)
    {
        if (asker.Key is { } key)
        {
            if (asker.SignsSha256) writer.AddIntegritySha256(key);
            else writer.AddIntegrity(key);
        }

        if (request.HasFingerprint) writer.AddFingerprint();
        _out.Enqueue(asker.Path, asker.Client, writer.Written, StreamUse.Existing);
    }

    /// <summary>Where a request came from and, once known, by whom and how its answer is signed.</summary>
    private readonly record struct Asker(PathId Path, Address Client, TurnUser? User, IntegrityKey? Key, bool SignsSha256);
}
