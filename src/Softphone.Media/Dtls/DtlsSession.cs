using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using Softphone.Core;

namespace Softphone.Media;

/// <summary>
/// One DTLS association that gives SRTP its keys (RFC 5764), as one machine over libssl, which reads and writes in memory. Datagrams name no address: the
/// transport has one. What comes is to be from a path that ICE, or the description, says is the peer's; keys are given once the peer's certificate is the
/// described one. Time is ours alone: see <see cref="OnTimer"/>. Not for two threads at once.
/// </summary>
public sealed unsafe class DtlsSession : IMachine<DtlsEvent>, IDisposable
{
    /// <summary>How often a flight is said again at most. libssl itself takes a peer for gone after twelve.</summary>
    private const int MostTimes = 11;

    /// <summary>Octets in a datagram: what gets through every tunnel and relay that calls go by.</summary>
    private const int MostOctets = 1200;

    /// <summary>Octets that a handshake may take from a peer that has proved nothing. One of two long chains of certificates, each part ten times, is less.</summary>
    private const int MostTaken = 1 << 18;

    private const int RecordHeader = 13;
    private const int MessageHeader = 12;
    private const byte ChangeOfCipher = 20, Alert = 21, Handshake = 22, Application = 23;
    private const int LongestDatagram = 4096;

    /// <summary>Records of a datagram that are looked at after the handshake.</summary>
    private const int MostRecords = 64;

    /// <summary>How long a handshake may take, or be waited for.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private static ReadOnlySpan<byte> Label => "EXTRACTOR-dtls_srtp"u8;

    /// <summary>Whom libssl calls back; it does so only while we are in a call of ours.</summary>
    [ThreadStatic]
    private static DtlsSession? s_running;

    private readonly DtlsRole _role;
    private readonly PathId _path;
    private readonly Trace _trace;
    private readonly string _name;
    private readonly DtlsHandle _ssl;
    private readonly nint _input;
    private readonly nint _output;
    private readonly TransmitQueue _transmits = new(bound: 1 << 16);
    private readonly Queue<DtlsEvent> _events = [];

    /// <summary>Where, in what the present call of libssl wrote, each time of the flight begins.</summary>
    private readonly List<int> _marks = [];
    private State _state;
    private IReadOnlyList<CertificateHash> _described = [];
    private byte[]? _certificate;
    private DtlsFlight? _flight;
    private Instant? _giveUpAt;
    private int _taken;

    /// <param name="identity">Who we are.</param>
    /// <param name="role">Who begins.</param>
    /// <param name="path">The component: <see cref="MediaPath.Rtp"/> or <see cref="MediaPath.Rtcp"/>.</param>
    /// <param name="trace">Where transitions go; none when null.</param>
    /// <param name="source">Its name in the trace.</param>
    public DtlsSession(DtlsIdentity identity, DtlsRole role, PathId path, Trace? trace = null, string source = "dtls")
    {
        (_role, _path, _trace, _name) = (role, path, trace ?? Trace.Off, source);
        _ssl = Libssl.Create(identity.Context);
        if (_ssl.IsInvalid) throw new InvalidOperationException("libssl gives no association");
        (_input, _output) = (Libcrypto.CreateBuffer(Libcrypto.InMemory()), Libcrypto.CreateBuffer(Libcrypto.InMemory()));
        Libssl.SetBuffers(_ssl, _input, _output);
        Libssl.Control(_ssl, Libssl.SetMtu, new CLong(MostOctets), 0);
        Libssl.SetTimer(_ssl, &OnTimer);
        if (role == DtlsRole.Client) Libssl.BeClient(_ssl);
        else Libssl.BeServer(_ssl);
    }

    private enum State
    {
        Idle,
        Shaking,

        /// <summary>The handshake is over; that the certificate is the peer's is still to be shown.</summary>
        Shaken,
        Secured,
        Over,
    }

    public DtlsRole Role => _role;

    /// <summary>Something came from the peer.</summary>
    public bool HasHeard => _taken > 0;

    /// <summary>The handshake has begun, or is waited for.</summary>
    public bool IsBegun => _state != State.Idle;

    public bool IsOver => _state == State.Over;

    public Instant? NextTimeout => _state is State.Shaking or State.Shaken ? Instant.Earlier(_flight?.Due, _giveUpAt) : null;

    /// <summary>Begins, or begins to wait: there is a path.</summary>
    public void Start(Instant now)
    {
        if (_state != State.Idle) return;
        _state = State.Shaking;
        _giveUpAt = now + Patience;
        if (_trace.IsOn) _trace.Emit(new DtlsTrace.Began(now, _name, _path.Value, _role));
        if (_role == DtlsRole.Client) Go(now);
    }

    /// <summary>The peer had no reason to answer until now: it has all the time from here on.</summary>
    public void WaitAnew(Instant now)
    {
        if (_state is State.Shaking or State.Shaken) _giveUpAt = now + Patience;
    }

    /// <summary>What the peer's description says of its certificate. A handshake that is over already waited for this.</summary>
    public void Expect(Instant now, IReadOnlyList<CertificateHash> described)
    {
        _described = described;
        if (_state == State.Shaken) Judge(now);
    }

    public void Receive(in Datagram datagram)
    {
        var octets = datagram.Payload;
        if (_state is State.Idle or State.Over || octets.Length is < RecordHeader or > LongestDatagram) return;
        if (_state == State.Shaking && (_taken += octets.Length) > MostTaken)
        {
            Fail(datagram.At, DtlsFailure.Refused, "the peer sends more than any handshake needs", "report it to whoever runs the peer");
            return;
        }

        if (!TakeRecords(octets)) return;
        if (_state == State.Shaking) Go(datagram.At);
        else ReadOn(datagram.At);
    }

    public void Fail(in PathFailure failure)
    {
    }

    public void Advance(Instant now)
    {
        if (_state == State.Shaking && _flight?.Due <= now && _giveUpAt > now)
        {
            if (_trace.IsOn) _trace.Emit(new DtlsTrace.SentAgain(now, _name, _path.Value, _flight.Times));
            Send(_flight.Say(now));
        }

        if (_state is not (State.Shaking or State.Shaken) || _giveUpAt > now) return;
        if (_state == State.Shaken) Fail(now, DtlsFailure.WrongCertificate, "the peer never said which certificate is its own", "report it to whoever runs the peer");
        else Fail(now, DtlsFailure.Silence, Silence(), "let DTLS through on the way of media, and see that the peer has DTLS-SRTP");
    }

    public bool TryTransmit(Span<byte> buffer, out Transmit transmit) => _transmits.TryDequeue(buffer, out transmit);

    public bool TryEvent([NotNullWhen(true)] out DtlsEvent? happened) => _events.TryDequeue(out happened);

    /// <summary>Says goodbye, where there is somebody to say it to.</summary>
    public void Close(Instant now)
    {
        if (_state is State.Shaken or State.Secured) SayGoodbye(now);
        _state = State.Over;
        _flight = null;
    }

    public void Dispose()
    {
        _state = State.Over;
        _ssl.Dispose();
    }

    /// <summary>
    /// libssl repeats a flight by a clock of its own, which cannot be told the time: DTLSv1_handle_timeout does nothing before it thinks so. But what it
    /// waits for is asked here. Nothing, is the answer, eleven times: so it writes the flight and, on reading, each time that it might be
    /// said again, numbered as it must be. We keep those, and our own timers say when one leaves, if it has to. Then the answer is an hour.
    /// </summary>
    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static uint OnTimer(nint ssl, uint before)
    {
        if (s_running is not { } session) return uint.MaxValue;
        session._marks.Add((int)Libcrypto.Pending(session._output));
        return session._marks.Count < MostTimes ? 0 : uint.MaxValue;
    }

    /// <summary>
    /// What may be a record of a handshake, in the form of one (RFC 6347 §4.1.2.7 drops the rest): libssl ends a handshake over a record of a kind
    /// that has no place in it, which anybody can send.
    /// </summary>
    private bool TakeRecords(ReadOnlySpan<byte> datagram)
    {
        var any = false;
        while (datagram.Length >= RecordHeader)
        {
            var length = RecordHeader + BinaryPrimitives.ReadUInt16BigEndian(datagram[11..]);
            if (length > datagram.Length) break;
            if (HasForm(datagram[..length]))
            {
                fixed (byte* from = datagram)
                    _ = Libcrypto.Write(_input, from, length);
                any = true;
            }

            datagram = datagram[length..];
        }

        return any;
    }

    private bool HasForm(ReadOnlySpan<byte> record)
    {
        if (record[1] != 254) return false;
        var isPlain = BinaryPrimitives.ReadUInt16BigEndian(record[3..]) == 0;
        return record[0] switch
        {
            ChangeOfCipher => record.Length == RecordHeader + 1 && record[RecordHeader] == 1,
            Alert => !isPlain || record.Length == RecordHeader + 2,
            Handshake => !isPlain || record.Length >= RecordHeader + MessageHeader,
            Application => !isPlain && _state != State.Shaking,
            _ => false,
        };
    }

    private string Silence() => (HasHeard, _role) switch
    {
        (true, _) => "the DTLS handshake came to no end within 30 s",
        (_, DtlsRole.Client) => "the peer answered no DTLS handshake within 30 s",
        _ => "the peer began no DTLS handshake within 30 s, as its description said it would",
    };

    private void Go(Instant now)
    {
        _marks.Clear();
        Libcrypto.ForgetErrors();
        s_running = this;
        var result = Libssl.Shake(_ssl);
        s_running = null;
        var error = result > 0 ? 0 : Libssl.ErrorOf(_ssl, result);
        Collect(now);
        if (result > 0)
        {
            _state = State.Shaken;
            _flight = null;
            _certificate = PeerCertificate();
            if (_described.Count > 0) Judge(now);
        }
        else if (error != Libssl.WantRead)
        {
            Fail(now, DtlsFailure.Refused, $"the DTLS handshake was refused: {Reason()}", "compare what both sides allow: DTLS 1.2, a certificate by ECDSA or RSA, AES-GCM");
        }
    }

    /// <summary>
    /// After the handshake nothing is said but the goodbye; but the peer may not have our last flight, and says its own again: libssl then
    /// answers by itself (RFC 6347 §4.2.4).
    /// </summary>
    private void ReadOn(Instant now)
    {
        var octets = stackalloc byte[256];
        for (var i = 0; i < MostRecords; i++)
        {
            Libcrypto.ForgetErrors();
            var result = Libssl.Read(_ssl, octets, 256);
            if (result > 0) continue;
            if (Libssl.ErrorOf(_ssl, result) == Libssl.Ended && _trace.IsOn) _trace.Emit(new DtlsTrace.PeerClosed(now, _name, _path.Value));
            break;
        }

        _marks.Clear();
        Collect(now);
    }

    /// <summary>Takes what libssl wrote: a flight as often as it may have to be said, or what is said once.</summary>
    private void Collect(Instant now)
    {
        var length = (int)Libcrypto.Pending(_output);
        if (length == 0) return;
        var written = new byte[length];
        fixed (byte* to = written)
            _ = Libcrypto.Read(_output, to, length);
        var first = _marks.Count == 0 ? length : _marks[0];
        Send(written.AsSpan(0, first));
        if (first == length) return;
        _flight = new DtlsFlight([.. _marks.Select((from, i) => written[from..(i + 1 < _marks.Count ? _marks[i + 1] : length)]).Where(t => t.Length > 0)], now);
        Send(_flight.Say(now));
    }

    /// <summary>Records, as many as fit into a datagram each.</summary>
    private void Send(ReadOnlySpan<byte> records)
    {
        while (!records.IsEmpty)
        {
            var length = 0;
            while (length + RecordHeader <= records.Length)
            {
                var next = length + RecordHeader + BinaryPrimitives.ReadUInt16BigEndian(records[(length + 11)..]);
                if (next > records.Length || (length > 0 && next > MostOctets)) break;
                length = next;
            }

            if (length == 0) return;
            _transmits.Enqueue(_path, default, records[..length]);
            records = records[length..];
        }
    }

    private void Judge(Instant now)
    {
        if (_certificate is not { } certificate || !CertificateHash.Fits(_described, certificate))
        {
            Fail(
                now, DtlsFailure.WrongCertificate, "the peer's certificate is not the one that its description speaks of (a=fingerprint): somebody may stand between",
                "call again; where it stays so, ask whoever runs the servers on the way what they do to media and descriptions");
            return;
        }

        if (DtlsProfile.Of(_ssl) is not { } suite)
        {
            Fail(now, DtlsFailure.NoProfile, "DTLS agreed on no protection of SRTP", "let the peer allow SRTP_AES128_CM_SHA1_80, which every implementation has");
            return;
        }

        _certificate = null;
        _giveUpAt = null;
        _state = State.Secured;
        if (_trace.IsOn) _trace.Emit(new DtlsTrace.Secured(now, _name, _path.Value, suite.Name));
        _events.Enqueue(new DtlsEvent.Secured(Keys(suite)));
    }

    /// <summary>The keys of both sides, and behind them their salts (RFC 5764 §4.2).</summary>
    private MediaSecurity Keys(SrtpSuite suite)
    {
        var (key, salt) = (suite.KeyLength, suite.SaltLength);
        Span<byte> material = stackalloc byte[2 * (key + salt)];
        fixed (byte* to = material)
        fixed (byte* label = Label)
        {
            if (Libssl.Export(_ssl, to, (nuint)material.Length, label, (nuint)Label.Length, null, 0, 0) != 1)
                throw new InvalidOperationException("libssl exports no keys of a handshake that is over");
        }

        Span<byte> client = stackalloc byte[key + salt], server = stackalloc byte[key + salt];
        material[..key].CopyTo(client);
        material[key..(2 * key)].CopyTo(server);
        material.Slice(2 * key, salt).CopyTo(client[key..]);
        material.Slice(2 * key + salt, salt).CopyTo(server[key..]);
        var isClient = _role == DtlsRole.Client;
        var keys = new MediaSecurity(new SrtpKey(suite, isClient ? client : server), [new SrtpKey(suite, isClient ? server : client)]) { StartsAnew = true };
        CryptographicOperations.ZeroMemory(material);
        CryptographicOperations.ZeroMemory(client);
        CryptographicOperations.ZeroMemory(server);
        return keys;
    }

    private byte[]? PeerCertificate()
    {
        var certificate = Libssl.PeerCertificate(_ssl);
        if (certificate == 0) return null;
        try
        {
            var length = Libcrypto.Encode(certificate, null);
            if (length <= 0) return null;
            var der = new byte[length];
            fixed (byte* to = der)
            {
                var at = to;
                return Libcrypto.Encode(certificate, &at) == length ? der : null;
            }
        }
        finally
        {
            Libcrypto.FreeCertificate(certificate);
        }
    }

    /// <summary>What libssl calls it: "tlsv1 alert handshake failure". It is a text of the library's, of nothing that the peer wrote.</summary>
    private static string Reason()
    {
        var error = Libcrypto.TakeError();
        var text = Libcrypto.Describe(error);
        return text is null ? "no reason is given" : Encoding.ASCII.GetString(MemoryMarshal.CreateReadOnlySpanFromNullTerminated(text));
    }

    private void SayGoodbye(Instant now)
    {
        Libcrypto.ForgetErrors();
        _ = Libssl.Shutdown(_ssl);
        _marks.Clear();
        Collect(now);
    }

    private void Fail(Instant now, DtlsFailure failure, string what, string remedy)
    {
        if (_state == State.Shaken) SayGoodbye(now);
        _state = State.Over;
        _flight = null;
        if (_trace.IsOn) _trace.Emit(new DtlsTrace.Failed(now, _name, _path.Value, what));
        _events.Enqueue(new DtlsEvent.Failed(failure, new Fault(Layer.Dtls, what, remedy)));
    }
}
