using System.Text;
using BenchmarkDotNet.Attributes;
using Softphone.Core;
using Softphone.Sdp;
using Softphone.Sip;

namespace Softphone.Benchmarks;

/// <summary>Messages and descriptions of one call; these run a few times a call, not for each packet.</summary>
public class SipBenchmarks
{
    private readonly SdpSession _session = SdpSession.Start("77");
    private readonly MediaCapabilities _local = Capabilities();
    private readonly byte[] _buffer = new byte[4096];
    private byte[] _invite = [];
    private byte[] _offer = [];
    private SipMessage _message = null!;
    private SessionDescription _description = null!;
    private readonly DigestClient _digest = new(new SeededEntropy(1), new DigestCredentials("alice", "secret"));
    private SipRequest _request = null!;

    [GlobalSetup]
    public void Setup()
    {
        _offer = Encoding.UTF8.GetBytes(OfferAnswer.CreateOffer(_local, _session).ToString());
        var head =
            "INVITE sip:bob@biloxi.example.com SIP/2.0\r\nVia: SIP/2.0/UDP 10.0.0.5:5060;branch=z9hG4bK776asdhds;rport\r\nMax-Forwards: 70\r\n" +
            "From: \"Alice\" <sip:alice@atlanta.example.com>;tag=1928301774\r\nTo: <sip:bob@biloxi.example.com>\r\n" +
            "Call-ID: a84b4c76e66710b1b2@10.0.0.5\r\nCSeq: 1 INVITE\r\nContact: <sip:alice@10.0.0.5:5060>\r\n" +
            "Allow: INVITE, ACK, CANCEL, BYE, OPTIONS, UPDATE, PRACK\r\nSupported: timer, 100rel, outbound\r\nUser-Agent: softphone\r\n" +
            $"Content-Type: application/sdp\r\nContent-Length: {_offer.Length}\r\n\r\n";
        _invite = [.. Encoding.UTF8.GetBytes(head), .. _offer];
        _message = (SipMessage)ParseInvite();
        _description = (SessionDescription)ParseOffer();
        _request = (SipRequest)ParseInvite();
        var challenge = "SIP/2.0 401 Unauthorized\r\nWWW-Authenticate: Digest realm=\"atlanta\", nonce=\"n1\", qop=\"auth\", algorithm=SHA-256\r\nContent-Length: 0\r\n\r\n";
        if (!SipParser.TryParse(Encoding.UTF8.GetBytes(challenge), out var response, out _) || _digest.Challenge((SipResponse)response, _request) is not null)
            throw new InvalidOperationException("the challenge was not taken");
    }

    [Benchmark(Description = "parse an INVITE with an ICE offer")]
    public object ParseInvite() => SipParser.TryParse(_invite, out var message, out var error) ? message : throw new InvalidOperationException(error.ToString());

    [Benchmark(Description = "write that INVITE")]
    public int WriteInvite() => SipWriter.Write(_message, _buffer);

    [Benchmark(Description = "authorize it: digest with SHA-256")]
    public void Digest() => _digest.Authorize(_request);

    [Benchmark(Description = "parse an offer: Opus, G.722, G.711, 4 candidates")]
    public object ParseOffer() => SessionDescription.TryParse(_offer, out var parsed, out var error) ? parsed : throw new InvalidOperationException(error.ToString());

    [Benchmark(Description = "answer that offer")]
    public object Answer() => OfferAnswer.TryAnswer(_description, _local, _session, out var answer, out _, out var why) ? answer : throw new InvalidOperationException(why.ToString());

    private static MediaCapabilities Capabilities()
    {
        var candidates = new List<SdpCandidate>();
        for (var component = 1; component <= 2; component++)
        {
            candidates.Add(new("h1", component, "UDP", 2130706432u - (uint)component, Address.Parse($"10.0.0.5:{39_999 + component}"), SdpCandidateType.Host));
            candidates.Add(new("s1", component, "UDP", 1694498816u - (uint)component, Address.Parse($"203.0.113.9:{49_999 + component}"), SdpCandidateType.Srflx)
            {
                Related = Address.Parse($"10.0.0.5:{39_999 + component}"),
            });
        }

        return new MediaCapabilities
        {
            Codecs = SdpCodec.All,
            Rtp = Address.Parse("203.0.113.9:50000"),
            Rtcp = Address.Parse("203.0.113.9:50001"),
            Ice = new SdpIce { Ufrag = "uFrG", Password = "0123456789abcdefghijkl", Candidates = candidates, Pacing = 20 },
        };
    }
}
