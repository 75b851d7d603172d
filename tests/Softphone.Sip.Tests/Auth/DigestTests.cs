using Softphone.Core;

namespace Softphone.Sip.Tests;

public sealed class DigestTests
{
    private const string Fresh = "Digest realm=\"atlanta\", nonce=\"n1\", qop=\"auth\", opaque=\"o\\\"1\"";

    [Theory]
    [InlineData(0, "7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ", "auth", "8ca523f5e9506fed4657c9700eebdbec")]
    [InlineData(2, "7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ", "auth", "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1")]
    [Rfc("7616", "3.9.1", Line = "sip A3")]
    public void Response_ExampleOfRfc7616_IsReproduced(int algorithm, string nonce, string cnonce, string qop, string expected)
    {
        var kind = (DigestAlgorithm)algorithm;
        var secret = DigestHash.Secret(kind, "Mufasa", "http-auth@example.org", "Circle of Life");
        Assert.Equal(expected, DigestHash.Response(kind, secret, nonce, "00000001", cnonce, qop, "GET", "/dir/index.html", default));
    }

    [Fact]
    [Rfc("2617", "3.5", Line = "sip A3")]
    public void Response_ExampleOfRfc2617_IsReproduced()
    {
        var secret = DigestHash.Secret(DigestAlgorithm.Md5, "Mufasa", "testrealm@host.com", "Circle Of Life");
        Assert.Equal(
            "6629fae49393a05397450978507c4ef1",
            DigestHash.Response(DigestAlgorithm.Md5, secret, "dcd98b7102dd2f0e8b11d0f600bfb0c093", "00000001", "0a4f113b", "auth", "GET", "/dir/index.html", default));
    }

    [Fact]
    [Rfc("2069", "2.4", Line = "sip A4")]
    public void Response_ExampleOfRfc2069_IsReproduced()
    {
        // The erratum to RFC 2069 (id 749) gives this value for its example.
        var secret = DigestHash.Secret(DigestAlgorithm.Md5, "Mufasa", "testrealm@host.com", "CircleOfLife");
        Assert.Equal(
            "1949323746fe6a43ef61f9606e7febea",
            DigestHash.Response(DigestAlgorithm.Md5, secret, "dcd98b7102dd2f0e8b11d0f600bfb0c093", "", "", null, "GET", "/dir/index.html", default));
    }

    /// <summary>Values computed apart from this code, since no RFC gives an example.</summary>
    [Theory]
    [InlineData(1, "auth", "e4e4ea61d186d07a92c9e1f6919902e9")]
    [InlineData(1, null, "fff17611bcbbf00c9116a2c922dea8e1")]
    [InlineData(0, "auth-int", "77226bb823dc077c1ad3537415667bae")]
    [InlineData(3, "auth", "5da59c9ca40954be9d5063a15a174066c8251be2c10cf47c144c366dc7daf792")]
    [InlineData(3, null, "2ceb74b5bf787a27f00a80b94f397228de1a9bab1c3c56b7c6f984cf9f3ffdf7")]
    [InlineData(2, "auth-int", "554a9ffe79ce71c3cb6c9630deddd2787d8033f895e5cdef6a73c8e84ed4c979")]
    [Rfc("7616", "3.4.2", Line = "sip A3, A9")]
    public void Response_SessionAndIntegrity_AreReproduced(int algorithm, string? qop, string expected)
    {
        var kind = (DigestAlgorithm)algorithm;
        var secret = DigestHash.Secret(kind, "bob", "biloxi.com", "zanzibar");
        Assert.Equal(
            expected,
            DigestHash.Response(kind, secret, "dcd98b7102dd2f0e8b11d0f600bfb0c093", "00000001", "0a4f113b", qop, "INVITE", "sip:bob@biloxi.com", "v=0\r\n"u8));
    }

    [Fact]
    [Rfc("8760", "2.4", Line = "sip A2")]
    public void Challenges_UnknownSchemeAndAlgorithm_AreSkipped()
    {
        var response = Unauthorized(
            "Basic realm=\"x\"",
            "Digest realm=\"a\", nonce=\"1\", algorithm=SHA-512-256",
            "Digest realm=\"a\", nonce=\"2\", nonce=\"x\", algorithm=SHA-256, qop=\"auth-int, auth\"",
            "digest Realm=a,nonce=\"3, 4\" , stale=TRUE,algorithm=md5",
            "Digest realm=\"a\"",
            "Digest realm=\"a\", nonce=\"5\", qop=\"future\"",
            "NTLM, Digest realm=\"b\", nonce=\"6\", Digest realm=\"c\", nonce=\"7\"",
            "Digest realm=\"open");
        var all = DigestChallenge.Parse(response);
        Assert.Equal(["2", "3, 4", "6", "7"], all.Select(challenge => challenge.Nonce));
        Assert.Equal((DigestAlgorithm.Sha256, "auth", false), (all[0].Algorithm, all[0].Qop, all[0].IsStale));
        Assert.Equal((DigestAlgorithm.Md5, null, true), (all[1].Algorithm, all[1].Qop, all[1].IsStale));
    }

    [Theory]
    [InlineData(401, "WWW-Authenticate", "Authorization")]
    [InlineData(407, "Proxy-Authenticate", "Proxy-Authorization")]
    [Rfc("3261", "22.2", Line = "sip A1")]
    public void Authorize_AfterChallenge_AnswersInTheRightHeader(int status, string challenge, string answer)
    {
        var client = Client();
        Assert.Null(client.Challenge(Response(status, (challenge, Fresh)), Request()));
        var request = Request();
        client.Authorize(request);
        var value = Assert.Single(request.Headers.GetAll(answer));
        Assert.StartsWith("Digest username=\"bob\",realm=\"atlanta\",nonce=\"n1\",uri=\"sip:example.com\",response=\"", value, StringComparison.Ordinal);
        Assert.Contains(",algorithm=MD5,opaque=\"o\\\"1\",qop=auth,nc=00000001,cnonce=\"", value, StringComparison.Ordinal);
        Assert.Equal(1, request.Headers.Count(header => header.Name.EndsWith("Authorization", StringComparison.Ordinal)));
    }

    [Fact]
    [Rfc("7616", "3.4", Line = "sip A4")]
    public void Authorize_Again_CountsUpPerNonceAndKeepsCnonce()
    {
        var client = Client();
        client.Challenge(Unauthorized(Fresh), Request());
        var first = Authorized(client);
        var second = Authorized(client);
        Assert.Equal("00000001", Field(first, "nc"));
        Assert.Equal("00000002", Field(second, "nc"));
        Assert.True(Field(first, "cnonce")!.Length >= 11);
        Assert.NotEqual(Field(first, "response"), Field(second, "response"));
        client.Challenge(Unauthorized(Fresh.Replace("n1", "n2", StringComparison.Ordinal) + ", stale=true"), second);
        Assert.Equal(("00000001", "n2"), (Field(Authorized(client), "nc"), Field(Authorized(client), "nonce")));
    }

    [Fact]
    [Rfc("7616", "3.4", Line = "sip A4")]
    public void Authorize_WithoutQop_UsesTheFormOfRfc2069()
    {
        var client = Client();
        client.Challenge(Unauthorized("Digest realm=\"atlanta\", nonce=\"n1\""), Request());
        var value = Authorized(client).Headers.Get("Authorization")!;
        Assert.DoesNotContain("cnonce", value, StringComparison.Ordinal);
        Assert.DoesNotContain("nc=", value, StringComparison.Ordinal);
        Assert.DoesNotContain("qop", value, StringComparison.Ordinal);
    }

    [Fact]
    [Rfc("8760", "2.4", Line = "sip A2")]
    public void Challenge_SeveralAlgorithms_TopmostSupportedIsAnswered()
    {
        var client = Client();
        client.Challenge(
            Unauthorized("Digest realm=\"atlanta\", nonce=\"0\", algorithm=SHA-512-256", "Digest realm=\"atlanta\", nonce=\"1\", algorithm=SHA-256", "Digest realm=\"atlanta\", nonce=\"2\""),
            Request());
        Assert.Contains("nonce=\"1\"", Assert.Single(Authorized(client).Headers.GetAll("Authorization")), StringComparison.Ordinal);
    }

    [Fact]
    [Rfc("7616", "3.5", Line = "sip A5")]
    public void Challenge_SameNonceTwice_IsAFault()
    {
        var client = Client();
        Assert.Null(client.Challenge(Unauthorized(Fresh), Request()));
        var fault = client.Challenge(Unauthorized(Fresh), Authorized(client));
        Assert.Equal(Layer.Authentication, fault?.Layer);
        Assert.Contains("atlanta", fault!.What, StringComparison.Ordinal);
        Assert.Contains("bob", fault.What, StringComparison.Ordinal);
        Assert.DoesNotContain("zanzibar", fault.ToString(), StringComparison.Ordinal);
        Assert.False(Authorized(client).Headers.Has("Authorization"));
    }

    [Theory]
    [InlineData(false, 3)]
    [InlineData(true, 5)]
    [Rfc("7616", "3.5", Line = "sip A5")]
    public void Challenge_EverNewNonce_EndsInAFault(bool stale, int challenges)
    {
        var client = Client();
        var request = Request();
        for (var i = 1; ; i++)
        {
            if (client.Challenge(Unauthorized($"Digest realm=\"atlanta\", nonce=\"{i}\"{(stale ? ", stale=true" : "")}"), request) is not null)
            {
                Assert.Equal(challenges, i);
                return;
            }

            Assert.True(i < 10);
            request = Authorized(client);
        }
    }

    [Fact]
    [Rfc("7616", "3.5", Line = "sip A5")]
    public void Challenge_StaleAcrossManySuccesses_NeverFaults()
    {
        var client = Client();
        client.Challenge(Unauthorized(Fresh), Request());
        for (var i = 0; i < 20; i++)
        {
            Assert.Null(client.Challenge(Unauthorized($"Digest realm=\"atlanta\", nonce=\"s{i}\", stale=true"), Authorized(client)));
            client.Accept(new SipResponse(200), Authorized(client));
        }
    }

    [Theory]
    [InlineData(200, false)]
    [InlineData(503, true)]
    [InlineData(403, true)]
    [Rfc("7616", "3.5", Line = "sip A5")]
    public void Accept_OfWhatNeverCheckedTheCredentials_ProvesNothing(int status, bool authorized)
    {
        var client = Client();
        client.Challenge(Unauthorized(Fresh), Request());
        Fault? fault = null;
        for (var i = 0; i < 2; i++)
        {
            fault = client.Challenge(Unauthorized($"Digest realm=\"atlanta\", nonce=\"s{i}\""), Authorized(client));
            client.Accept(new SipResponse(status), authorized ? Authorized(client) : Request());
        }

        Assert.Contains("rejected", fault?.What, StringComparison.Ordinal);
    }

    [Fact]
    [Rfc("3261", "22.1", Line = "sip A5")]
    public void Challenge_RequestsInParallel_DoNotSpoilEachOther()
    {
        var client = Client();
        client.Challenge(Unauthorized(Fresh), Request());
        var requests = new[] { Authorized(client), Authorized(client), Authorized(client) };
        for (var i = 0; i < requests.Length; i++)
            Assert.Null(client.Challenge(Unauthorized($"Digest realm=\"atlanta\", nonce=\"p{i}\""), requests[i]));
    }

    [Fact]
    [Rfc("3261", "22.1", Line = "sip A6")]
    public void Challenge_OfAnotherRealm_IsNotAnsweredWithTheseCredentials()
    {
        var client = new DigestClient(new SeededEntropy(1), new DigestCredentials("bob", "zanzibar", "atlanta"));
        var fault = client.Challenge(Unauthorized("Digest realm=\"evil\", nonce=\"1\""), Request());
        Assert.Contains("evil", fault!.What, StringComparison.Ordinal);
        Assert.False(Authorized(client).Headers.Has("Authorization"));
    }

    [Fact]
    [Rfc("3261", "22.3", Line = "sip A8")]
    public void Authorize_SeveralRealms_AllAreAnswered()
    {
        var client = new DigestClient(new SeededEntropy(1), new DigestCredentials("bob", "zanzibar", "atlanta"), new DigestCredentials("b2", "p2"));
        var response = Response(407, ("Proxy-Authenticate", "Digest realm=\"atlanta\", nonce=\"1\""), ("Proxy-Authenticate", "Digest realm=\"biloxi\", nonce=\"2\""));
        Assert.Null(client.Challenge(response, Request()));
        Assert.Null(client.Challenge(Unauthorized("Digest realm=\"atlanta\", nonce=\"3\""), Authorized(client)));
        var request = Authorized(client);
        Assert.Equal(["bob", "b2"], request.Headers.GetAll("Proxy-Authorization").Select(value => DigestFields.Parse(value)[0]["username"]));
        Assert.Single(request.Headers.GetAll("Authorization"));
        Assert.Equal(["atlanta", "biloxi"], client.Realms);
    }

    [Fact]
    [Rfc("7616", "3.5", Line = "sip A7")]
    public void Accept_NextNonce_IsUsedNext()
    {
        var client = Client();
        client.Challenge(Unauthorized(Fresh), Request());
        client.Accept(Response(200, ("Authentication-Info", "nextnonce=\"n9\", rspauth=\"x\"")), Authorized(client));
        var next = Authorized(client);
        Assert.Equal(("n9", "00000001"), (Field(next, "nonce"), Field(next, "nc")));
    }

    [Fact]
    [Rfc("3261", "22.3", Line = "sip A8")]
    public void Challenge_EverOtherRealm_EndsInAFault()
    {
        var client = Client();
        var answered = 0;
        while (client.Challenge(Unauthorized($"Digest realm=\"r{answered}\", nonce=\"1\""), Authorized(client)) is null) Assert.InRange(++answered, 1, 20);
        Assert.Equal(answered, Authorized(client).Headers.GetAll("Authorization").Count);
        client.Reset();
        Assert.False(Authorized(client).Headers.Has("Authorization"));
    }

    [Fact]
    [Rfc("7616", "3.4", Line = "sip A5")]
    public void Authorize_UserWithQuotes_IsQuotedAndVerified()
    {
        var server = new DigestServer("atlanta", new SeededEntropy(7));
        var client = new DigestClient(new SeededEntropy(1), new DigestCredentials("a\"b\\c, ü", "p"));
        var response = new SipResponse(401);
        server.Challenge(response, Instant.Zero);
        client.Challenge(response, Request());
        var request = (SipRequest)Samples.Parse(Authorized(client).ToArray());
        Assert.Equal(DigestVerdict.Accepted, server.Verify(request, false, Instant.Zero, _ => "p", out var user));
        Assert.Equal("a\"b\\c, ü", user);
    }

    [Fact]
    [Rfc("3261", "22.4", Line = "sip A2")]
    public void Challenge_NoneThatWeSpeak_IsAFault() =>
        Assert.Equal(Layer.Authentication, Client().Challenge(Unauthorized("Basic realm=\"x\""), Request())?.Layer);

    [Theory]
    [InlineData(401)]
    [InlineData(407)]
    [Rfc("7616", "3.3", Line = "sip A3")]
    public void Server_AndClient_AgreeInEveryAlgorithm(int status)
    {
        foreach (var algorithm in Enum.GetValues<DigestAlgorithm>())
        {
            var server = new DigestServer("atlanta", new SeededEntropy(7)) { Algorithms = [algorithm] };
            var client = Client();
            var response = new SipResponse(status);
            server.Challenge(response, Instant.Zero);
            Assert.Null(client.Challenge(response, Request()));
            var request = Samples.Request(System.Text.Encoding.UTF8.GetString(Authorized(client).ToArray()));
            Assert.Equal(DigestVerdict.Accepted, server.Verify(request, status == 407, Instant.Zero, user => user == "bob" ? "zanzibar" : null, out var user));
            Assert.Equal("bob", user);
        }
    }

    [Fact]
    [Rfc("7616", "3.3", Line = "sip A5")]
    public void Server_OldNonce_IsStaleOnlyWithTheRightPassword()
    {
        var server = new DigestServer("atlanta", new SeededEntropy(7), TimeSpan.FromMinutes(1));
        var client = Client();
        var response = new SipResponse(401);
        server.Challenge(response, Instant.Zero);
        client.Challenge(response, Request());
        var request = Authorized(client);
        var late = Instant.Zero + TimeSpan.FromMinutes(2);
        Assert.Equal(DigestVerdict.Stale, server.Verify(request, false, late, _ => "zanzibar", out _));
        Assert.Equal(DigestVerdict.Rejected, server.Verify(request, false, late, _ => "wrong", out _));
        var again = new SipResponse(401);
        server.Challenge(again, late, stale: true);
        Assert.Null(client.Challenge(again, request));
        Assert.Equal(DigestVerdict.Accepted, server.Verify(Authorized(client), false, late, _ => "zanzibar", out _));
    }

    [Theory]
    [InlineData("response=\"", "response=\"0")]
    [InlineData("nonce=\"A", "nonce=\"B")]
    [InlineData("uri=\"sip:example.com\"", "uri=\"sip:other.example.com\"")]
    [InlineData("username=\"bob\"", "username=\"eve\"")]
    [InlineData("qop=auth", "qop=auth-int")]
    [InlineData("nc=00000001", "nc=1")]
    [InlineData("cnonce=\"", "cnonce=\"x")]
    [Rfc("7616", "3.4", Line = "sip A3")]
    public void Server_AnyFieldChanged_IsRejected(string from, string to)
    {
        var server = new DigestServer("atlanta", new SeededEntropy(7));
        var client = Client();
        var response = new SipResponse(401);
        server.Challenge(response, Instant.Zero);
        client.Challenge(response, Request());
        var request = Authorized(client);
        var value = request.Headers.Get("Authorization")!;
        Assert.Contains(from, value, StringComparison.Ordinal);
        request.Headers.Set("Authorization", value.Replace(from, to, StringComparison.Ordinal));
        Assert.Equal(DigestVerdict.Rejected, server.Verify(request, false, Instant.Zero, user => user == "bob" ? "zanzibar" : null, out _));
    }

    [Fact]
    [Rfc("7616", "3.4")]
    public void Server_CredentialsComeAgain_AreStale()
    {
        var server = new DigestServer("atlanta", new SeededEntropy(7));
        var client = Client();
        var response = new SipResponse(401);
        server.Challenge(response, Instant.Zero);
        client.Challenge(response, Request());
        var requests = Enumerable.Range(0, 80).Select(_ => Authorized(client)).ToList();
        Assert.Equal(DigestVerdict.Accepted, Judge(0));
        Assert.Equal(DigestVerdict.Stale, Judge(0));

        // What overtook another on the way is still taken, once.
        foreach (var ahead in (int[])[2, 1, 5, 4, 3, 79, 40, 41]) Assert.Equal(DigestVerdict.Accepted, Judge(ahead));
        foreach (var again in (int[])[0, 1, 2, 3, 4, 5, 79, 40, 41]) Assert.Equal(DigestVerdict.Stale, Judge(again));
        Assert.Equal(DigestVerdict.Stale, Judge(10));

        DigestVerdict Judge(int index) => server.Verify(requests[index], false, Instant.Zero, _ => "zanzibar", out _);
    }

    [Fact]
    [Rfc("7616", "3.4")]
    public void Server_TwoChallengesInOneInstant_HaveNoncesOfTheirOwn()
    {
        var server = new DigestServer("atlanta", new SeededEntropy(7));
        foreach (var _ in (int[])[1, 2, 3])
        {
            var client = Client();
            var response = new SipResponse(401);
            server.Challenge(response, Instant.Zero);
            client.Challenge(response, Request());
            Assert.Equal(DigestVerdict.Accepted, server.Verify(Authorized(client), false, Instant.Zero, _ => "zanzibar", out var _));
        }
    }

    [Fact]
    [Rfc("7616", "3.4")]
    public void Server_MoreNoncesInUseThanItRemembers_TakesNoneOfThoseItForgot()
    {
        var server = new DigestServer("atlanta", new SeededEntropy(7));
        SipRequest? first = null;
        for (var i = 0; i < 5000; i++)
        {
            var client = Client();
            var response = new SipResponse(401);
            server.Challenge(response, Instant.Zero);
            client.Challenge(response, Request());
            var request = Authorized(client);
            first ??= request;
            Assert.Equal(DigestVerdict.Accepted, server.Verify(request, false, Instant.Zero, _ => "zanzibar", out var _));
        }

        Assert.Equal(DigestVerdict.Stale, server.Verify(first!, false, Instant.Zero, _ => "zanzibar", out var _));
    }

    [Theory]
    [InlineData("sip:example.com", DigestVerdict.Accepted)]
    [InlineData("sip:EXAMPLE.com", DigestVerdict.Accepted)]
    [InlineData("sip:eve@example.com", DigestVerdict.Rejected)]
    [Rfc("7616", "3.4.6", Line = "sip A6")]
    public void Server_CredentialsOfAnotherRequestUri_AreRejected(string target, DigestVerdict expected)
    {
        var server = new DigestServer("atlanta", new SeededEntropy(7));
        var client = Client();
        var response = new SipResponse(401);
        server.Challenge(response, Instant.Zero);
        client.Challenge(response, Request());
        var moved = new SipRequest("REGISTER", SipUri.Parse(target));
        moved.Headers.Add("Authorization", Authorized(client).Headers.Get("Authorization")!);
        Assert.Equal(expected, server.Verify(moved, false, Instant.Zero, _ => "zanzibar", out _));
    }

    [Fact]
    [Rfc("7616", "3.3", Line = "sip A2")]
    public void Server_NoCredentialsForItsRealm_AreAbsent()
    {
        var server = new DigestServer("atlanta", new SeededEntropy(7));
        var request = Request();
        Assert.Equal(DigestVerdict.Absent, server.Verify(request, false, Instant.Zero, _ => "x", out _));
        request.Headers.Add("Authorization", "Digest username=\"bob\", realm=\"other\", nonce=\"1\", uri=\"sip:example.com\", response=\"0\"");
        Assert.Equal(DigestVerdict.Absent, server.Verify(request, false, Instant.Zero, _ => "x", out _));
    }

    private static DigestClient Client() => new(new SeededEntropy(42), new DigestCredentials("bob", "zanzibar"));

    private static SipRequest Request() => new("REGISTER", SipUri.Parse("sip:example.com"));

    private static SipRequest Authorized(DigestClient client)
    {
        var request = Request();
        client.Authorize(request);
        return request;
    }

    private static SipResponse Unauthorized(params string[] challenges) => Response(401, [.. challenges.Select(value => ("WWW-Authenticate", value))]);

    private static SipResponse Response(int status, params (string Name, string Value)[] headers)
    {
        var response = new SipResponse(status);
        foreach (var (name, value) in headers) response.Headers.Add(name, value);
        return response;
    }

    private static string? Field(SipRequest request, string name) => DigestFields.Parse(request.Headers.Get("Authorization")!)[0][name];
}
