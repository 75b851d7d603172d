using System.Text;
using Softphone.Cli;
using Softphone.Core;

namespace Softphone.Cli.Tests;

/// <summary>A capture around a network and a machine that do only what the test says, at a time that the test sets.</summary>
internal sealed class CaptureBench : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("softphone-pcap-").FullName;
    private readonly PacketCapture _capture;
    private readonly Fake _fake = new();
    private readonly byte[] _buffer = new byte[Limits.Datagram];
    private readonly CapturedNetwork _network;
    private readonly CapturedMachine _machine;
    private bool _closed;

    public CaptureBench()
    {
        Assert.True(PacketCapture.TryOpen(FilePath, () => TimeSpan.FromSeconds(20), out var capture, out _));
        _capture = capture;
        _network = new CapturedNetwork(_fake, capture);
        _machine = new CapturedMachine(_fake, capture, () => Now, at => Epoch + (at - Instant.Zero));
    }

    public static DateTimeOffset Epoch { get; } = new(2026, 11, 21, 3, 4, 5, TimeSpan.Zero);

    public string FilePath => Path.Combine(_folder, "call.pcap");

    public Instant Now { get; set; }

    /// <summary>What the machine itself was given.</summary>
    public List<byte[]> Given => _fake.Given;

    /// <param name="transport">UDP, TCP or TLS.</param>
    /// <param name="bound">What the network says it bound; a wildcard is asked for.</param>
    public PathId Open(Transport transport, string bound)
    {
        var address = Address.Parse(bound);
        _fake.Bound = address;
        Assert.True(_network.TryOpen(transport, IpAddress.AnyV4, 0, out var path, out var told, out _));
        Assert.Equal(address, told);
        return path;
    }

    public void Close(PathId path)
    {
        _network.Close(path);
        Assert.Contains(path, _fake.ClosedPaths);
    }

    public void Receive(PathId path, string remote, byte[] payload) => _machine.Receive(new Datagram(Now, path, Address.Parse(remote), payload));

    public void Send(PathId path, string remote, byte[] payload)
    {
        _fake.Outgoing.Enqueue(path, Address.Parse(remote), payload);
        Assert.True(_machine.TryTransmit(_buffer, out var transmit));
        Assert.Equal((path, payload.Length), (transmit.Path, transmit.Length));
        Assert.False(_machine.TryTransmit(_buffer, out _));
    }

    public void Receive(PathId path, string remote, string text) => Receive(path, remote, Encoding.UTF8.GetBytes(text));

    public void Send(PathId path, string remote, string text) => Send(path, remote, Encoding.UTF8.GetBytes(text));

    /// <summary>Ends the capture and reads its file.</summary>
    public IReadOnlyList<PcapReader.Packet> Packets()
    {
        Finish();
        return PcapReader.Read(FilePath);
    }

    public void Finish()
    {
        if (_closed) return;
        _closed = true;
        _capture.Dispose();
        Assert.Null(_capture.Failure);
    }

    public void Dispose()
    {
        _capture.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private sealed class Fake : INetwork, IMachine
    {
        private int _paths;

        public Address Bound { get; set; }

        public TransmitQueue Outgoing { get; } = new();

        public List<byte[]> Given { get; } = [];

        public List<PathId> ClosedPaths { get; } = [];

        public IReadOnlyList<LocalInterface> Interfaces => [];

        public Instant? NextTimeout => null;

        public bool TryOpen(Transport transport, IpAddress local, ushort port, out PathId path, out Address bound, out PathError error, string? serverName = null)
        {
            path = new PathId(++_paths);
            bound = Bound;
            error = default;
            return true;
        }

        public void Close(PathId path) => ClosedPaths.Add(path);

        public void Disconnect(PathId path, Address remote)
        {
        }

        public bool TryRoute(IpAddress remote, out IpAddress local)
        {
            local = default;
            return false;
        }

        public void Receive(in Datagram datagram) => Given.Add(datagram.Payload.ToArray());

        public void Fail(in PathFailure failure)
        {
        }

        public void Advance(Instant now)
        {
        }

        public bool TryTransmit(Span<byte> buffer, out Transmit transmit) => Outgoing.TryDequeue(buffer, out transmit);
    }
}
