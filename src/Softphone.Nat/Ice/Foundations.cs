using Softphone.Core;

namespace Softphone.Nat;

/// <summary>
/// Gives local candidates their foundation: the same one exactly when type, base address, transport and server address are the same
/// (RFC 8445 §5.1.1.3). Ports do not count, so RTP and RTCP candidates of one kind share it.
/// </summary>
public sealed class Foundations
{
    private readonly Dictionary<(CandidateType Type, IpAddress Base, Transport Transport, IpAddress Server), string> _known = [];

    public string Of(CandidateType type, IpAddress baseAddress, Transport transport, IpAddress server = default)
    {
        var key = (type, baseAddress, transport, server);
        if (!_known.TryGetValue(key, out var foundation))
            _known[key] = foundation = (_known.Count + 1).ToString(System.Globalization.CultureInfo.InvariantCulture);
        return foundation;
    }
}
