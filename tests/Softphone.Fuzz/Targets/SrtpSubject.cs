using Softphone.Core;
using Softphone.Media;

namespace Softphone.Fuzz;

/// <summary>
/// A receiver of protected packets, fed by who has heard the peer's packets and has no key: the input as it is, laid over a sound packet,
/// or a sound packet with an octet changed. Nothing of it may be taken, and the peer's next packet always is.
/// </summary>
internal sealed class SrtpSubject : IFuzzSubject
{
    /// <summary>Room for what the runtime does when a thing is done for the first time.</summary>
    private const int MostLeft = 1024;
    private const uint Ssrc = 0xCAFE;

    private readonly SrtpSender _sender;
    private readonly SrtpReceiver _receiver;
    private readonly byte[] _sound = new byte[RtpHeader.Length + 160 + SrtpSuite.MostOverhead];
    private readonly byte[] _report = new byte[256 + SrtpSuite.MostOverhead];
    private readonly byte[] _buffer = new byte[2048];
    private int _soundLength;
    private int _reportLength;
    private ushort _sequence;

    public SrtpSubject(ulong seed)
    {
        var chance = new SeededEntropy(seed);
        var suite = SrtpSuite.All[chance.NextInt(SrtpSuite.All.Count)];
        var octets = new byte[suite.KeyLength + suite.SaltLength];
        chance.Fill(octets);
        var key = new SrtpKey(suite, octets, chance.NextInt(3) == 0 ? [1, 2, 3, 4] : []);
        _sender = new SrtpSender(key);
        _receiver = new SrtpReceiver([key]);
        _sequence = (ushort)chance.NextUInt32();
        Next(chance);
    }

    public void Feed(ReadOnlySpan<byte> input, SeededEntropy chance)
    {
        if (chance.NextInt(16) == 0) Next(chance);
        var isReport = chance.NextInt(4) == 0;
        var sound = isReport ? _report.AsSpan(0, _reportLength) : _sound.AsSpan(0, _soundLength);
        var packet = Damaged(input, sound, chance);
        if (packet.SequenceEqual(sound)) return;
        var started = GC.GetAllocatedBytesForCurrentThread();
        var verdict = isReport ? _receiver.OpenRtcp(packet, out _) : _receiver.Open(packet, out _);
        if (verdict == SrtpVerdict.Taken) throw new FuzzFailure("a packet that is not the peer's was taken");
        if (GC.GetAllocatedBytesForCurrentThread() - started > MostLeft) throw new FuzzFailure("a packet that was refused left octets behind");
    }

    public void Dispose()
    {
        _sender.Dispose();
        _receiver.Dispose();
    }

    private Span<byte> Damaged(ReadOnlySpan<byte> input, ReadOnlySpan<byte> sound, SeededEntropy chance)
    {
        switch (chance.NextInt(3))
        {
            case 0:
                var length = Math.Min(input.Length, _buffer.Length);
                input[..length].CopyTo(_buffer);
                return _buffer.AsSpan(0, length);
            case 1:
                sound.CopyTo(_buffer);
                input[..Math.Min(input.Length, sound.Length)].CopyTo(_buffer);
                return _buffer.AsSpan(0, sound.Length);
            default:
                sound.CopyTo(_buffer);
                _buffer[chance.NextInt(sound.Length)] ^= (byte)(1 << chance.NextInt(8));
                return _buffer.AsSpan(0, sound.Length - chance.NextInt(2) * chance.NextInt(sound.Length));
        }
    }

    /// <summary>The peer's next packet and report, whatever was done in between.</summary>
    private void Next(SeededEntropy chance)
    {
        const int length = RtpHeader.Length + 160;
        new RtpHeader(0, _sequence += (ushort)(1 + chance.NextInt(3)), 0, Ssrc, false).Write(_sound);
        if (!_sender.TryProtect(_sound, length, out _soundLength)) throw new FuzzFailure("our own packet could not be protected");
        Span<byte> copy = stackalloc byte[_soundLength];
        _sound.AsSpan(0, _soundLength).CopyTo(copy);
        if (_receiver.Open(copy, out _) is var verdict && verdict != SrtpVerdict.Taken) throw new FuzzFailure($"the peer's packet was refused: {verdict}");

        var writer = new RtcpWriter(_report);
        writer.ReceiverReport(Ssrc, []);
        writer.Cname(Ssrc, "peer");
        if (!_sender.TryProtectRtcp(_report, writer.Length, out _reportLength)) throw new FuzzFailure("our own report could not be protected");
        copy = stackalloc byte[_reportLength];
        _report.AsSpan(0, _reportLength).CopyTo(copy);
        if (_receiver.OpenRtcp(copy, out _) is var second && second != SrtpVerdict.Taken) throw new FuzzFailure($"the peer's report was refused: {second}");
    }
}
