using System.Text;
using Softphone.Core;

namespace Softphone.Sip.Tests;

/// <summary>Seeded damage to good and bad messages: nothing throws, and what is read is written so that it reads the same.</summary>
public sealed class SipFuzzTests
{
    private const int Mutations = 200_000;

    private static readonly string[] Pieces =
        ["\r\n", "\r\n ", "\n", "\r", "\0", ",", ";", ":", "<", ">", "\"", "\\", "@", "=", "?", "%", "%00", "[", "]", "::1", "4294967296", "-1", ";lr", ";tag=", "\xFF", "ä", " ",
            "\r\n\r\n", "Content-Length: 0\r\n", "Via: ", "SIP/2.0", "*", ";;", "z9hG4bK", "--b"];

    [Theory]
    [InlineData(1ul)]
    [InlineData(2ul)]
    [InlineData(3ul)]
    [InlineData(4ul)]
    [Rfc("4475", "2", Line = "sip M17")]
    public void Parse_DamagedMessages_NeverThrowsAndRoundTrips(ulong seed)
    {
        var chance = new SeededEntropy(seed);
        var corpus = Corpus();
        var buffer = new byte[1 << 17];
        var sound = 0;
        for (var i = 0; i < Mutations / 4; i++)
        {
            var octets = Damage(corpus[chance.NextInt(corpus.Count)], corpus, chance);
            try
            {
                if (Exercise(octets, buffer)) sound++;
                Stream(octets, chance);
            }
            catch (Exception e) when (e is not Xunit.Sdk.XunitException)
            {
                Assert.Fail($"seed {seed}, mutation {i}: {e.Message}\n{e.StackTrace}\n{Convert.ToBase64String(octets)}");
            }
        }

        Assert.InRange(sound, 5_000, Mutations);
    }

    [Fact]
    [Rfc("4475", "2", Line = "sip M17")]
    public void Parse_EveryPrefix_NeverThrows()
    {
        var buffer = new byte[1 << 17];
        foreach (var message in Corpus())
            for (var length = 0; length <= message.Length; length++) Exercise(message[..length], buffer);
    }

    private static bool Exercise(byte[] octets, byte[] buffer)
    {
        if (!SipParser.TryParse(octets, out var message, out _)) return false;
        var headers = message.Headers;
        headers.TryVias(out _);
        headers.TryFrom(out var from);
        headers.TryTo(out _);
        headers.TryCSeq(out _);
        headers.TryContacts(out var contacts);
        headers.Routes();
        headers.RecordRoutes();
        _ = (headers.Expires, headers.MaxForwards, headers.RetryAfter, headers.ContentType, headers.Require, headers.MinExpires);
        foreach (var contact in contacts) _ = (contact.Q, contact.Expires, contact.Uri.DisplayUser, contact.Uri.Header("Replaces"), contact.Uri.AddressOfRecord);
        MessageBody.FindSdp(message, out _);
        message.ToMaskedString();
        if (message is SipRequest request)
        {
            SipValidator.Check(request);
            var response = SipResponse.For(request, 200, toTag: "t");
            Assert.True(SipParser.TryParse(response.ToArray(), out _, out var error), error.ToString());
            Assert.True(request.RequestUri.IsEquivalentTo(request.RequestUri));
            Assert.Equal(from, from is null ? null : NameAddr.Parse(from.ToString()));
        }
        else
        {
            DigestChallenge.Parse((SipResponse)message);
        }

        AssertRoundTrip(message, buffer);
        return message.Flaw is null;
    }

    private static void AssertRoundTrip(SipMessage message, byte[] buffer)
    {
        var length = SipWriter.Write(message, buffer);
        Assert.Equal(SipWriter.Measure(message), length);
        Assert.True(SipParser.TryParse(buffer.AsSpan(0, length), out var again, out var error), error.ToString());
        // A Request-URI that is none is escaped when it is written, and may be one after that.
        if (message is SipRequest { RequestUri.Scheme: "" } broken) Assert.Equal(broken.Method, Assert.IsType<SipRequest>(again).Method);
        else Assert.Equal(message.StartLine, again.StartLine);
        Assert.True(message.Body.Span.SequenceEqual(again.Body.Span));
        Assert.Equal(Lines(message), Lines(again));
    }

    // The writer puts Content-Length right, which is all that may differ.
    private static IEnumerable<string> Lines(SipMessage message) =>
        message.Headers.Where(header => header.Name != HeaderName.ContentLength).Select(header => header.ToString());

    private static void Stream(byte[] octets, SeededEntropy chance)
    {
        var parser = new SipStreamParser();
        for (var at = 0; at < octets.Length;)
        {
            var length = Math.Min(octets.Length - at, 1 + chance.NextInt(400));
            parser.Push(octets.AsSpan(at, length));
            at += length;
            while (parser.TryRead(out _))
            {
            }
        }
    }

    private static byte[] Damage(byte[] message, List<byte[]> corpus, SeededEntropy chance)
    {
        var octets = message.ToList();
        for (var edits = 1 + chance.NextInt(4); edits > 0; edits--)
        {
            var at = chance.NextInt(octets.Count + 1);
            var length = Math.Min(chance.NextInt(12), octets.Count - at);
            switch (chance.NextInt(6))
            {
                case 0 when at < octets.Count:
                    octets[at] = (byte)chance.NextInt(256);
                    break;
                case 1:
                    octets.RemoveRange(at, length);
                    break;
                case 2:
                    octets.InsertRange(at, Encoding.Latin1.GetBytes(Pieces[chance.NextInt(Pieces.Length)]));
                    break;
                case 3:
                    octets.InsertRange(at, octets.GetRange(at, length));
                    break;
                case 4:
                    var other = corpus[chance.NextInt(corpus.Count)];
                    var from = chance.NextInt(other.Length);
                    octets.InsertRange(at, other.AsSpan(from, Math.Min(other.Length - from, chance.NextInt(200))));
                    break;
                default:
                    if (chance.NextInt(8) == 0) octets.RemoveRange(at, octets.Count - at);
                    break;
            }
        }

        return [.. octets];
    }

    private static List<byte[]> Corpus()
    {
        var corpus = new List<byte[]> { Samples.Octets(Samples.Invite), Samples.Octets(Samples.Ok) };
        corpus.Add(Samples.Octets("SIP/2.0 401 Unauthorized\nWWW-Authenticate: Digest realm=\"a\", nonce=\"b\", qop=\"auth,auth-int\"\nWWW-Authenticate: Digest realm=\"a\", algorithm=SHA-256, nonce=\"c\"\n\n"));
        corpus.Add(Samples.Octets("INVITE sip:a@b SIP/2.0\nContent-Type: multipart/mixed;boundary=b\n\n--b\nContent-Type: application/sdp\n\nv=0\n--b--"));
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var suite = Path.Combine(folder.FullName, "shared", "suites", "rfc4475");
            if (!Directory.Exists(suite)) continue;
            corpus.AddRange(Directory.GetFiles(suite, "*.dat").Order().Select(File.ReadAllBytes));
            break;
        }

        return corpus;
    }
}
