using Softphone.Core;
using Softphone.Media;

namespace Softphone.Scenarios;

/// <summary>What a part of a call throws at: an error of ours, planted.</summary>
public enum Flaw
{
    SourceReads,
    SinkWrites,
    EncoderEncodes,
    DecoderDecodes,
    EncoderIsMade,
    DecoderIsMade,
    EncoderIsDisposed,
    EverythingAtOnce,
}

/// <summary>Sound and codecs that throw where they are told to, once they are armed.</summary>
internal sealed class Faulty(Flaw flaw, ICodecFactory sound) : IAudioSource, IAudioSink, ICodecFactory
{
    public bool IsArmed { get; set; }

    /// <summary>Coders made from now on are of the call that is to break.</summary>
    public bool Marks { get; set; }

    public int Thrown { get; private set; }

    public bool Read(Span<short> pcm48k)
    {
        Throw(Flaw.SourceReads);
        pcm48k.Fill(1000);
        return true;
    }

    public void Write(ReadOnlySpan<short> pcm48k) => Throw(Flaw.SinkWrites);

    public bool Supports(string name) => sound.Supports(name);

    public IAudioEncoder CreateEncoder(string name, EncoderTuning tuning)
    {
        Throw(Flaw.EncoderIsMade);
        return Marks ? new Encoder(this, sound.CreateEncoder(name, tuning)) : sound.CreateEncoder(name, tuning);
    }

    public IAudioDecoder CreateDecoder(string name)
    {
        Throw(Flaw.DecoderIsMade);
        return Marks ? new Decoder(this, sound.CreateDecoder(name)) : sound.CreateDecoder(name);
    }

    public void Throw(Flaw at)
    {
        if (!IsArmed || (flaw != at && flaw != Flaw.EverythingAtOnce)) return;
        Thrown++;
        throw new FaultyException();
    }

    private sealed class Encoder(Faulty owner, IAudioEncoder inner) : IAudioEncoder
    {
        public int Encode(ReadOnlySpan<short> pcm48k, Span<byte> payload)
        {
            owner.Throw(Flaw.EncoderEncodes);
            return inner.Encode(pcm48k, payload);
        }

        public void Tune(EncoderTuning tuning) => inner.Tune(tuning);

        public void Dispose()
        {
            inner.Dispose();
            owner.Throw(Flaw.EncoderIsDisposed);
        }
    }

    private sealed class Decoder(Faulty owner, IAudioDecoder inner) : IAudioDecoder
    {
        public int Decode(ReadOnlySpan<byte> payload, Span<short> pcm48k)
        {
            owner.Throw(Flaw.DecoderDecodes);
            return inner.Decode(payload, pcm48k);
        }

        public int Conceal(int samples, Span<short> pcm48k) => inner.Conceal(samples, pcm48k);

        public bool TryRecover(ReadOnlySpan<byte> next, int samples, Span<short> pcm48k) => inner.TryRecover(next, samples, pcm48k);

        public int SamplesOf(ReadOnlySpan<byte> payload) => inner.SamplesOf(payload);

        public void Dispose() => inner.Dispose();
    }
}

/// <summary>Thrown by nothing but a planted flaw.</summary>
internal sealed class FaultyException : Exception
{
    public FaultyException()
        : base("planted")
    {
    }
}
