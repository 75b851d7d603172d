using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace Softphone.Sockets;

/// <summary>
/// A TCP connection with TLS on it. What is sent before the handshake is done waits in plain; nothing of it leaves until the server
/// has shown that it is who was meant.
/// </summary>
internal sealed class TlsConnection : TcpConnection
{
    private readonly Pump _pump;
    private readonly PumpOptions _options;
    private readonly string? _serverName;
    private readonly CertificateJudge? _judge;
    private readonly TlsTrust _trust;
    private readonly OctetQueue _plain;
    private readonly byte[] _received = new byte[16_384];
    private readonly CipherStream _cipher;
    private readonly SslStream _tls;
    private bool _isEstablished;
    private bool _finishes;

    /// <param name="pump">Whose thread it runs on.</param>
    /// <param name="stack">The path's stack.</param>
    /// <param name="path">The path.</param>
    /// <param name="socket">The TCP connection.</param>
    /// <param name="remote">The other end.</param>
    /// <param name="options">Trust, own certificate, time limits.</param>
    /// <param name="isConnected">False while the TCP connection comes about.</param>
    /// <param name="serverName">The name that the server's certificate must show; null when we are the server.</param>
    /// <param name="allowsWildcard">A wildcard may stand for its leftmost label.</param>
    public TlsConnection(Pump pump, TcpStack stack, PathId path, Socket socket, Address remote, PumpOptions options, bool isConnected, string? serverName, bool allowsWildcard)
        : base(pump, stack, path, socket, remote, options, isConnected, isGuest: serverName is null)
    {
        _pump = pump;
        _options = options;
        _plain = new OctetQueue(options.StreamQueueBound);
        _serverName = serverName;
        _trust = options.Tls.Trust(path);
        _judge = serverName is null ? null : new CertificateJudge(_trust, serverName, allowsWildcard);
        _cipher = new CipherStream(WriteCipher);
        _tls = new SslStream(_cipher, leaveInnerStreamOpen: true);
    }

    /// <summary>Of a handshake it is the server's certificate that is too long to pass.</summary>
    public override bool IsStuck => base.IsStuck || (IsOpen && !_isEstablished);

    public override void Send(ReadOnlySpan<byte> payload)
    {
        if (IsClosed) return;
        NoteUse(isAnswer: true);
        if (_isEstablished) Encrypt(payload);
        else if (!_plain.TryAppend(payload)) Drop(PathError.Closed);
    }

    public override void Finish()
    {
        if (IsClosed) return;
        if (_isEstablished || _plain.IsEmpty)
        {
            if (_isEstablished) SayGoodbye();
            base.Finish();
            return;
        }

        _finishes = true;
        _pump.SetDeadline(this, _options.FlushTimeout);
    }

    public override void Dispose()
    {
        if (IsClosed) return;
        base.Dispose();
        _cipher.End();
        _tls.Dispose();
    }

    protected override void OnConnected()
    {
        // The handshake has as long as the connection had.
        _pump.SetDeadline(this, _options.ConnectTimeout);
        _ = RunAsync();
    }

    protected override void OnOctets(ReadOnlySpan<byte> octets)
    {
        if (!_cipher.Feed(octets)) Drop(PathError.TlsFailed);
    }

    // What came before the end may still have to be deciphered: the reading loop drops the connection when it is through.
    protected override void OnEnd(PathError error) => _cipher.End();

    // Every continuation of this method runs on the pump thread: reads complete within Feed, and what is not completed there comes
    // back through the pump's synchronization context.
    private async Task RunAsync()
    {
        try
        {
            await TalkAsync();
        }
        catch (Exception e)
        {
            // A bug of ours, or of the machine that was told of the end: nobody waits for this task, and it must not be lost with it.
            _pump.Abort(e);
        }
    }

    private async Task TalkAsync()
    {
        try
        {
            if (_judge is null) await _tls.AuthenticateAsServerAsync(ServerOptions());
            else await _tls.AuthenticateAsClientAsync(ClientOptions(_judge));
        }
        catch (Exception e)
        {
            // Whatever the system's code stumbles over in what a peer sent is the end of this connection and of nothing else.
            Refuse(e);
            return;
        }

        Establish();
        while (!IsClosed)
        {
            var length = await ReadAsync();
            if (IsClosed) return;
            if (length == 0)
            {
                Drop(PathError.Closed);
                return;
            }

            Deliver(_received.AsSpan(0, length));
        }
    }

    private async ValueTask<int> ReadAsync()
    {
        try
        {
            return await _tls.ReadAsync(_received);
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or AuthenticationException)
        {
            return 0;
        }
    }

    private void Establish()
    {
        if (IsClosed) return;
        _isEstablished = true;
        if (!_finishes)
        {
            _pump.CancelDeadline(this);
            ExpectOctets();
        }

        while (!_plain.IsEmpty && !IsClosed)
        {
            var length = _plain.Head.Length;
            Encrypt(_plain.Head);
            _plain.Skip(length);
        }

        if (!_finishes || IsClosed) return;
        SayGoodbye();
        base.Finish();
    }

    private void Encrypt(ReadOnlySpan<byte> payload)
    {
        try
        {
            _tls.Write(payload);
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or InvalidOperationException)
        {
            Drop(PathError.Closed);
        }
    }

    /// <summary>close_notify, without which the peer would have to take the end for an attack (RFC 8446 §6.1).</summary>
    private void SayGoodbye()
    {
        try
        {
            _tls.ShutdownAsync().GetAwaiter().GetResult();
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or InvalidOperationException)
        {
            // The connection ends either way.
        }
    }

    private void WriteCipher(ReadOnlySpan<byte> octets)
    {
        if (_pump.IsPumpThread)
        {
            Write(octets);
            return;
        }

        var copy = octets.ToArray();
        _pump.Post(() => Write(copy));
    }

    private void Refuse(Exception e)
    {
        if (IsClosed) return;
        var objection = _judge?.Objection ?? new Objection(e.InnerException?.Message ?? e.Message, "check that this port of the server speaks TLS, 1.2 or later");
        Drop(PathError.TlsFailed, new Fault(Layer.Tls, $"no TLS with {Remote}: {objection.What}", objection.Remedy));
    }

    private SslClientAuthenticationOptions ClientOptions(CertificateJudge judge) => new()
    {
        TargetHost = _serverName,
        EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
        RemoteCertificateValidationCallback = (_, shown, chain, errors) => judge.Accepts(shown as X509Certificate2, chain, errors),
        ClientCertificates = _options.Tls.Certificate is { } own ? [own] : null,
        CertificateChainPolicy = CertificateJudge.PolicyOf(_trust.UsesSystem ? null : _trust.Roots),
    };

    private SslServerAuthenticationOptions ServerOptions() => new()
    {
        ServerCertificate = _options.Tls.Certificate,
        EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
        ClientCertificateRequired = false,
    };
}
