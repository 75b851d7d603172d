using System.Text;

namespace Softphone.Sip.Tests;

/// <summary>Every message of RFC 4475 as a datagram: what the parser says, what the validator says is owed, and what may not be misread.</summary>
public sealed class TortureTests
{
    /// <summary>File, and the statuses that may be owed by the message alone: 0 for none, -1 for a message that is dropped.</summary>
    public static TheoryData<string, int[]> Messages => new()
    {
        { "wsinv", [0] },
        { "intmeth", [0] },
        { "esc01", [0] },
        { "escnull", [0] },
        { "esc02", [0] },
        { "lwsdisp", [0] },
        { "longreq", [0] },
        { "dblreq", [0] },
        { "semiuri", [0] },
        { "transports", [0] },
        { "mpart01", [0] },
        { "unreason", [0] },
        { "noreason", [0] },
        { "badinv01", [400] },
        { "clerr", [400] },
        { "ncl", [400] },
        { "scalar02", [400] },
        { "scalarlg", [0] },
        { "quotbal", [400] },
        { "ltgtruri", [400] },
        { "lwsruri", [400] },
        { "lwsstart", [400] },
        { "trws", [400] },
        { "escruri", [400] },
        { "baddate", [0] },
        { "regbadct", [400] },
        { "badaspec", [400] },
        { "baddn", [400] },
        { "badvers", [505] },
        { "mismatch01", [400] },
        { "mismatch02", [501] },
        { "bigcode", [-1] },
        { "badbranch", [0] },
        { "insuf", [400] },
        { "unkscm", [0] },
        { "novelsc", [0] },
        { "unksm2", [0] },
        { "bext01", [0] },
        { "invut", [0] },
        { "regaut01", [0] },
        { "multi01", [400] },
        { "mcl01", [400] },
        { "bcast", [0] },
        { "zeromf", [0] },
        { "cparam01", [0] },
        { "cparam02", [0] },
        { "regescrt", [0] },
        { "sdp01", [0] },
        { "inv2543", [0] },
        { "test", [-1] },
    };

    [Theory]
    [MemberData(nameof(Messages))]
    [Rfc("4475", "3", Line = "sip M5-M11")]
    public void TortureMessage_AsDatagram_IsOwedWhatTheSuiteSays(string file, int[] owed)
    {
        var outcome = SipParser.TryParse(Read(file), out var message, out _)
            ? message is SipRequest request ? SipValidator.Check(request)?.Status ?? 0 : 0
            : -1;
        Assert.Contains(outcome, owed);
    }

    [Fact]
    public void TortureMessages_TheTable_NamesEveryFileOfTheSuite()
    {
        var folder = Suites.Find("suites/rfc4475");
        var named = Messages.Select(row => row.Data.Item1).Order();
        Assert.Equal(Directory.GetFiles(folder, "*.dat").Select(Path.GetFileNameWithoutExtension).Order(), named);
    }

    [Fact]
    [Rfc("4475", "3.1.1.1", Line = "sip M1")]
    public void Wsinv_FoldsAndCompactForms_AreRead()
    {
        var message = Request("wsinv");
        Assert.True(message.Headers.TryTo(out var to));
        Assert.Equal("1918181833n", to.Tag);
        Assert.True(message.Headers.TryFrom(out var from));
        Assert.Equal("J Rosenberg \\\"", from.DisplayName);
        Assert.Equal("98asjd8", from.Tag);
        Assert.Equal(new CSeq(9, "INVITE"), message.Headers.TryCSeq(out var cseq) ? cseq : default);
        Assert.Equal(68, message.Headers.MaxForwards);
        Assert.Equal(["192.0.2.2", "spindle.example.com", "192.168.255.111"], message.Headers.Vias().Select(via => via.Host));
        Assert.Equal("z9hG4bK30239", message.Headers.Vias()[2].Branch);
        Assert.False(message.Headers.Vias()[0].HasMagicBranch);
        Assert.True(message.Headers.TryContact(out var contact));
        Assert.Equal("Quoted string \"\"", contact.DisplayName);
        Assert.Equal(330, contact.Q);
        Assert.Equal("newfangled value continued newfangled value", message.Headers.Get("newfangledheader"));
        Assert.Equal(";;,,;;,;", message.Headers.Get("UnknownHeaderWithUnusualValue"));
        Assert.Equal("", message.Headers.Get("Subject"));
        Assert.Equal(150, message.Body.Length);
    }

    [Fact]
    [Rfc("4475", "3.1.1.2", Line = "sip M4")]
    public void Intmeth_UnusualTokens_AreKept()
    {
        var message = Request("intmeth");
        Assert.Equal("!interesting-Method0123456789_*+`.%indeed'~", message.Method);
        Assert.False(SipMethod.IsKnown(message.Method));
        Assert.Equal("1_unusual.URI~(to-be!sure)&isn't+it$/crazy?,/;;*", message.RequestUri.User);
        Assert.Equal("&it+has=1,weird!*pas$wo~d_too.(doesn't-it)", message.RequestUri.Password);
        Assert.True(message.Headers.TryTo(out var to));
        Assert.Contains('\0', to.DisplayName!);
    }

    [Fact]
    [Rfc("4475", "3.1.1.3", Line = "sip M13")]
    public void Esc01_EscapedAt_IsOneUserPart()
    {
        var message = Request("esc01");
        Assert.Equal("sips%3Auser%40example.com", message.RequestUri.User);
        Assert.Equal("sips:user@example.com", message.RequestUri.DisplayUser);
        Assert.Equal("example.net", message.RequestUri.Host);
    }

    [Fact]
    [Rfc("4475", "3.1.1.4", Line = "sip M13")]
    public void Escnull_EscapedNul_DoesNotTruncate()
    {
        var message = Request("escnull");
        Assert.True(message.Headers.TryContacts(out var contacts));
        Assert.Equal(["%00", "%00%00"], contacts.Select(contact => contact.Uri.User));
        Assert.Equal("\0\0", contacts[1].Uri.DisplayUser);
    }

    [Fact]
    [Rfc("4475", "3.1.1.5", Line = "sip M4")]
    public void Esc02_PercentInMethod_IsNotAnEscape() => Assert.Equal("RE%47IST%45R", Request("esc02").Method);

    [Fact]
    [Rfc("4475", "3.1.1.6", Line = "sip M15")]
    public void Lwsdisp_NoSpaceBeforeBracket_IsRead()
    {
        Assert.True(Request("lwsdisp").Headers.TryFrom(out var from));
        Assert.Equal("caller", from.DisplayName);
    }

    [Fact]
    [Rfc("4475", "3.1.1.8", Line = "sip M5")]
    public void Dblreq_OctetsPastContentLength_AreNoise()
    {
        var message = Request("dblreq");
        Assert.Equal(SipMethod.Register, message.Method);
        Assert.True(message.Body.IsEmpty);
    }

    [Fact]
    [Rfc("4475", "3.1.1.9", Line = "sip M13")]
    public void Semiuri_SemicolonInUser_IsNoParameter()
    {
        var uri = Request("semiuri").RequestUri;
        Assert.Equal("user;par=u%40example.net", uri.User);
        Assert.Empty(uri.Parameters);
    }

    [Fact]
    [Rfc("4475", "3.1.1.10")]
    public void Transports_UnknownTransport_IsRead() =>
        Assert.Equal(["UDP", "SCTP", "TLS", "UNKNOWN", "TCP"], Request("transports").Headers.Vias().Select(via => via.Transport));

    [Fact]
    [Rfc("4475", "3.1.1.11", Line = "sip M19")]
    public void Mpart01_BinaryParts_AreCutByTheBoundaryAlone()
    {
        var message = Request("mpart01");
        var parts = MessageBody.Parts(message.Body, message.Headers.ContentType!);
        Assert.Equal(["text/plain", "application/octet-stream"], parts.Select(part => part.Headers.ContentType!.Essence));
        Assert.Equal("Hello", Encoding.ASCII.GetString(parts[0].Body.Span));
        Assert.True(parts[1].Body.Span.Contains((byte)0) || parts[1].Body.Length > 300);
    }

    [Fact]
    [Rfc("4475", "3.1.1.12")]
    public void Unreason_ReasonInUtf8_IsRead()
    {
        var response = Assert.IsType<SipResponse>(Samples.Parse(Read("unreason")));
        Assert.Equal(200, response.Status);
        Assert.StartsWith("= 2**3 * 5**2 но сто", response.Reason, StringComparison.Ordinal);
    }

    [Fact]
    [Rfc("4475", "3.1.2.5", Line = "sip M9")]
    public void Scalarlg_CSeqOutOfRange_MatchesNoTransaction()
    {
        var headers = Samples.Parse(Read("scalarlg")).Headers;
        Assert.False(headers.TryCSeq(out _));
        Assert.Equal(uint.MaxValue, headers.RetryAfter);
    }

    [Fact]
    [Rfc("4475", "3.1.2.11")]
    public void Escruri_HeadersInRequestUri_NeverBecomeHeaders() => Assert.False(Request("escruri").Headers.Has("Route"));

    [Theory]
    [InlineData("unkscm", "nobodyKnowsThisScheme")]
    [InlineData("novelsc", "soap.beep")]
    [Rfc("4475", "3.3.2")]
    public void UnknownScheme_InRequestUri_IsOpaque(string file, string scheme)
    {
        var uri = Request(file).RequestUri;
        Assert.Equal(scheme.ToLowerInvariant(), uri.Scheme);
        Assert.False(uri.IsSip);
    }

    [Fact]
    [Rfc("4475", "3.3.5")]
    public void Bext01_Require_IsListed() =>
        Assert.Equal(["nothingSupportsThis", "nothingSupportsThisEither"], Request("bext01").Headers.Require);

    [Fact]
    [Rfc("4475", "3.3.7", Line = "sip A2")]
    public void Regaut01_UnknownScheme_CountsAsNoCredentials()
    {
        var server = new DigestServer("example.com", new Softphone.Core.SeededEntropy(1));
        Assert.Equal(DigestVerdict.Absent, server.Verify(Request("regaut01"), false, default, _ => "secret", out _));
    }

    [Theory]
    [InlineData("cparam01", true)]
    [InlineData("cparam02", false)]
    [Rfc("4475", "3.3.12", Line = "sip M12")]
    public void Contact_ParameterOutsideBrackets_BelongsToTheHeader(string file, bool isOfHeader)
    {
        Assert.True(Request(file).Headers.TryContact(out var contact));
        Assert.Equal(isOfHeader, contact.Parameters.Has("unknownparam"));
        Assert.Equal(!isOfHeader, contact.Uri.Parameters.Has("unknownparam"));
    }

    [Fact]
    [Rfc("4475", "3.3.14")]
    public void Regescrt_UriHeader_StaysWithTheUri()
    {
        Assert.True(Request("regescrt").Headers.TryContact(out var contact));
        Assert.Equal("<sip:sip.example.com>", contact.Uri.Header("Route"));
    }

    [Fact]
    [Rfc("4475", "3.3.10")]
    public void Bcast_TwoVias_AreBothSeen()
    {
        var message = Samples.Parse(Read("bcast"));
        Assert.Equal(2, message.Headers.Vias().Count);
    }

    internal static byte[] Read(string file) => File.ReadAllBytes(Path.Combine(Suites.Find("suites/rfc4475"), file + ".dat"));

    private static SipRequest Request(string file) => Assert.IsType<SipRequest>(Samples.Parse(Read(file)));
}
