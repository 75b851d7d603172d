using Softphone.Core;

namespace Softphone.Nat;

/// <summary>
/// TCP candidates of our own addresses (RFC 6544 §5): beside each socket a path that connects and one that listens, where the profile
/// asks for them.
/// </summary>
internal sealed partial class Gatherer
{
    /// <summary>What an active candidate shows for a port (RFC 6544 §4.5).</summary>
    private const ushort DiscardPort = 9;

    private const int PortTries = 4;
    private const int FirstPort = 49_152;
    private readonly List<Candidate> _streams = [];

    /// <summary>The host candidate of this stream path; null when the path is none.</summary>
    public Candidate? StreamAt(PathId path)
    {
        foreach (var stream in _streams)
            if (stream.Path == path) return stream;
        return null;
    }

    private void OpenStreams(Instant now, MediaSocket socket)
    {
        if (!_options.Tcp || _options.Mode is IceMode.None or IceMode.RelayOnly) return;
        var ip = socket.Address.Ip;
        var foundation = _foundations.Of(CandidateType.Host, ip, Transport.Tcp);
        if (_network.TryOpen(Transport.Tcp, ip, 0, out var active, out _, out _))
            AddStream(now, Candidate.HostStream(socket.Component, active, new Address(ip, DiscardPort), TcpType.Active, socket.Rank, foundation));
        if (TryListen(socket.Address, out var passive, out var bound))
            AddStream(now, Candidate.HostStream(socket.Component, passive, bound, TcpType.Passive, socket.Rank, foundation));
    }

    /// <summary>The number of the UDP port, which is free for TCP as a rule; else another.</summary>
    private bool TryListen(Address beside, out PathId path, out Address bound)
    {
        if (_network.TryOpen(Transport.Tcp, beside.Ip, beside.Port, out path, out bound, out _)) return true;
        for (var i = 0; i < PortTries; i++)
        {
            var port = (ushort)(FirstPort + _entropy.NextInt(ushort.MaxValue + 1 - FirstPort));
            if (_network.TryOpen(Transport.Tcp, beside.Ip, port, out path, out bound, out _)) return true;
        }

        return false;
    }

    private void AddStream(Instant now, Candidate stream)
    {
        _streams.Add(stream);
        if (_trace.IsOn) _trace.Emit(new GatherTrace.SocketOpened(now, _source, stream.Component, stream.Address, Transport.Tcp));
        Add(stream);
    }

    private void DropStreams(MediaSocket socket)
    {
        foreach (var stream in _streams.FindAll(s => s.Component == socket.Component && s.Address.Ip == socket.Address.Ip))
        {
            _streams.Remove(stream);
            _found.RemoveAll(c => c.Path == stream.Path);
            _network.Close(stream.Path);
            _gone.Enqueue(stream.Path);
        }
    }

    private void CloseStreams()
    {
        foreach (var stream in _streams) _network.Close(stream.Path);
        _streams.Clear();
    }
}
