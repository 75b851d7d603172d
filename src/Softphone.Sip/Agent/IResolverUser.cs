using Softphone.Core;

namespace Softphone.Sip;

/// <summary>Who asked where a URI leads.</summary>
internal interface IResolverUser
{
    /// <summary>All is known; no target when it leads nowhere.</summary>
    void OnResolved(Instant now, IReadOnlyList<Target> targets);
}
