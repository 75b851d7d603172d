namespace Softphone.Media;

/// <summary>Which of the last 128 indices came (RFC 3711 §3.3.2). It moves for packets alone that proved to be the peer's.</summary>
internal struct ReplayWindow
{
    /// <summary>How far behind the highest a packet may come.</summary>
    public const int Width = 128;

    private UInt128 _seen;

    /// <summary>Whether anything came.</summary>
    public bool Any { get; private set; }

    public ulong Highest { get; private set; }

    public readonly bool IsTooOld(ulong index) => Any && index < Highest && Highest - index >= Width;

    public readonly bool IsNew(ulong index)
    {
        if (!Any || index > Highest) return true;
        return Highest - index < Width && (_seen >> (int)(Highest - index) & UInt128.One) == UInt128.Zero;
    }

    public void Mark(ulong index)
    {
        if (!Any)
        {
            (Any, Highest, _seen) = (true, index, UInt128.One);
        }
        else if (index > Highest)
        {
            var ahead = index - Highest;
            _seen = ahead >= Width ? UInt128.One : _seen << (int)ahead | UInt128.One;
            Highest = index;
        }
        else if (Highest - index < Width)
        {
            _seen |= UInt128.One << (int)(Highest - index);
        }
    }
}
