using Softphone.Core;
using Softphone.Media;
using Softphone.Nat;
using Softphone.Sdp;

namespace Softphone.Phone;

/// <summary>
/// The DTLS associations of a call, which give SRTP its keys (RFC 5764): one for each peer that answered, each with a handshake for every component. They
/// begin when there is a path. Until they have ended well no media leaves; one that ends badly ends the call, once that is up.
/// </summary>
/// <param name="host">The call.</param>
/// <param name="path">Where the handshakes go.</param>
/// <param name="entropy">For the names of associations.</param>
/// <param name="trace">Where transitions go.</param>
/// <param name="source">The call's name in the trace.</param>
internal sealed class CallDtls(ICallHost host, CallPath path, IEntropy entropy, Trace trace, string source) : IDisposable
{
    /// <summary>As many as branches of a fork are known.</summary>
    private const int MostAssociations = 8;

    /// <summary>RFC 8842 §4 wants 20 to 255; 24 letters are 142 bits.</summary>
    private const int TlsIdLength = 24;

    private readonly List<Association> _associations = [];
    private readonly bool[] _isUsable = new bool[2];
    private Association? _current;

    /// <summary>Keys of the association before, for as long as the call has no others.</summary>
    private MediaSecurity?[] _before = [null, null];
    private string _tlsId = "";
    private string _nextTlsId = "";

    /// <summary>It is what keys the call, or is to.</summary>
    public bool IsAgreed => _current is not null;

    /// <summary>Our offers are keyed by DTLS: the profile says so, or the call is.</summary>
    public bool IsOffered => host.Options.Dtls is not null && (host.Options.Srtp == SrtpMode.Dtls || IsAgreed);

    /// <summary>The keys of RTP, and of RTCP that shares its port; null before they are there.</summary>
    public MediaSecurity? Security => _current is null ? null : _current.Keys[0] ?? _before[0];

    /// <summary>The keys of RTCP with a port of its own.</summary>
    public MediaSecurity? ReportSecurity => _current is null ? null : _current.Keys[1] ?? _before[1];

    /// <summary>RTCP has a port, and keys, of its own.</summary>
    public bool HasReportsApart => _current is { HasTwo: true };

    public Instant? NextTimeout
    {
        get
        {
            Instant? next = null;
            foreach (var association in _associations)
                foreach (var session in association.Sessions) next = Instant.Earlier(next, session?.NextTimeout);
            return next;
        }
    }

    /// <summary>What our next description says; null where there is no DTLS, or nobody asks for it.</summary>
    /// <param name="theirs">The offer that is to be answered; null for an offer of ours.</param>
    public SdpDtls? Describe(SessionDescription? theirs)
    {
        if (host.Options.Dtls is not { } identity || host.Options.Srtp is not (SrtpMode.Dtls or SrtpMode.Try)) return null;
        if (theirs is null ? !IsOffered : theirs.Audio is not { } audio || (!audio.IsDtls && theirs.ValueOf(audio, "fingerprint") is null)) return null;
        if (_tlsId.Length == 0) _tlsId = entropy.NextToken(TlsIdLength);
        if (_nextTlsId.Length == 0) _nextTlsId = entropy.NextToken(TlsIdLength);
        var hash = identity.Fingerprint("sha-256");
        return new SdpDtls([new SdpFingerprint(hash.Algorithm, hash.Hash)], _tlsId, IsAgreed ? _nextTlsId : _tlsId, _current?.Agreed);
    }

    /// <summary>The next offer may go to another peer, or the keys have done their work: it is about a new association (RFC 8842 §5.1).</summary>
    public void Renew() => _tlsId = "";

    /// <summary>What was agreed on, before media hears of it.</summary>
    public void Agree(Instant now, NegotiatedAudio agreed)
    {
        if (agreed.Dtls is not { } dtls || host.Options.Dtls is not { } identity)
        {
            _current = null;
            return;
        }

        if (path.Transport is { } transport) transport.TakesDtls = true;
        var association = _associations.Find(a => a.Agreed.IsSameAs(dtls));
        if (association is null)
        {
            MakeRoom(now);
            association = new Association(dtls);
            _associations.Add(association);
        }

        if (association != _current)
        {
            // A branch of a fork is another peer; one call that goes on is the same, and is heard with the old keys until there are new ones (RFC 5764 §5.2).
            _before = host.IsUp && _current is not null ? [Security, ReportSecurity] : [null, null];
            if (host.IsUp && _current is not null && dtls.LocalTlsId == _nextTlsId) _nextTlsId = "";
            _current = association;
            if (dtls.LocalTlsId.Length > 0) _tlsId = dtls.LocalTlsId;
        }

        association.HasTwo = !agreed.Mux && agreed.IceComponents != 1;
        for (var i = 0; i < (association.HasTwo ? 2 : 1); i++) Open(now, association, i, identity);
    }

    /// <summary>Packets of this component can leave.</summary>
    public void PathUsable(Instant now, int component)
    {
        if (component is < 1 or > 2) return;
        _isUsable[component - 1] = true;
        if (_current?.Sessions[component - 1] is { } session) session.Start(now);
    }

    /// <summary>The call is answered: what was in vain while it rang is tried again, and what failed ends it.</summary>
    public void Up(Instant now)
    {
        if (_current is not { } current || host.Options.Dtls is not { } identity) return;
        if (current.Fault is { } fault)
        {
            host.EndWith(now, fault);
            return;
        }

        for (var i = 0; i < current.Sessions.Length; i++)
        {
            if (current.Sessions[i] is not { } session || current.Keys[i] is not null) continue;
            // A peer that did not listen while it rang has missed all that was said; one that has begun needs nothing but time.
            if (session.IsOver || (session is { IsBegun: true, HasHeard: false, Role: DtlsRole.Client }))
            {
                session.Dispose();
                current.Sessions[i] = null;
                Open(now, current, i, identity);
            }
            else
            {
                session.WaitAnew(now);
            }
        }
    }

    /// <summary>Takes what is DTLS, and hands on what is media.</summary>
    public void Receive(in Datagram datagram, CallAudio audio)
    {
        if (Demultiplexer.Classify(datagram.Payload) != PacketKind.Dtls) audio.Receive(datagram);
        else if (datagram.Path.Value is 1 or 2) _current?.Sessions[datagram.Path.Value - 1]?.Receive(datagram);
    }

    public void Advance(Instant now)
    {
        foreach (var association in _associations)
            foreach (var session in association.Sessions) session?.Advance(now);
    }

    /// <summary>Sends what is to be sent, and does what came of it; true when anything was.</summary>
    public bool Settle(Instant now, Span<byte> scratch)
    {
        var moved = false;
        for (var a = 0; a < _associations.Count; a++)
        {
            var association = _associations[a];
            for (var i = 0; i < association.Sessions.Length; i++)
            {
                if (association.Sessions[i] is not { } session) continue;
                while (session.TryTransmit(scratch, out var packet))
                {
                    moved = true;
                    if (association == _current) path.Transport?.Send(now, packet.Path.Value, scratch[..packet.Length]);
                }

                while (session.TryEvent(out var happened))
                {
                    moved = true;
                    On(now, association, i, happened);
                }
            }
        }

        return moved;
    }

    /// <summary>Says goodbye to the peer: <see cref="Settle"/> sends it.</summary>
    public void Close(Instant now)
    {
        foreach (var association in _associations)
            foreach (var session in association.Sessions) session?.Close(now);
    }

    public void Dispose()
    {
        foreach (var association in _associations) association.Dispose();
        _associations.Clear();
        _current = null;
    }

    private void Open(Instant now, Association association, int i, DtlsIdentity identity)
    {
        if (association.Sessions[i] is not null) return;
        var role = association.Agreed.IsActive ? DtlsRole.Client : DtlsRole.Server;
        var session = new DtlsSession(identity, role, i == 0 ? MediaPath.Rtp : MediaPath.Rtcp, trace, source);
        association.Sessions[i] = session;
        session.Expect(now, [.. association.Agreed.Fingerprints.Select(f => new CertificateHash(f.Algorithm, f.Hash))]);
        if (role == DtlsRole.Server || _isUsable[i]) session.Start(now);
    }

    private void On(Instant now, Association association, int i, DtlsEvent happened)
    {
        switch (happened)
        {
            case DtlsEvent.Secured secured:
                association.Keys[i] = secured.Keys;
                if (association == _current) host.Rekey(now);
                break;
            // Without reports there is still a talk; with a stranger there is none.
            case DtlsEvent.Failed { Failure: not DtlsFailure.WrongCertificate } when i == 1:
                break;
            case DtlsEvent.Failed failed when host.IsUp && association == _current:
                host.EndWith(now, failed.Fault);
                break;
            case DtlsEvent.Failed { Failure: not DtlsFailure.Silence } failed:
                association.Fault = failed.Fault;
                break;
        }
    }

    private void MakeRoom(Instant now)
    {
        if (_associations.Count < MostAssociations || _associations.Find(a => a != _current) is not { } oldest) return;
        foreach (var session in oldest.Sessions) session?.Close(now);
        _associations.Remove(oldest);
        oldest.Dispose();
    }

    /// <summary>What was agreed on with one peer, and what came of it, by component.</summary>
    private sealed class Association(NegotiatedDtls agreed) : IDisposable
    {
        public NegotiatedDtls Agreed { get; } = agreed;

        public DtlsSession?[] Sessions { get; } = [null, null];

        public MediaSecurity?[] Keys { get; } = [null, null];

        /// <summary>RTCP has a port of its own.</summary>
        public bool HasTwo { get; set; }

        /// <summary>Why there are no keys, of a call that was not up yet.</summary>
        public Fault? Fault { get; set; }

        public void Dispose()
        {
            foreach (var session in Sessions) session?.Dispose();
        }
    }
}
