using Softphone.Core;
using Softphone.Media;
using Softphone.Nat;
using Softphone.Sockets;
using Softphone.Terminal;

namespace Softphone.Fuzz;

internal sealed class RtpSubject : IFuzzSubject
{
    public void Feed(ReadOnlySpan<byte> input, SeededEntropy chance)
    {
        if (RtpPacket.TryParse(input, out var packet, out _))
        {
            _ = packet.Extension.Length + packet.Contributors + packet.Header.Timestamp;
            TelephoneEvent.TryParse(packet.Payload, out _, out _);
        }

        if (!RtcpReader.TryOpen(input, out var reader, out _)) return;
        while (reader.TryNext(out var part))
        {
            _ = part.Ssrc;
            part.TrySenderInfo(out _);
            for (var i = 0; i < part.Count; i++) part.TryBlock(i, out _);
            part.TryCname(part.Ssrc, out _);
            if (part.Ends(part.Ssrc)) _ = part.Reason();
        }
    }

    public void Dispose()
    {
    }
}

internal sealed class StunSubject : IFuzzSubject
{
    private readonly IntegrityKey _key = new("VOkJxbRl1RmTxUk/WvJxBt"u8);

    public void Feed(ReadOnlySpan<byte> input, SeededEntropy chance)
    {
        Demultiplexer.Classify(input);
        if (!StunReader.TryParse(input, out var reader, out _) && !StunReader.TryParseClassic(input, out reader, out _)) return;
        foreach (var attribute in reader.Attributes)
        {
            reader.TryGetAddress(attribute.Type, out _);
            reader.TryGetUInt16(attribute.Type, out _);
            reader.TryGetUInt32(attribute.Type, out _);
            reader.TryGetUInt64(attribute.Type, out _);
        }

        reader.TryGetErrorCode(out _, out _);
        reader.TryGetUsername(out _);
        reader.TryGetRealm(out _);
        reader.TryGetNonce(out _);
        reader.TryGetSoftware(out _);
        Span<ushort> unknown = stackalloc ushort[8];
        reader.UnknownRequired([0x0006, 0x0008], unknown);
        reader.VerifyIntegrity(_key);
        reader.VerifyIntegritySha256(_key);
        reader.VerifyFingerprint();
    }

    public void Dispose()
    {
    }
}

/// <summary>Each input goes on where the last one ended, cut in two at a drawn place.</summary>
internal sealed class TurnFrameSubject : IFuzzSubject
{
    private TurnFramer _framer = new();

    public void Feed(ReadOnlySpan<byte> input, SeededEntropy chance)
    {
        var cut = chance.NextInt(input.Length + 1);
        Push(input[..cut]);
        Push(input[cut..]);
        if (_framer.IsBroken) _framer = new TurnFramer(chance.NextInt(2) == 0);
    }

    public void Dispose()
    {
    }

    private void Push(ReadOnlySpan<byte> octets)
    {
        _framer.Append(octets);
        while (_framer.TryTake(out var message)) StunReader.TryParse(message, out _, out _);
        if (_framer.Waiting > 1 << 18) throw new FuzzFailure($"{_framer.Waiting} octets wait for the rest of a message");
    }
}

internal sealed class DnsSubject : IFuzzSubject
{
    public void Feed(ReadOnlySpan<byte> input, SeededEntropy chance) => DnsMessage.TryParse(input, out _, out _);

    public void Dispose()
    {
    }
}

internal sealed class TerminalSubject : IFuzzSubject
{
    private readonly InputParser _parser = new();
    private Instant _now;

    public void Feed(ReadOnlySpan<byte> input, SeededEntropy chance)
    {
        _now += TimeSpan.FromMilliseconds(chance.NextInt(30));
        var cut = chance.NextInt(input.Length + 1);
        _parser.Feed(_now, input[..cut]);
        if (chance.NextInt(4) == 0) _parser.Advance(_now += InputParser.EscapeTime);
        _parser.Feed(_now, input[cut..]);
        while (_parser.TryRead(out _))
        {
            // A key is as good as another.
        }
    }

    public void Dispose()
    {
    }
}

/// <summary>A session that plays and records as in a call: 20 ms of time for every packet.</summary>
internal sealed class MediaSubject : IFuzzSubject
{
    private static readonly MediaFormat[] Formats = [new("opus", 96, 48_000), new("G722", 9, 8_000), new("PCMA", 8, 8_000), new("PCMU", 0, 8_000)];

    private readonly MediaSession _session;
    private readonly short[] _pcm = new short[960];
    private readonly byte[] _buffer = new byte[2048];
    private Instant _now = new(1_000_000_000);
    private int _fed;

    public MediaSubject(ulong seed)
    {
        var entropy = new SeededEntropy(seed);
        var options = new MediaOptions
        {
            Send = Formats[entropy.NextInt(Formats.Length)],
            Receive = Formats,
            ReceiveEvents = [new EventFormat(101, 8_000)],
            RtcpMux = entropy.NextInt(2) == 0,
            HearsKeys = entropy.NextInt(4) == 0,
            IsSourceProven = entropy.NextInt(2) == 0,
        };
        _session = new MediaSession(options, new CodecFactory(), entropy, _now);
    }

    public void Feed(ReadOnlySpan<byte> input, SeededEntropy chance)
    {
        _session.Receive(new Datagram(_now, chance.NextInt(8) == 0 ? MediaPath.Rtcp : MediaPath.Rtp, new Address(IpAddress.LoopbackV4, 4000), input));
        if (++_fed % 4 == 0)
        {
            _now += TimeSpan.FromMilliseconds(20);
            _session.Advance(_now);
            _session.Playout(_now, _pcm);
        }

        if (_fed % 64 == 0) _session.Capture(_now, _pcm);
        if (_fed % 500 == 0) _session.Snapshot(_now);
        while (_session.TryTransmit(_buffer, out _))
        {
            // To nobody.
        }

        while (_session.TryEvent(out _))
        {
            // Nobody listens.
        }
    }

    public void Dispose()
    {
        _session.Close(_now);
        _session.Dispose();
    }
}
