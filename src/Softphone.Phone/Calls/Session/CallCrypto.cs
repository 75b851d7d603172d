using Softphone.Core;
using Softphone.Media;
using Softphone.Sdp;

namespace Softphone.Phone;

/// <summary>The keys of a call's SRTP: made for it, told in descriptions (RFC 4568), changed by a re-INVITE; and what became of it.</summary>
/// <param name="host">The call.</param>
/// <param name="entropy">For the keys.</param>
/// <param name="dtls">Keys that descriptions do not tell.</param>
internal sealed class CallCrypto(ICallHost host, IEntropy entropy, CallDtls dtls)
{
    private IReadOnlyList<SdpCrypto> _lines = [];

    /// <summary>What was agreed on last has no keys.</summary>
    private bool _isPlain;

    /// <summary>Keys that a handshake gives.</summary>
    public CallDtls Dtls { get; } = dtls;

    /// <summary>Keys are agreed on in principle, and not there yet: nothing may be said.</summary>
    public bool AwaitsKeys => Dtls is { IsAgreed: true, Security: null };

    /// <summary>Whether others can hear the call now.</summary>
    public CallSecurity Security { get; private set; } = CallSecurity.Plain;

    /// <summary>While the call was up others could hear a part of it, though not all.</summary>
    public bool WasPlainInPart { get; private set; }

    public SrtpPolicy Policy => host.Options.Srtp switch
    {
        SrtpMode.Off => SrtpPolicy.Off,
        SrtpMode.Try => SrtpPolicy.Opportunistic,
        _ => SrtpPolicy.Required,
    };

    /// <summary>
    /// Lines for a description. An answer may need any suite. An offer that may end in plain RTP shows one, to stay short enough for a
    /// datagram; the suite in force comes first, with its key, so that an offer about something else changes nothing of it.
    /// </summary>
    public IReadOnlyList<SdpCrypto> Lines(bool isOffer)
    {
        if (Policy == SrtpPolicy.Off || host.Options.Srtp == SrtpMode.Dtls || (isOffer && Dtls.IsOffered)) return [];
        if (isOffer && Policy == SrtpPolicy.Opportunistic && !host.Options.ShowsKeys && !Security.IsSecured) return [];
        if (_lines.Count == 0) _lines = [.. host.Options.SrtpSuites.Select((suite, i) => SdpCrypto.Create(i + 1, suite, entropy))];
        if (!isOffer) return _lines;
        var first = _lines.FirstOrDefault(k => k.Suite == Security.Suite) ?? _lines[0];
        IEnumerable<SdpCrypto> lines = Policy == SrtpPolicy.Required ? [first, .. _lines.Where(k => k != first)] : [first];
        return [.. lines.Select((line, i) => line with { Tag = i + 1 })];
    }

    /// <summary>
    /// The next description shows keys that nobody has seen: our key has nearly done what a key may (RFC 3711 §9.2), or the description may go
    /// to another peer.
    /// </summary>
    public void Renew()
    {
        _lines = [];
        Dtls.Renew();
    }

    /// <summary>Why an offer that is keyed by DTLS cannot be taken; null where it can, or SRTP is off.</summary>
    public static Fault? WhyNoDtls(PhoneOptions options) => options switch
    {
        { Srtp: SrtpMode.Sdes } => new Fault(Layer.Dtls, "and this phone takes keys by SDES alone", "set media.srtp to try or dtls, or let the peer offer SDES (RTP/SAVP with a=crypto)"),
        { Dtls: null } when !DtlsIdentity.IsAvailable => new Fault(Layer.Dtls, "for which " + DtlsIdentity.Missing.What, DtlsIdentity.Missing.Remedy),
        _ => null,
    };

    /// <summary>The keys of what was agreed on; null for plain RTP.</summary>
    /// <exception cref="InvalidOperationException">A suite was agreed on that there is no cipher for: such a call may not go on in the clear.</exception>
    public static MediaSecurity? KeysOf(NegotiatedAudio agreed)
    {
        if (agreed.LocalCrypto is not { } ours || agreed.RemoteCrypto is not { } theirs) return null;
        if (SrtpSuite.Of(ours.Suite) is not { } suite || !ours.TryGetKeys(out var send) || !theirs.TryGetKeys(out var receive))
            throw new InvalidOperationException($"SRTP was agreed on by a key that cannot be used ({ours.Suite})");
        // DEVIATION: the peer's lifetime binds the peer alone (RFC 4568 §6.1 ends the key for both): what it sends after that is taken all the
        // same, up to what RFC 3711 §9.2 allows, since a talk of hours would fall silent (SecureCallTests.Lifetime_OfThePeersKey_BindsThePeer).
        return new MediaSecurity(
            new SrtpKey(suite, send[0].KeyAndSalt, send[0].Mki, send[0].Lifetime ?? SrtpKey.MostPackets),
            [.. receive.Select(k => new SrtpKey(suite, k.KeyAndSalt, k.Mki))]);
    }

    /// <summary>What was agreed on may be more or less than before, and a person must know.</summary>
    public void Agree(Instant now, NegotiatedAudio agreed)
    {
        WasPlainInPart |= agreed.Dtls is not null && host.IsUp && _isPlain;
        _isPlain = agreed is { Dtls: null, LocalCrypto: null };
        if (agreed.Dtls is not null)
        {
            ShowDtls(now);
            return;
        }

        var suite = agreed.LocalCrypto?.Suite ?? "";
        if (suite == Security.Suite && Security.Keying != SrtpKeying.Dtls) return;
        // Another branch that rings may have no keys where the first had some; a call that is up is one peer's.
        var isWeakened = suite.Length == 0 && host.IsUp;
        WasPlainInPart |= host.IsUp && (suite.Length == 0 || !Security.IsSecured);
        Spend(Security.Suite);
        Security = suite.Length == 0 ? CallSecurity.Plain with { IsWeakened = isWeakened } : new CallSecurity(SrtpKeying.Sdes, suite, false);
        host.Emit(new PhoneEvent.SecurityChanged(now, host.Id, Security));
    }

    /// <summary>A handshake gave keys, or may have.</summary>
    public void ShowDtls(Instant now)
    {
        if (Dtls.Security is not { } keys) return;
        var security = new CallSecurity(SrtpKeying.Dtls, keys.Send.Suite.Name, false);
        if (security == Security) return;
        Spend(Security.Suite);
        Security = security;
        host.Emit(new PhoneEvent.SecurityChanged(now, host.Id, Security));
    }

    /// <summary>
    /// What this key protected is over: with it again the peer would count from the beginning, and so would we, and a keystream that comes twice lays both
    /// talks open (RFC 3711 §9.1). Other suites' keys may stand in a description that is under way.
    /// </summary>
    private void Spend(string suite) =>
        _lines = [.. _lines.Select(line => line.Suite == suite ? SdpCrypto.Create(line.Tag, suite, entropy) : line)];

    /// <summary>
    /// An answer within a call that leaves out the keys ends it where they are demanded. The peer takes the stream for plain from here on,
    /// so that there is nothing to go back to.
    /// </summary>
    public bool EndsOver(Instant now, SessionDescription answer, Fault fault)
    {
        if (Policy != SrtpPolicy.Required || !Security.IsSecured || answer.Audio is not { } audio || audio.Has("crypto") || answer.FingerprintsOf(audio).Count > 0) return false;
        var mode = host.Options.Srtp.ToString().ToLowerInvariant();
        host.EndWith(now, new Fault(fault.Layer, $"the peer ended the encryption of the call, which this phone demands (media.srtp: {mode})", fault.Remedy));
        return true;
    }
}
