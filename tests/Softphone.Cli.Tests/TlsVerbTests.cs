using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Softphone.Core;
using Softphone.Lab;
using Softphone.Sockets;

namespace Softphone.Cli.Tests;

/// <summary>Verbs over TLS with the lab's servers on loopback and the certificate that lab serve makes: what is refused and what the profile's tls section accepts.</summary>
public sealed class TlsVerbTests : IDisposable
{
    private readonly Bench _bench = new();
    private readonly string _folder = Directory.CreateTempSubdirectory("softphone-tls-").FullName;
    private readonly X509Certificate2 _certificate;
    private readonly Pump _pump;
    private readonly ServeSetup _setup;

    public TlsVerbTests()
    {
        _certificate = ServeCertificate.Keep(Path.Combine(_folder, "certificates"), IPAddress.Loopback, "lab.test", out var notKept);
        Assert.Null(notKept);
        for (var tries = 0; ; tries++)
        {
            var port = Random.Shared.Next(20_000, 32_000);
            var options = new ServeOptions
            {
                Domain = "lab.test",
                SipPort = (ushort)port,
                SipsPort = (ushort)(port + 1),
                StunPort = (ushort)(port + 2),
                AlternatePort = (ushort)(port + 3),
                TurnsPort = (ushort)(port + 4),
            };
            _setup = new ServeSetup(options, new Dictionary<string, string> { ["alice"] = "secret" });
            _pump = new Pump(PumpOptions.Default with { Tls = new TlsOptions { Certificate = _certificate } });
            var server = new LabServer(_setup.Sip, _setup.Stun, _setup.Turn, _pump, new SystemEntropy());
            if (server.TryStart(out var failed, out var error))
            {
                _pump.Start(server);
                break;
            }

            _pump.Dispose();
            Assert.True(tries < 20, $"no ports for {failed}: {error}");
        }
    }

    private string Fingerprint => _certificate.GetCertHashString(HashAlgorithmName.SHA256).ToLowerInvariant();

    public void Dispose()
    {
        _pump.Dispose();
        _certificate.Dispose();
        _bench.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Register_AtAServerNobodyVouchesFor_SaysWhyInBothOutputsAndEndsWith7()
    {
        Assert.Equal(7, await RegisterAsync(""));
        var said = _bench.Error.ToString();
        Assert.Contains("it is signed by itself", said, StringComparison.Ordinal);
        Assert.Contains($"tls: {{fingerprint: \"sha256:{Fingerprint}\"}}", said, StringComparison.Ordinal);
        var failed = Events().Last(e => e.GetProperty("ev").GetString() == "registration" && e.GetProperty("state").GetString() == "failed");
        Assert.Contains("it is signed by itself", failed.GetProperty("reason").GetString(), StringComparison.Ordinal);
        Assert.Contains(Fingerprint, failed.GetProperty("reason").GetString(), StringComparison.Ordinal);
        Assert.DoesNotContain("Service Unavailable", _bench.Out.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Register_WithTheLineOfTheRefusal_Registers() => Assert.Equal(0, await RegisterAsync($"tls: {{fingerprint: \"sha256:{Fingerprint}\"}}\n"));

    [Theory]
    [InlineData(64)]
    [InlineData(1)]
    public async Task Register_WithAnotherFingerprint_IsRefused(int digitsOff)
    {
        var other = Fingerprint[..^digitsOff] + string.Concat(Fingerprint[^digitsOff..].Select(d => d == '0' ? '1' : '0'));
        Assert.Equal(7, await RegisterAsync($"tls: {{fingerprint: \"{other}\"}}\n"));
        Assert.Contains("is not the one that tls.fingerprint names", _bench.Error.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("office.pem")]
    [InlineData("office.der")]
    public async Task Register_WithTheIssuersFile_Registers(string name)
    {
        Directory.CreateDirectory(_bench.ProfileFolder);
        var file = Path.Combine(_bench.ProfileFolder, name);
        if (name.EndsWith("der", StringComparison.Ordinal)) File.WriteAllBytes(file, _certificate.Export(X509ContentType.Cert));
        else File.WriteAllText(file, _certificate.ExportCertificatePem());
        Assert.Equal(0, await RegisterAsync($"tls: {{ca: {name}}}\n"));
    }

    [Theory]
    [InlineData("none.pem", null, "cannot be read")]
    [InlineData("empty.pem", "", "holds no certificate")]
    [InlineData("words.pem", "these are words", "holds no certificate")]
    [InlineData("broken.pem", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", "holds no certificate")]
    public async Task Register_WithAnIssuersFileThatIsNone_EndsWith2AndNamesIt(string name, string? text, string said)
    {
        Directory.CreateDirectory(_bench.ProfileFolder);
        if (text is not null) File.WriteAllText(Path.Combine(_bench.ProfileFolder, name), text);
        Assert.Equal(2, await RegisterAsync($"tls: {{ca: {name}}}\n"));
        Assert.Contains($"{Path.Combine(_bench.ProfileFolder, name)} {said}", _bench.Error.ToString(), StringComparison.Ordinal);
        Assert.Equal(2, await _bench.RunAsync("profile", "check", "lab"));
        Assert.Contains(said, _bench.Error.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true, 0)]
    [InlineData(false, 8)]
    public async Task TurnTest_OverTls_GoesByTheSameSection(bool isPinned, int code)
    {
        var turn = $"nat: {{turn: [{{urls: [\"turns:127.0.0.1:{_setup.Turn.TlsPort}\"], user: alice, password: secret}}]}}\n";
        AddProfile((isPinned ? $"tls: {{fingerprint: \"{Fingerprint}\"}}\n" : "") + turn);
        Assert.Equal(code, await RunAsync("turn", "test", "--profile", "lab", "--for", "100ms", "--json"));
        var result = Assert.Single(Events());
        Assert.Equal(isPinned, result.GetProperty("ok").GetBoolean());
        if (isPinned) return;
        Assert.Contains("it is signed by itself", result.GetProperty("reason").GetString(), StringComparison.Ordinal);
        Assert.Contains($"tls: {{fingerprint: \"sha256:{Fingerprint}\"}}", result.GetProperty("reason").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Certificate_IsKeptForItsOwnerAlone_AndIsTheSameAtTheNextStart()
    {
        var folder = Path.Combine(_folder, "certificates");
        using var again = ServeCertificate.Keep(folder, IPAddress.Loopback, "lab.test", out _);
        Assert.Equal(_certificate.Thumbprint, again.Thumbprint);
        using var other = ServeCertificate.Keep(folder, IPAddress.Parse("127.0.0.9"), "lab.test", out _);
        Assert.NotEqual(_certificate.Thumbprint, other.Thumbprint);
        if (OperatingSystem.IsWindows()) return;
        foreach (var file in Directory.GetFiles(folder)) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
    }

    [Theory]
    [InlineData("no certificate at all")]
    [InlineData("")]
    public void Certificate_Spoilt_GivesWayToAnother(string text)
    {
        var folder = Path.Combine(_folder, "certificates");
        File.WriteAllText(Assert.Single(Directory.GetFiles(folder)), text);
        using var another = ServeCertificate.Keep(folder, IPAddress.Loopback, "lab.test", out var notKept);
        Assert.Null(notKept);
        Assert.NotEqual(_certificate.Thumbprint, another.Thumbprint);
    }

    [Fact]
    public void Certificate_ThatCannotBeKept_ServesAndIsTold()
    {
        File.WriteAllText(Path.Combine(_folder, "taken"), "");
        using var made = ServeCertificate.Keep(Path.Combine(_folder, "taken", "certificates"), IPAddress.Loopback, "lab.test", out var notKept);
        Assert.True(made.HasPrivateKey);
        Assert.Contains("cannot be kept", notKept, StringComparison.Ordinal);
    }

    private void AddProfile(string more) =>
        _bench.AddProfile("lab", $"account:\n  uri: sip:alice@lab.test\n  password: secret\n  registrar: \"sip:127.0.0.1:{_setup.Sip.TlsPort};transport=tls\"\n{more}");

    private async Task<int> RegisterAsync(string more)
    {
        AddProfile(more);
        return await RunAsync("register", "--profile", "lab", "--once", "--json");
    }

    private async Task<int> RunAsync(params string[] args) =>
        (int)await CommandLine.RunAsync(args, new VerbHandlers { Register = new RegisterVerb(), TurnTest = new TurnTestVerb() }, _bench.Context);

    private IEnumerable<JsonElement> Events() => _bench.Out.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement);
}
