namespace Softphone.Captures;

/// <summary>
/// Where the capture was taken. Of a phone's or a server's own every packet goes from or to it; of a wire there is no such address.
/// </summary>
internal sealed class Vantage
{
    private const int MostHosts = 4096;

    private readonly Dictionary<IpAddress, long> _seen = [];
    private long _packets;

    public void Saw(IpAddress from, IpAddress to)
    {
        _packets++;
        Count(from);
        if (to != from) Count(to);
    }

    /// <summary>The host has a part in nearly all of it.</summary>
    public bool Is(IpAddress host) => _packets > 0 && _seen.GetValueOrDefault(host) * 10 >= _packets * 9;

    private void Count(IpAddress host)
    {
        if (_seen.Count < MostHosts || _seen.ContainsKey(host)) _seen[host] = _seen.GetValueOrDefault(host) + 1;
    }
}
