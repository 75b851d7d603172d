using System.Globalization;
using Softphone.Core;
using Softphone.Nat;

namespace Softphone.Interop;

/// <summary>
/// Our end of an ICE session without SIP (Peers/README.md): a media transport that pings the other end over its selected pairs and
/// sends the other's pings back. Lives on the pump's thread.
/// </summary>
internal sealed class IcePeer : IMachine
{
    private const int Pings = 40;
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(6);

    private readonly MediaTransport _transport;
    private readonly int _components;
    private readonly Action<string> _say;
    private readonly Candidate?[] _local = new Candidate?[3];
    private readonly Candidate?[] _remote = new Candidate?[3];
    private readonly int[] _echoed = new int[3];
    private readonly int[] _heard = new int[3];
    private readonly byte[] _packet = new byte[1500];
    private readonly bool[] _usable = new bool[3];
    private bool _isConnected;
    private bool _isNominated;
    private Instant _began;
    private Instant? _nextPing;
    private int _sent;

    public IcePeer(MediaTransport transport, int components, Action<string> say)
    {
        _transport = transport;
        _components = components;
        _say = say;
    }

    public bool IsClosed { get; private set; }

    public Instant? NextTimeout => Instant.Earlier(_transport.NextTimeout, _nextPing);

    public void Gather(Instant now, bool isControlling) => _transport.Gather(now, isControlling);

    public void SetRemote(Instant now, RemoteIce remote)
    {
        _began = now;
        _transport.SetRemote(now, new RemoteMedia { Rtp = remote.Candidates[0].Address, Ice = remote, Mux = _components == 1 });
    }

    /// <summary>The selected pairs, as they are now.</summary>
    public void TellSelected()
    {
        for (var component = 1; component <= _components; component++)
        {
            if (_local[component] is { } local && _remote[component] is { } remote)
                _say($"selected {component} {Candidate.Name(local.Type)} {local.Address} {local.Base} {Candidate.Name(remote.Type)} {remote.Address}");
        }

        _say("");
    }

    public void Close(Instant now)
    {
        _nextPing = null;
        _transport.Close(now);
    }

    public void Receive(in Datagram datagram)
    {
        if (!_transport.Receive(datagram, out var media) || media.Payload.Length is < 13 or > 1500) return;
        var component = media.Path.Value;
        if (media.Payload[12] == 'E') _echoed[component]++;
        if (media.Payload[12] != 'P') return;
        _heard[component]++;
        media.Payload.CopyTo(_packet);
        _packet[12] = (byte)'E';
        _transport.Send(datagram.At, component, _packet.AsSpan(0, media.Payload.Length));
    }

    public void Fail(in PathFailure failure) => _transport.Fail(failure);

    public void Advance(Instant now)
    {
        _transport.Advance(now);
        if (_nextPing <= now) Ping(now);
    }

    public bool TryTransmit(Span<byte> buffer, out Transmit transmit) => _transport.TryTransmit(buffer, out transmit);

    /// <summary>Takes the transport's events.</summary>
    public void Drain(Instant now)
    {
        while (_transport.TryEvent(out var happened))
        {
            switch (happened)
            {
                case MediaTransportEvent.Gathered gathered:
                    IceLines.Write(gathered.Local, _say);
                    break;
                case MediaTransportEvent.Selected selected:
                    _local[selected.Component] = selected.Local;
                    _remote[selected.Component] = selected.Remote;
                    if (!_isNominated && _remote.Count(r => r is not null) == _components)
                    {
                        _isNominated = true;
                        Tell("nominated", now);
                    }

                    break;
                case MediaTransportEvent.PathUsable usable:
                    Connected(now, usable.Component);
                    break;
                case MediaTransportEvent.Failed failed:
                    _say($"failed {failed.Fault}");
                    break;
                case MediaTransportEvent.Closed:
                    IsClosed = true;
                    break;
            }
        }
    }

    private void Connected(Instant now, int component)
    {
        _usable[component] = true;
        if (_isConnected || _usable.Count(u => u) < _components) return;
        _isConnected = true;
        Tell("connected", now);
        _nextPing = now;
    }

    private void Tell(string what, Instant now) =>
        _say(string.Create(CultureInfo.InvariantCulture, $"{what} {(now - _began).TotalMilliseconds:F1}"));

    private void Ping(Instant now)
    {
        var fewest = _echoed.Skip(1).Take(_components).Min();
        if (fewest >= Pings || now - _began > Limit)
        {
            _nextPing = null;
            for (var component = 1; component <= _components; component++) _say($"data {component} {_sent} {_echoed[component]} {_heard[component]}");
            _say("done");
            return;
        }

        _nextPing = now + Interval;
        for (var component = 1; component <= _components; component++)
        {
            var packet = _packet.AsSpan(0, 44);
            packet.Clear();
            packet[0] = 0x80;
            packet[1] = (byte)(component == 1 ? 96 : 200);
            packet[2] = (byte)(_sent >> 8);
            packet[3] = (byte)_sent;
            "OURSP"u8.CopyTo(packet[8..]);
            _transport.Send(now, component, packet);
        }

        _sent++;
    }
}
