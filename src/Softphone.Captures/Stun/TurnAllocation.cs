namespace Softphone.Captures;

/// <summary>What one client has of one TURN server, as far as the capture shows it.</summary>
public sealed class TurnAllocation
{
    private const int MostChannels = 4096;
    private const int MostRefusals = 64;

    private readonly Dictionary<ushort, Address> _channels = [];
    private readonly List<StunExchange> _refused = [];

    internal TurnAllocation(Address client, Address server, Transport transport) => (Client, Server, Transport) = (client, server, transport);

    public Address Client { get; }

    public Address Server { get; }

    /// <summary>How the client reaches the server.</summary>
    public Transport Transport { get; }

    /// <summary>Not valid while nothing was allocated.</summary>
    public Address Relay { get; internal set; }

    /// <summary>What the server saw of the client.</summary>
    public Address Mapped { get; internal set; }

    /// <summary>Requests that were refused, but for the challenges that are part of the way (401 without credentials, 438).</summary>
    public IReadOnlyList<StunExchange> Refused => _refused;

    /// <summary>Requests for it that nobody answered, until now.</summary>
    public IReadOnlyCollection<StunExchange> Waiting => Pending;

    internal HashSet<StunExchange> Pending { get; } = [];

    internal void Bind(ushort channel, in Address peer)
    {
        if (_channels.Count < MostChannels || _channels.ContainsKey(channel)) _channels[channel] = peer;
    }

    internal bool TryPeer(ushort channel, out Address peer) => _channels.TryGetValue(channel, out peer);

    internal void Refuse(StunExchange request)
    {
        if (_refused.Count < MostRefusals) _refused.Add(request);
    }
}
