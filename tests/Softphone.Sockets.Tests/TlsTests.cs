using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Softphone.Core;

namespace Softphone.Sockets.Tests;

public sealed class TlsTests : IDisposable
{
    private readonly X509Certificate2 _certificate = SelfSigned(names => names.AddDnsName("example.org"));
    private readonly EchoMachine _server = new();
    private readonly EchoMachine _client = new() { Echoes = false };
    private readonly List<Pump> _pumps = [];

    public void Dispose()
    {
        _pumps.ForEach(p => p.Dispose());
        _certificate.Dispose();
    }

    [Fact]
    [Rfc("5922", "7.2", Line = "sip T7")]
    public void Stream_ToATrustedServer_EchoesWholeAndInOrder()
    {
        var (pump, path, remote) = Connect(Trusting(_certificate, "example.org"), _certificate);
        var message = new byte[300_000];
        new SeededEntropy(6).Fill(message);
        pump.Post(() =>
        {
            _client.Send(path, remote, message.AsSpan(0, 9));
            _client.Send(path, remote, message.AsSpan(9));
        });
        Assert.True(message.AsSpan().SequenceEqual(Collect(_client, message.Length)));
        pump.Post(() => _client.Send(path, remote, [1, 2, 3]));
        Assert.Equal([1, 2, 3], Collect(_client, 3));
        Assert.Empty(_client.Failures);
    }

    [Fact]
    [Rfc("5922", "7.2", Line = "sip T7")]
    public void Server_WithAnotherName_IsRefusedAndSaidWhy()
    {
        var (pump, path, remote) = Connect(Trusting(_certificate, "example.com"), _certificate);
        pump.Post(() => _client.Send(path, remote, "secret"u8));
        var failure = _client.Failures.Next();
        Assert.Equal((remote, PathError.TlsFailed), (failure.Remote, failure.Error));
        Assert.Contains("it is for example.org, not for example.com", failure.Why!.What);
        Assert.Empty(_server.Received);
    }

    [Fact]
    [Rfc("5922", "7.2", Line = "sip T7")]
    public void Server_WithAWildcardName_IsRefused()
    {
        using var certificate = SelfSigned(names => names.AddDnsName("*.example.org"));
        var (pump, path, remote) = Connect(Trusting(certificate, "sip.example.org"), certificate);
        pump.Post(() => _client.Send(path, remote, "secret"u8));
        Assert.Equal(PathError.TlsFailed, _client.Failures.Next().Error);
        Assert.Empty(_server.Received);
    }

    [Fact]
    [Rfc("5922", "7.1", Line = "sip T7")]
    public void Server_NobodyTrusts_IsRefusedUntilItIsPinned()
    {
        var (pump, path, remote) = Connect(new TlsOptions { ServerName = (_, _) => "example.org" }, _certificate);
        pump.Post(() => _client.Send(path, remote, "secret"u8));
        var failure = _client.Failures.Next();
        Assert.Equal(PathError.TlsFailed, failure.Error);
        var pin = _certificate.GetCertHashString(HashAlgorithmName.SHA256);
        Assert.Contains(pin, failure.Why!.What, StringComparison.OrdinalIgnoreCase);

        var colons = string.Join(":", pin.Chunk(2).Select(c => new string(c))).ToLowerInvariant();
        (pump, path, remote) = Connect(new TlsOptions { ServerName = (_, _) => "other.example", Trust = _ => new TlsTrust { Pins = [colons] } }, _certificate);
        pump.Post(() => _client.Send(path, remote, "hello"u8));
        Assert.Equal("hello"u8.ToArray(), Collect(_client, 5));
    }

    [Fact]
    [Rfc("5922", "7.1", Line = "sip T7")]
    public void Server_NamedBySipUri_IsThatDomain()
    {
        using var certificate = SelfSigned(names => names.AddUri(new Uri("sip:example.net")));
        Assert.True(CertificateNames.NamesSipDomain(certificate, "EXAMPLE.net"));
        Assert.False(CertificateNames.NamesSipDomain(certificate, "ample.net"));
        Assert.False(CertificateNames.NamesSipDomain(_certificate, "example.org"));
        var (pump, path, remote) = Connect(Trusting(certificate, "example.net"), certificate);
        pump.Post(() => _client.Send(path, remote, "hello"u8));
        Assert.Equal("hello"u8.ToArray(), Collect(_client, 5));
    }

    [Theory]
    [InlineData("turn.example.org", "turn.example.org", true)]
    [InlineData("turn.example.org", "*.example.org", true)]
    [InlineData("turn.example.org", "example.org", false)]
    [InlineData("a.turn.example.org", "*.example.org", false)]
    [Rfc("8489", "6.2.3", Line = "T32")]
    public void Path_WithAServerName_IsJudgedByItAndNotByTheDomainOfSip(string wanted, string shown, bool isGood)
    {
        using var certificate = SelfSigned(names => names.AddDnsName(shown));
        var remote = Listen(_server, new PumpOptions { Tls = new TlsOptions { Certificate = certificate } });
        var pump = Start(_client, new PumpOptions { Tls = Trusting(certificate, "sip.example.org") });
        var path = pump.On(() => pump.TryOpen(Transport.Tls, IpAddress.LoopbackV4, 0, out var opened, out _, out _, wanted) ? opened : default);
        pump.Post(() => _client.Send(path, remote, "hello"u8));
        if (isGood) Assert.Equal("hello"u8.ToArray(), Collect(_client, 5));
        else Assert.Equal(PathError.TlsFailed, _client.Failures.Next().Error);
    }

    [Fact]
    public void Server_ThatSpeaksNoTls_FailsTheHandshake()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var remote = listener.LocalEndpoint.ToAddress();
        var pump = Start(_client, new PumpOptions { Tls = Trusting(_certificate, "example.org") });
        var path = pump.On(() => pump.TryOpen(Transport.Tls, IpAddress.LoopbackV4, 0, out var opened, out _, out _) ? opened : default);
        pump.Post(() => _client.Send(path, remote, "secret"u8));
        using var peer = listener.AcceptTcpClient();
        peer.GetStream().Write("SIP/2.0 400 Bad Request\r\n\r\n"u8);
        Assert.Equal(PathError.TlsFailed, _client.Failures.Next().Error);
    }

    [Fact]
    public void Server_ThatNeverAnswersTheHello_TimesOut()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var remote = listener.LocalEndpoint.ToAddress();
        var pump = Start(_client, new PumpOptions { ConnectTimeout = TimeSpan.FromMilliseconds(300) });
        var path = pump.On(() => pump.TryOpen(Transport.Tls, IpAddress.LoopbackV4, 0, out var opened, out _, out _) ? opened : default);
        pump.Post(() => _client.Send(path, remote, "secret"u8));
        Assert.Equal(PathError.TimedOut, _client.Failures.Next().Error);
    }

    [Fact]
    public void Disconnect_BeforeTheHandshakeIsDone_StillSendsWhatWaits()
    {
        var (pump, path, remote) = Connect(Trusting(_certificate, "example.org"), _certificate);
        pump.Post(() => _client.Send(path, remote, "BYE"u8));
        pump.Post(() => pump.Disconnect(path, remote));
        Assert.Equal("BYE"u8.ToArray(), Collect(_server, 3));
        Assert.Equal(PathError.Closed, _server.Failures.Next().Error);
        Assert.Empty(_client.Failures);
    }

    [Fact]
    public void Listening_WithoutACertificate_IsRefused()
    {
        using var pump = new Pump();
        Assert.False(pump.TryOpen(Transport.Tls, IpAddress.LoopbackV4, 5061, out _, out _, out var error));
        Assert.Equal(PathError.TlsFailed, error);
    }

    [Fact]
    public void Crash_InAMachineBehindTls_EndsThePump()
    {
        var crashed = new BlockingCollection<Exception>();
        var listening = Listen(new EchoMachine(), new PumpOptions { Tls = new TlsOptions { Certificate = _certificate } });
        var pump = new Pump(new PumpOptions { Tls = Trusting(_certificate, "example.org"), Crashed = crashed.Add });
        _pumps.Add(pump);
        Assert.True(pump.TryOpen(Transport.Tls, IpAddress.LoopbackV4, 0, out var path, out _, out _));
        pump.Start(_client, _ =>
        {
            if (_client.Count > 0) throw new InvalidOperationException("bug");
        });
        pump.Post(() => _client.Send(path, listening, [1]));
        Assert.Equal("bug", crashed.Next().Message);
    }

    private static X509Certificate2 SelfSigned(Action<SubjectAlternativeNameBuilder> name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=example.org", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        name(names);
        request.CertificateExtensions.Add(names.Build());
        return request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
    }

    private static byte[] Collect(EchoMachine machine, int length)
    {
        var all = new List<byte>();
        while (all.Count < length) all.AddRange(machine.Received.Next().Payload);
        return [.. all];
    }

    private static TlsOptions Trusting(X509Certificate2 root, string name) =>
        new() { Trust = _ => new TlsTrust { UsesSystem = false, Roots = [root] }, ServerName = (_, _) => name };

    private Pump Start(EchoMachine machine, PumpOptions options)
    {
        var pump = new Pump(options);
        _pumps.Add(pump);
        pump.Start(machine);
        return pump;
    }

    private Address Listen(EchoMachine machine, PumpOptions options)
    {
        var pump = Start(machine, options);
        for (var i = 0; i < 20; i++)
        {
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
            var port = socket.LocalEndPoint.ToAddress().Port;
            socket.Dispose();
            var bound = pump.On(() => pump.TryOpen(Transport.Tls, IpAddress.LoopbackV4, port, out _, out var address, out _) ? address : default);
            if (bound.IsValid) return bound;
        }

        throw new InvalidOperationException("no free port");
    }

    private (Pump Pump, PathId Path, Address Remote) Connect(TlsOptions client, X509Certificate2 server)
    {
        var remote = Listen(_server, new PumpOptions { Tls = new TlsOptions { Certificate = server } });
        var pump = Start(_client, new PumpOptions { Tls = client });
        var path = pump.On(() => pump.TryOpen(Transport.Tls, IpAddress.LoopbackV4, 0, out var opened, out _, out _) ? opened : default);
        return (pump, path, remote);
    }
}
