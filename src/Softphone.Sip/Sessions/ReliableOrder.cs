namespace Softphone.Sip;

/// <summary>
/// The reliable provisional responses of one branch to one request, taken in the order of their numbers (RFC 3262 §4): what comes again was acknowledged,
/// and what comes too early is not, so that it comes again.
/// </summary>
internal sealed class ReliableOrder
{
    private uint? _last;

    /// <summary>Whether the response with this number is the next one; if so it is taken. The first may have any.</summary>
    public bool TryTake(uint number)
    {
        if (_last is { } last && (last == uint.MaxValue || number != last + 1)) return false;
        _last = number;
        return true;
    }
}
