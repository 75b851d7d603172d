using System.Runtime.CompilerServices;

namespace Softphone.Media;

/// <summary>The sources that packets of one key came from, or went out as; a bounded number.</summary>
internal sealed class SrtpSources
{
    /// <summary>
    /// More are refused: one that was forgotten could be played again. A call has one source, and another for each transfer, piece of music
    /// or bridge of its server.
    /// </summary>
    public const int Most = 128;

    private SrtpSource[] _sources = new SrtpSource[2];
    private int _count;
    private int _last;

    public bool IsFull => _count == Most;

    /// <summary>A null reference where the source is not known.</summary>
    public ref SrtpSource Find(uint ssrc)
    {
        if (_last < _count && _sources[_last].Ssrc == ssrc) return ref _sources[_last];
        for (var i = 0; i < _count; i++)
        {
            if (_sources[i].Ssrc != ssrc) continue;
            _last = i;
            return ref _sources[i];
        }

        return ref Unsafe.NullRef<SrtpSource>();
    }

    /// <summary>A copy, with those of an older key that are not among these.</summary>
    public SrtpSources Over(SrtpSources? older)
    {
        var both = new SrtpSources { _sources = [.. _sources], _count = _count };
        for (var i = 0; i < older?._count && !both.IsFull; i++)
            if (Unsafe.IsNullRef(ref both.Find(older._sources[i].Ssrc))) both.FindOrAdd(older._sources[i].Ssrc) = older._sources[i];
        return both;
    }

    public ref SrtpSource FindOrAdd(uint ssrc)
    {
        ref var known = ref Find(ssrc);
        if (!Unsafe.IsNullRef(ref known)) return ref known;
        if (_count == _sources.Length) Array.Resize(ref _sources, Math.Min(Most, _count * 4));
        _last = _count++;
        _sources[_last] = new SrtpSource(ssrc);
        return ref _sources[_last];
    }
}
