using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using Softphone.Core;

namespace Softphone.Sockets.Tests;

/// <summary>Which certificates are believed under which trust, and what is said of the others.</summary>
public sealed class TlsTrustTests : IDisposable
{
    private const string Server = "pbx.example.org";

    private readonly MadeCertificates _office = new();
    private EchoMachine _client = new() { Echoes = false };
    private readonly List<Pump> _pumps = [];

    public void Dispose()
    {
        _pumps.ForEach(p => p.Dispose());
        _office.Dispose();
    }

    [Fact]
    public void Issuer_Unknown_IsNamedWithFingerprintAndTheLineThatAccepts()
    {
        var shown = _office.Issue(Server);
        var why = Refused(shown, TlsTrust.OfSystem);
        Assert.Contains("its issuer \"Office CA\" is unknown here", why.What, StringComparison.Ordinal);
        Assert.Contains(MadeCertificates.FingerprintOf(shown), why.What, StringComparison.Ordinal);
        Assert.Contains($"tls: {{fingerprint: \"sha256:{MadeCertificates.FingerprintOf(shown)}\"}}", why.Remedy, StringComparison.Ordinal);
        Assert.Contains("tls.ca", why.Remedy, StringComparison.Ordinal);
        Assert.Equal(Layer.Tls, why.Layer);
        Assert.DoesNotContain("expired", why.What, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("other.example.org")]
    [InlineData("example.org")]
    [InlineData("pbx.example.org.evil.test")]
    public void Name_OfAnother_IsToldWithTheNamesThatItHas(string named)
    {
        var why = Refused(_office.Issue(named), Of(_office.Root));
        Assert.Contains($"it is for {named}, not for {Server}", why.What, StringComparison.Ordinal);
        Assert.DoesNotContain("issuer", why.What, StringComparison.Ordinal);
    }

    [Fact]
    public void Name_Wildcard_IsRefusedForASipDomain() => Assert.Contains("it is for *.example.org", Refused(_office.Issue("*.example.org"), Of(_office.Root)).What, StringComparison.Ordinal);

    [Theory]
    [InlineData(-400, -35, "it expired on ")]
    [InlineData(-3, -1, "it expired on ")]
    [InlineData(2, 30, "it is not valid before ")]
    [InlineData(300, 600, "it is not valid before ")]
    public void Date_NotWithin_IsToldWithTheDay(int from, int to, string said)
    {
        var shown = _office.Issue(Server, from, to);
        var why = Refused(shown, Of(_office.Root));
        var day = (from > 0 ? shown.NotBefore : shown.NotAfter).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        Assert.Contains(said + day, why.What, StringComparison.Ordinal);
        Assert.Contains("check this machine's date", why.Remedy, StringComparison.Ordinal);
        Assert.DoesNotContain("unknown", why.What, StringComparison.Ordinal);
    }

    [Fact]
    public void SelfSigned_WithAnotherNameAndExpired_IsToldAllOfIt()
    {
        var why = Refused(_office.SelfSigned("old.example", -90, -60), TlsTrust.OfSystem);
        foreach (var said in (string[])["it is signed by itself", "it expired on ", "it is for old.example, not for pbx.example.org"]) Assert.Contains(said, why.What, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("self-signed")]
    [InlineData("wrong name")]
    [InlineData("expired")]
    [InlineData("not yet valid")]
    [InlineData("unknown issuer")]
    public void Pin_OfTheCertificateShown_AcceptsItWhateverIsWrong(string what)
    {
        var shown = what switch
        {
            "self-signed" => _office.SelfSigned(Server),
            "wrong name" => _office.Issue("other.example"),
            "expired" => _office.Issue(Server, -90, -60),
            "not yet valid" => _office.Issue(Server, 60, 90),
            _ => _office.Issue(Server),
        };
        Accepted(shown, Pinned(MadeCertificates.FingerprintOf(shown)));
        Accepted(shown, Pinned(new string('0', 64), MadeCertificates.FingerprintOf(shown).ToUpperInvariant()));
    }

    [Theory]
    [InlineData("another")]
    [InlineData("issuer")]
    [InlineData("start")]
    public void Pin_OfAnotherCertificate_RefusesEvenAGoodOne(string pinned)
    {
        var shown = _office.Issue(Server);
        var own = MadeCertificates.FingerprintOf(shown);
        var why = Refused(shown, Pinned(pinned switch
        {
            "another" => MadeCertificates.FingerprintOf(_office.Issue(Server)),
            "issuer" => MadeCertificates.FingerprintOf(_office.Root),
            _ => own[..32] + new string('0', 32),
        }));
        Assert.Contains("not the one that tls.fingerprint names", why.What, StringComparison.Ordinal);
        Assert.Contains(own, why.What, StringComparison.Ordinal);
    }

    [Fact]
    public void Roots_OfTheProfile_StandInPlaceOfThoseOfTheSystemOrBesideThem()
    {
        var shown = _office.Issue(Server);
        Accepted(shown, Of(_office.Root));
        Accepted(shown, Of(_office.Root) with { UsesSystem = true });
        using var others = new MadeCertificates("Other CA");
        Assert.Contains("unknown here", Refused(shown, Of(others.Root)).What, StringComparison.Ordinal);
        Assert.Contains("unknown here", Refused(shown, Of(others.Root) with { UsesSystem = true }).What, StringComparison.Ordinal);
        Accepted(shown, new TlsTrust { UsesSystem = false, Roots = [others.Root, _office.Root] });

        // Of the same name and not the same key.
        using var impostor = new MadeCertificates();
        Refused(impostor.Issue(Server), Of(_office.Root));
        Refused(impostor.Issue(Server), Of(_office.Root) with { UsesSystem = true });
    }

    [Fact]
    public void Roots_BesideAPin_EitherIsEnough()
    {
        var (signed, pinned) = (_office.Issue(Server), _office.SelfSigned("other.example"));
        var trust = Of(_office.Root) with { Pins = [MadeCertificates.FingerprintOf(pinned)] };
        Accepted(signed, trust);
        Accepted(pinned, trust);
        Refused(_office.SelfSigned(Server), trust);
    }

    [Fact]
    public void Trust_IsThatOfThePath()
    {
        var shown = _office.Issue(Server);
        var remote = Listen(shown);
        PathId believing = default;
        var pump = Start(_client, new TlsOptions { ServerName = (_, _) => Server, Trust = p => p == believing ? Of(_office.Root) : TlsTrust.OfSystem });
        PathId Open() => pump.On(() => pump.TryOpen(Transport.Tls, IpAddress.LoopbackV4, 0, out var opened, out _, out _) ? opened : default);
        believing = Open();
        var other = Open();
        pump.Post(() => _client.Send(other, remote, "a"u8));
        Assert.Equal((other, PathError.TlsFailed), _client.Failures.Next() is var f ? (f.Path, f.Error) : default);
        pump.Post(() => _client.Send(believing, remote, "b"u8));
        Assert.Equal("b"u8.ToArray(), _client.Received.Next().Payload);
    }

    [Fact]
    public void Names_OddAndMany_AreToldShortAndPlain()
    {
        var names = new SubjectAlternativeNameBuilder();
        for (var i = 0; i < 50; i++) names.AddDnsName($"host{i}.example");
        using var key = System.Security.Cryptography.ECDsa.Create();
        var request = new CertificateRequest("CN=x", key, System.Security.Cryptography.HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(names.Build());
        using var many = request.CreateSelfSigned(DateTimeOffset.UtcNow, DateTimeOffset.UtcNow.AddDays(1));
        Assert.Equal("host0.example, host1.example, host2.example, host3.example and 46 more", CertificateNames.InWords(many));
        Assert.Equal("a?]0;b?c", CertificateNames.Plain("a\u001b]0;b\u202ec"));
        Assert.InRange(CertificateNames.Plain(new string('x', 10_000)).Length, 10, 100);
    }

    private static TlsTrust Of(X509Certificate2 root) => new() { UsesSystem = false, Roots = [root] };

    private static TlsTrust Pinned(params string[] pins) => new() { UsesSystem = false, Pins = pins };

    private Fault Refused(X509Certificate2 shown, TlsTrust trust)
    {
        Send(shown, trust);
        var failure = _client.Failures.Next();
        Assert.Equal(PathError.TlsFailed, failure.Error);
        Assert.Empty(_client.Received);
        return failure.Why!;
    }

    private void Accepted(X509Certificate2 shown, TlsTrust trust)
    {
        Send(shown, trust);
        Assert.Equal("hello"u8.ToArray(), _client.Received.Next().Payload);
        Assert.Empty(_client.Failures);
    }

    private void Send(X509Certificate2 shown, TlsTrust trust)
    {
        _client = new EchoMachine { Echoes = false };
        var remote = Listen(shown);
        var pump = Start(_client, new TlsOptions { ServerName = (_, _) => Server, Trust = _ => trust });
        pump.Post(() =>
        {
            if (pump.TryOpen(Transport.Tls, IpAddress.LoopbackV4, 0, out var path, out _, out _)) _client.Send(path, remote, "hello"u8);
        });
    }

    private Pump Start(EchoMachine machine, TlsOptions tls)
    {
        var pump = new Pump(new PumpOptions { Tls = tls });
        _pumps.Add(pump);
        pump.Start(machine);
        return pump;
    }

    private Address Listen(X509Certificate2 certificate)
    {
        var pump = Start(new EchoMachine(), new TlsOptions { Certificate = certificate });
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
}
