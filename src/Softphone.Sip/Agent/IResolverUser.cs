using Softphone.Core;

namespace Softphone.Sip;

/// <summary>Who asked where a URI leads.</summary>
internal interface IResolverUser
{
    /// <summary>All is known; no target when it leads nowhere.</summary>
    /// <param name="now">Now.</param>
    /// <param name="targets">In the order to try.</param>
    /// <param name="last">What was answered last; null when nothing had to be asked.</param>
    void OnResolved(Instant now, IReadOnlyList<Target> targets, NameAnswer? last);
}
