using System.Text;
using Softphone.Audio;
using Softphone.Core;
using Softphone.Lab;
using Softphone.Media;
using Softphone.Phone;
using Softphone.Sdp;
using Softphone.Sip;

namespace Softphone.Fuzz;

internal sealed class SipSubject : IFuzzSubject
{
    private const int LongestWritten = 2000;

    private readonly DigestClient _client = new(new SeededEntropy(1), new DigestCredentials("alice", "secret"));
    private readonly DigestServer _server = new("lab.test", new SeededEntropy(2));

    public void Feed(ReadOnlySpan<byte> input, SeededEntropy chance)
    {
        if (!SipParser.TryParse(input, out var message, out _)) return;
        var headers = message.Headers;
        _ = (headers.CallId, headers.MaxForwards, headers.Expires, headers.MinExpires, headers.ContentLength, headers.RetryAfter, headers.RSeq, headers.ContentType, headers.ContactIsStar);
        _ = (headers.Allow.Count, headers.Supported.Count, headers.Require.Count, headers.Unsupported.Count);
        headers.TryVia(out _);
        headers.TryVias(out _);
        headers.TryFrom(out _);
        headers.TryTo(out _);
        headers.TryContact(out _);
        headers.TryContacts(out _);
        headers.Routes();
        headers.RecordRoutes();
        headers.TryCSeq(out _);
        foreach (var header in headers)
        {
            headers.TryAddresses(header.Name, out _);
            headers.TryValue(header.Name, out _, out _);
            headers.GetList(header.Name);
        }

        if (message is SipRequest request)
        {
            SipValidator.Check(request);
            _server.Verify(request, false, Instant.Zero, _ => "secret", out _);
            SipResponse.For(request, 200, toTag: "t").ToArray();
        }
        else if (message is SipResponse response)
        {
            _ = response.ReliableNumber;
            _client.Challenge(response, new SipRequest("REGISTER", SipUri.Parse("sip:lab.test")));
            _client.Reset();
        }

        // What was read can be written, and read again; escapes make it up to three times as long, and the longest is as long as may be.
        if (input.Length < LongestWritten && !SipParser.TryParse(message.ToArray(), out _, out var error)) throw new FuzzFailure($"what was written cannot be read: {error}");
    }

    public void Dispose()
    {
    }
}

/// <summary>A stream that goes on until it breaks; each input is cut in pieces.</summary>
internal sealed class SipStreamSubject : IFuzzSubject
{
    private SipStreamParser _parser = new();

    public void Feed(ReadOnlySpan<byte> input, SeededEntropy chance)
    {
        while (!input.IsEmpty)
        {
            var piece = Math.Min(1 + chance.NextInt(chance.NextInt(4) == 0 ? 8 : 4000), input.Length);
            _parser.Push(input[..piece]);
            input = input[piece..];
            while (_parser.TryRead(out _))
            {
                // Taken.
            }
        }

        if (_parser.IsBroken || chance.NextInt(16) == 0) _parser = new SipStreamParser();
    }

    public void Dispose()
    {
    }
}

internal sealed class SdpSubject : IFuzzSubject
{
    private static readonly MediaCapabilities Ours = new()
    {
        Codecs = SdpCodec.All,
        Rtp = Address.Parse("198.51.100.2:5004"),
    };

    public void Feed(ReadOnlySpan<byte> input, SeededEntropy chance)
    {
        SdpFragment.TryParse(input, out _, out _);
        if (!SessionDescription.TryParse(input, out var theirs, out _)) return;
        var session = SdpSession.Start("1");
        if (OfferAnswer.TryAnswer(theirs, Ours, session, out var answer, out _, out _) && !SessionDescription.TryParse(answer.ToString(), out _, out var error))
            throw new FuzzFailure($"our answer cannot be read: {error}");
        OfferAnswer.TrySuspend(theirs, Ours, session, out _);
        OfferAnswer.TryComplete(OfferAnswer.CreateOffer(Ours, SdpSession.Start("2")), theirs, out _, out _);
    }

    public void Dispose()
    {
    }
}

internal sealed class TextSubject : IFuzzSubject
{
    private static readonly SipUri Identity = SipUri.Parse("sip:alice@lab.test");

    public void Feed(ReadOnlySpan<byte> input, SeededEntropy chance)
    {
        var text = Encoding.UTF8.GetString(input[..Math.Min(input.Length, 4000)]);
        if (SipUri.TryParse(text, out var uri, out _)) _ = (uri.ToString(), uri.IsEquivalentTo(Identity), uri.EffectivePort);
        if (NameAddr.TryParse(text, out var name, out _)) _ = name.ToString();
        if (Via.TryParse(text, out var via, out _)) _ = via.ToString();
        CSeq.TryParse(text, out _, out _);
        if (RAck.TryParse(text, out var rack, out _) && (!RAck.TryParse(rack.ToString(), out var again, out _) || again != rack)) throw new FuzzFailure($"{rack} is read as another");
        DigestChallenge.TryParse(text, false, out _);
        ReplacesHeader.TryParse(text, out _);
        MediaType.TryParse(text, out _);
        MessageSummary.TryParse(input, out _);
        SdpCandidate.TryParse(text, takesLocalNames: true, out _, out _);
        if (SdpCrypto.TryParse(text, out var crypto, out _)) crypto.TryGetKeys(out _);
        SdpFingerprint.TryParse(text, out _);
        OpusParameters.Parse(text);
        Address.TryParse(text, out _);
        IpAddress.TryParse(text, out _);
        AddressBlock.TryParse(text, out _);
        ServerUri.TryParse(text, out _);
        DurationText.TryParse(text, out _);
        Expectation.TryParse(text, out _, out _);
        DialTarget.TryRead(text, Identity, out _, out _);
        Tone.TryParse(text, false, out _);
    }

    public void Dispose()
    {
    }
}

/// <summary>A file that cannot be played is told so by its own kind of exception, since a person named it.</summary>
internal sealed class WavSubject : IFuzzSubject
{
    public void Feed(ReadOnlySpan<byte> input, SeededEntropy chance)
    {
        try
        {
            WavFile.Read(input, "fuzz.wav");
        }
        catch (AudioFileException)
        {
            // Told.
        }
    }

    public void Dispose()
    {
    }
}

internal sealed class ProfileSubject : IFuzzSubject
{
    public void Feed(ReadOnlySpan<byte> input, SeededEntropy chance) => ProfileReader.TryRead(Encoding.UTF8.GetString(input), "fuzz.yaml", out _, out _);

    public void Dispose()
    {
    }
}

internal sealed class ScenarioSubject : IFuzzSubject
{
    public void Feed(ReadOnlySpan<byte> input, SeededEntropy chance) => ScenarioReader.TryRead(Encoding.UTF8.GetString(input), "fuzz.yaml", out _, out _);

    public void Dispose()
    {
    }
}
