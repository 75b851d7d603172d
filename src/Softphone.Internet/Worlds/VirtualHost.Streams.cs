using Softphone.Core;

namespace Softphone.Internet;

/// <summary>
/// Virtual TCP and TLS: a handshake of one round trip, with TLS of two, in which the server shows its names; then octets in order. Segments are packets like others, so NATs and firewalls
/// see them; loss only delays them, and a segment that a NAT drops again and again ends the connection by timeout.
/// </summary>
public sealed partial class VirtualHost
{
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan StreamTimeout = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan FirstSynRepeat = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan FirstRepeat = TimeSpan.FromMilliseconds(200);

    private readonly Dictionary<(Address Local, Address Remote), StreamEnd> _streams = [];
    private readonly Dictionary<(PathId Path, Address Remote), StreamEnd> _streamsOfPath = [];
    private readonly HashSet<Address> _streamPorts = [];

    /// <summary>The most octets that a packet of a connection carries, to be agreed on as it opens: 1,460 on Ethernet, less where somebody set it (TCP_MAXSEG).</summary>
    public int MaxSegment { get; set; } = 1460;

    /// <summary>What is agreed on where a connection is to pass a path of 1,280 octets, as the real stack has it.</summary>
    private const int SmallSegmentV4 = 1220;
    private const int SmallSegmentV6 = 1200;

    /// <summary>What was lost so often, and sent again in between, does not arrive for all that the system knows.</summary>
    private const int LossesWhenStuck = 3;

    /// <summary>Stream connections of this host, those being set up included.</summary>
    public int OpenStreams => _streams.Count;

    public void Disconnect(PathId path, Address remote)
    {
        if (!_streamsOfPath.TryGetValue((path, remote), out var end)) return;
        if (end.IsEnding) return;
        SendSegment(end, WireKind.Fin, []);
        if (end.IsOpen)
        {
            Forget(end);
            return;
        }

        // What is sent from now on opens another.
        end.IsEnding = true;
        _streamsOfPath.Remove((path, remote));
    }

    public bool IsStuck(PathId path, Address remote) =>
        _streamsOfPath.TryGetValue((path, remote), out var end) && (end.IsOpen ? end.Losses >= LossesWhenStuck : end.IsTaken);

    /// <summary>
    /// The connections that are open now carry nothing any more and nobody is told, as when a firewall on the way has lost its state; new ones come
    /// about as ever.
    /// </summary>
    public void CutOffStreams()
    {
        foreach (var end in _streams.Values) end.IsCutOff = true;
    }

    /// <summary>
    /// A segment was dropped on the way. It is sent again, with pauses that double (RFC 6298 §5.5), until the connection has waited for too long; without a
    /// route it ends at once.
    /// </summary>
    /// <returns>False when it is not sent again.</returns>
    internal bool TryRepeat(StreamEnd end, Packet packet, DropReason reason)
    {
        if (end.IsClosed || packet.Kind == WireKind.Reset || reason == DropReason.CutOff) return false;
        var isSyn = packet.Kind == WireKind.Syn;
        if (isSyn && reason is DropReason.NoRoute or DropReason.LinkDown)
        {
            _world.Schedule(_world.Now, () => End(end, PathError.Unreachable));
            return false;
        }

        var first = isSyn ? FirstSynRepeat : FirstRepeat;
        if (packet.Repeats == 0) packet.LostAt = _world.Now;
        var due = _world.Now + first * (1 << packet.Repeats++);
        end.Losses = Math.Max(end.Losses, packet.Repeats);
        var limit = packet.LostAt + (isSyn ? ConnectTimeout : StreamTimeout);
        if (due >= limit)
        {
            _world.Schedule(limit, () => End(end, PathError.TimedOut));
            return false;
        }

        packet.StartAnew(end.Local, end.Remote);
        _world.Schedule(due, () =>
        {
            if (end.IsClosed) _world.Return(packet);
            else Emit(packet);
        });
        return true;
    }

    private void SendStream(Socket socket, Address remote, ReadOnlySpan<byte> payload, StreamUse use)
    {
        if (!_streamsOfPath.TryGetValue((socket.Path, remote), out var end) && (use == StreamUse.Existing || !TryConnect(socket, remote, use == StreamUse.OpenSmall, out end))) return;
        SendSegment(end, WireKind.Segment, payload);
    }

    private bool TryConnect(Socket socket, Address remote, bool isSmall, out StreamEnd end)
    {
        end = null!;
        var ip = socket.Local.Ip;
        if ((ip.IsUnspecified && !TryRoute(remote.Ip, out ip)) || !TryPickPort(stream: true, ip, out var port))
        {
            FailSoon(socket.Path, remote, PathError.Unreachable);
            return false;
        }

        var local = new Address(ip, port);
        if (socket.ConnectsFrom != 0 && NextFrom(socket, remote) is var from and not 0)
        {
            if (from != socket.ConnectsFrom) (socket.ConnectsFrom, socket.Spare) = (from, 0);
            socket.Met[remote] = from;
            local = new Address(ip, from);
        }

        _streamPorts.Add(local);
        end = Remember(new StreamEnd(this, socket.Path, socket.Transport, local, remote) { ServerName = socket.ServerName ?? remote.Ip.ToString() });
        if (isSmall) end.MaxSegment = Math.Min(end.MaxSegment, remote.Ip.IsV4 ? SmallSegmentV4 : SmallSegmentV6);
        EmitStream(end, WireKind.Syn, sequence: 0, []);
        return true;
    }

    private void SendSegment(StreamEnd end, WireKind kind, ReadOnlySpan<byte> payload)
    {
        if (end.IsOpen)
        {
            EmitStream(end, kind, end.NextToSend++, payload);
            return;
        }

        var packet = NewSegment(end, kind, end.NextToSend++, payload);
        end.Unsent.Enqueue(packet);
    }

    private void EmitStream(StreamEnd end, WireKind kind, uint sequence, ReadOnlySpan<byte> payload) =>
        Emit(NewSegment(end, kind, sequence, payload));

    private void Emit(Packet segment)
    {
        _world.Counters.Sent++;
        if (segment.Sender is { IsCutOff: true }) _world.Drop(segment, DropReason.CutOff, Name);
        else TryEmit(segment);
    }

    private Packet NewSegment(StreamEnd end, WireKind kind, uint sequence, ReadOnlySpan<byte> payload)
    {
        var packet = _world.RentPacket();
        packet.Kind = kind;
        packet.Transport = end.Transport;
        packet.Source = end.Local;
        packet.Destination = end.Remote;
        packet.Sequence = sequence;
        packet.Sender = end;
        packet.SetPayload(payload);
        return packet;
    }

    private void DeliverStream(Packet packet)
    {
        if (!_streams.TryGetValue((packet.Destination, packet.Source), out var end))
        {
            if (packet.Kind == WireKind.Syn) Accept(packet);
            else if (packet.Kind is not WireKind.Reset and not WireKind.Fin) Reset(packet);
            _world.Return(packet);
            return;
        }

        if (end.IsCutOff)
        {
            _world.Drop(packet, DropReason.CutOff, Name);
            return;
        }

        if (packet is { Repeats: > 0, Sender: { } sender }) sender.Losses = 0;
        if (packet.Kind == WireKind.SynAck) (end.IsTaken, end.MaxSegment) = (true, Math.Min(end.MaxSegment, packet.Sender!.MaxSegment));
        switch (packet.Kind)
        {
            case WireKind.SynAck when end.Transport == Transport.Tls:
                _world.Return(packet);
                EmitStream(end, WireKind.Hello, sequence: 0, []);
                break;
            case WireKind.Hello:
                _world.Return(packet);
                EmitStream(end, WireKind.HelloAck, sequence: 0, System.Text.Encoding.UTF8.GetBytes(string.Join('\n', CertificateNames)));
                break;
            case WireKind.SynAck:
                _world.Return(packet);
                Open(end);
                break;
            case WireKind.HelloAck:
                var names = System.Text.Encoding.UTF8.GetString(packet.Payload).Split('\n');
                _world.Return(packet);
                if (names.Contains(end.ServerName, StringComparer.OrdinalIgnoreCase)) Open(end);
                else Distrust(end);
                break;
            case WireKind.Reset:
                _world.Return(packet);
                End(end, end.IsOpen ? PathError.Closed : PathError.Refused);
                break;
            case WireKind.Segment or WireKind.Fin:
                end.Early.Add(packet);
                TakeEarly(end);
                break;
            default:
                _world.Return(packet);
                break;
        }
    }

    private void Open(StreamEnd end)
    {
        end.IsOpen = true;
        while (end.Unsent.TryDequeue(out var waiting)) Emit(waiting);
        if (end.IsEnding) Forget(end);
        else TakeEarly(end);
    }

    /// <summary>The certificate is another's: nothing of what waits leaves.</summary>
    private void Distrust(StreamEnd end)
    {
        EmitStream(end, WireKind.Reset, sequence: 0, []);
        End(end, PathError.TlsFailed);
    }

    private void Accept(Packet syn)
    {
        if (SocketAt(stream: true, syn.Destination) is not { } listener || listener.Transport != syn.Transport)
        {
            Reset(syn);
            return;
        }

        var end = Remember(new StreamEnd(this, listener.Path, listener.Transport, syn.Destination, syn.Source) { IsOpen = true });
        end.MaxSegment = Math.Min(end.MaxSegment, syn.Sender!.MaxSegment);
        EmitStream(end, WireKind.SynAck, sequence: 0, []);
    }

    private void Reset(Packet about)
    {
        var reset = _world.RentPacket();
        reset.Kind = WireKind.Reset;
        reset.Transport = about.Transport;
        reset.Source = about.Destination;
        reset.Destination = about.Source;
        Emit(reset);
    }

    /// <summary>Hands over the segments whose turn it is.</summary>
    private void TakeEarly(StreamEnd end)
    {
        while (end.IsOpen && !end.IsClosed)
        {
            var next = end.Early.FindIndex(p => p.Sequence == end.NextToTake);
            if (next < 0) return;
            var packet = end.Early[next];
            end.Early.RemoveAt(next);
            end.NextToTake++;
            if (packet.Kind == WireKind.Fin)
            {
                _world.Return(packet);
                End(end, PathError.Closed);
                return;
            }

            _machine?.Receive(new Datagram(_world.Now, end.Path, end.Remote, packet.Payload));
            _world.Return(packet);
            Settle();
        }
    }

    private StreamEnd Remember(StreamEnd end)
    {
        _streams.Add((end.Local, end.Remote), end);
        _streamsOfPath[(end.Path, end.Remote)] = end;
        return end;
    }

    private void Forget(StreamEnd end)
    {
        end.IsClosed = true;
        _streams.Remove((end.Local, end.Remote));
        if (_streamsOfPath.GetValueOrDefault((end.Path, end.Remote)) == end) _streamsOfPath.Remove((end.Path, end.Remote));
        if (!_streams.Keys.Any(ends => ends.Local == end.Local)) _streamPorts.Remove(end.Local);
        while (end.Unsent.TryDequeue(out var packet)) _world.Return(packet);
        foreach (var packet in end.Early) _world.Return(packet);
        end.Early.Clear();
    }

    private void End(StreamEnd end, PathError error)
    {
        if (end.IsClosed) return;
        Forget(end);
        if (!end.IsEnding) Fail(end.Path, end.Remote, error);
    }
}
