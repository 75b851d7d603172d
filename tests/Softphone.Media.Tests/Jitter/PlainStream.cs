using Softphone.Core;

namespace Softphone.Media.Tests;

/// <summary>A stream of equal packets and a buffer that is pulled every 10 ms, in virtual time. Sequence numbers and timestamps wrap soon.</summary>
internal sealed class PlainStream(int ptimeMs, bool fec = false) : IDisposable
{
    private readonly PcmCodec _encoder = new() { Fec = fec };
    private readonly PcmCodec _decoder = new();
    private readonly short[] _frame = new short[ptimeMs * 48];
    private readonly byte[] _payload = new byte[4 + 4 * 48 * ptimeMs];
    private readonly Queue<(ushort Sequence, uint Timestamp, byte[] Payload)> _held = new();
    private readonly short[] _pcm = new short[480];
    private int _ms;
    private ushort _sequence = 65_500;
    private uint _timestamp = uint.MaxValue - 50_000;
    private long _media;

    private Instant Now => new(_ms * 1_000_000L);

    public JitterBuffer Buffer { get; } = new(JitterOptions.Default);

    public JitterStatistics Statistics => Buffer.Statistics;

    public double ConcealedMs => (Statistics.Concealed - Statistics.Unproven) / 48.0;

    /// <summary>What is sent waits, as in a network that stands still, and comes at once when it does not.</summary>
    public bool Holds { get; set; }

    /// <summary>Whether the packet of that number since the start is lost.</summary>
    public Func<int, bool> IsLost { get; set; } = _ => false;

    public void Run(int ms, bool sends = true, bool clockGoesOn = true, bool keepsAlive = false)
    {
        for (var end = _ms + ms; _ms < end; _ms += 10)
        {
            if (_ms % ptimeMs == 0)
            {
                if (sends) Send();
                if (keepsAlive && _ms % 400 == 0) Buffer.PutOther(_sequence++);
                if (!sends && clockGoesOn) (_timestamp, _media) = (_timestamp + (uint)_frame.Length, _media + _frame.Length);
            }

            while (!Holds && _held.TryDequeue(out var p)) Buffer.Put(Now, new RtpHeader(0, p.Sequence, p.Timestamp, 1), 48_000, _decoder, p.Payload);
            Buffer.Pull(Now, _pcm);
        }
    }

    public void Dispose()
    {
        _encoder.Dispose();
        _decoder.Dispose();
    }

    private void Send()
    {
        Speech.Fill(_media, _frame);
        var length = _encoder.Encode(_frame, _payload);
        if (!IsLost((int)(_media / _frame.Length))) _held.Enqueue((_sequence, _timestamp, _payload[..length]));
        _sequence++;
        _timestamp += (uint)_frame.Length;
        _media += _frame.Length;
    }
}
