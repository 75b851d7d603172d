namespace Softphone.Core;

/// <summary>
/// A point on the owner's clock, in nanoseconds since an origin of the owner's choice. The real shell counts time spent in
/// suspend; the virtual internet starts at zero. Only differences mean anything.
/// </summary>
public readonly record struct Instant(long Nanoseconds) : IComparable<Instant>
{
    public static Instant Zero => default;

    public static Instant operator +(Instant at, TimeSpan by) => new(at.Nanoseconds + by.Ticks * 100);

    public static Instant operator -(Instant at, TimeSpan by) => new(at.Nanoseconds - by.Ticks * 100);

    public static TimeSpan operator -(Instant later, Instant earlier) => new((later.Nanoseconds - earlier.Nanoseconds) / 100);

    public static bool operator <(Instant a, Instant b) => a.Nanoseconds < b.Nanoseconds;

    public static bool operator >(Instant a, Instant b) => a.Nanoseconds > b.Nanoseconds;

    public static bool operator <=(Instant a, Instant b) => a.Nanoseconds <= b.Nanoseconds;

    public static bool operator >=(Instant a, Instant b) => a.Nanoseconds >= b.Nanoseconds;

    /// <summary>The earlier of two deadlines, where null means that nothing is pending.</summary>
    public static Instant? Earlier(Instant? a, Instant? b) =>
        a is not { } x ? b : b is not { } y ? a : x <= y ? a : b;

    public int CompareTo(Instant other) => Nanoseconds.CompareTo(other.Nanoseconds);

    /// <summary>Seconds since the origin, with six decimals.</summary>
    public override string ToString() =>
        (Nanoseconds / 1e9).ToString("F6", System.Globalization.CultureInfo.InvariantCulture);
}
