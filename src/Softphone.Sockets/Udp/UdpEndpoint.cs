using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Softphone.Sockets;

/// <summary>
/// One UDP socket bound to one address. Receiving survives every socket error; what a destination answered by ICMP is told to the
/// machine as a failure of that destination and of no other. Nothing is allocated for a packet.
/// </summary>
internal sealed class UdpEndpoint : Pollable
{
    /// <summary>Packets taken in one turn, so that one busy socket does not starve the others.</summary>
    private const int Burst = 32;

    /// <summary>
    /// There the calls of the C library are made directly: an empty socket is then a number and no exception, so that nobody has to ask
    /// before each packet whether there is one.
    /// </summary>
    private static readonly bool IsLinux = OperatingSystem.IsLinux();

    private const int SioUdpConnReset = unchecked((int)0x9800000C);

    private readonly Pump _pump;
    private readonly PathId _path;
    private readonly bool _isV6;
    private readonly bool _queuesErrors;
    private readonly System.Net.SocketAddress _from;
    private readonly System.Net.SocketAddress _to;
    private readonly int _addressSize;
    private readonly int _descriptor;

    private UdpEndpoint(Pump pump, PathId path, Socket socket, bool isV6)
        : base(socket)
    {
        _pump = pump;
        _path = path;
        _isV6 = isV6;
        _from = SocketAddresses.For(socket.AddressFamily);
        _to = SocketAddresses.For(socket.AddressFamily);
        _addressSize = _from.Size;
        _to.Size = isV6 ? SocketAddresses.V6Size : SocketAddresses.V4Size;
        _descriptor = IsLinux ? (int)socket.Handle : -1;
        _queuesErrors = ErrorQueue.TryEnable(socket, isV6);
    }

    public override bool IsSteady => true;

    public Address Bound { get; private set; }

    public static UdpEndpoint Open(Pump pump, PathId path, IpAddress local, ushort port, PumpOptions options)
    {
        var socket = new Socket(SocketAddresses.FamilyOf(local), SocketType.Dgram, ProtocolType.Udp);
        try
        {
            if (local.IsV6) socket.DualMode = false;
            socket.Blocking = false;
            socket.Bind(new Address(local, port).ToEndPoint());
            MarkPackets(socket, local.IsV6, options.Dscp);
            if (options.ReceiveBuffer > 0) socket.ReceiveBufferSize = options.ReceiveBuffer;
            if (OperatingSystem.IsWindows()) socket.IOControl(SioUdpConnReset, [0, 0, 0, 0], null);
            return new UdpEndpoint(pump, path, socket, local.IsV6) { Bound = new Address(local, socket.LocalEndPoint.ToAddress().Port) };
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    public override void OnReady(Readiness found)
    {
        if ((found & Readiness.Error) != 0) TakeErrors();
        if ((found & Readiness.Readable) == 0) return;
        for (var i = 0; i < Burst && !IsClosed && (i == 0 || _pump.MayGoOn(this)); i++)
        {
            var error = TryReceive(out var length);
            if (error == SocketError.WouldBlock) return;
            if (error != SocketError.Success)
            {
                // A pending ICMP error, or a datagram with a wrong checksum: neither says anything about the next one.
                TakeErrors();
                return;
            }

            _pump.Take(new Datagram(_pump.Now, _path, _from.Read(), _pump.ReceiveBuffer.AsSpan(0, length)));
            if (!IsLinux && (IsClosed || Socket.Available == 0)) return;
        }
    }

    public void Send(ReadOnlySpan<byte> payload, in Address remote)
    {
        if (remote.Ip.IsV6 != _isV6 || remote.Port == 0)
        {
            _pump.Report(_path, remote, PathError.Unreachable);
            return;
        }

        _to.Write(remote);
        var error = TrySend(payload);
        if (error == SocketError.Success || error.IsPassing()) return;

        // The error may be an older one, of another destination: the kernel hands it to whoever calls next. Take it and try again.
        TakeErrors();
        error = TrySend(payload);
        if (error == SocketError.Success || error.IsPassing()) return;
        _pump.Report(_path, remote, error.ToPathError());
    }

    private unsafe SocketError TryReceive(out int length)
    {
        length = 0;
        if (IsLinux)
        {
            fixed (byte* buffer = _pump.ReceiveBuffer)
            fixed (byte* from = _from.Buffer.Span)
            {
                var size = (uint)_addressSize;
                length = (int)Libc.ReceiveFrom(_descriptor, buffer, (nuint)_pump.ReceiveBuffer.Length, Libc.DontWait, from, &size);
            }

            return length >= 0 ? SocketError.Success : SocketErrors.OfLinux(Marshal.GetLastPInvokeError());
        }

        try
        {
            _from.Size = _addressSize;
            length = Socket.ReceiveFrom(_pump.ReceiveBuffer, SocketFlags.None, _from);
            return SocketError.Success;
        }
        catch (SocketException e)
        {
            return e.SocketErrorCode == SocketError.WouldBlock ? SocketError.WouldBlock : SocketError.SocketError;
        }
    }

    private unsafe SocketError TrySend(ReadOnlySpan<byte> payload)
    {
        if (IsLinux)
        {
            fixed (byte* octets = payload)
            fixed (byte* to = _to.Buffer.Span)
            {
                return Libc.SendTo(_descriptor, octets, (nuint)payload.Length, Libc.DontWait, to, (uint)_to.Size) >= 0
                    ? SocketError.Success
                    : SocketErrors.OfLinux(Marshal.GetLastPInvokeError());
            }
        }

        try
        {
            Socket.SendTo(payload, SocketFlags.None, _to);
            return SocketError.Success;
        }
        catch (SocketException e)
        {
            return e.SocketErrorCode;
        }
    }

    private void TakeErrors()
    {
        if (IsClosed) return;
        while (_queuesErrors && ErrorQueue.TryTake(Socket, _isV6, out var remote, out var error))
            _pump.Report(_path, remote, error);
        _ = Socket.GetSocketOption(SocketOptionLevel.Socket, SocketOptionName.Error);
    }

    /// <summary>DSCP (RFC 2474) in the upper six bits; a system that forbids it still carries the packets.</summary>
    private static void MarkPackets(Socket socket, bool isV6, int dscp)
    {
        try
        {
            if (!isV6) socket.SetSocketOption(SocketOptionLevel.IP, SocketOptionName.TypeOfService, dscp << 2);
            else if (!OperatingSystem.IsWindows())
                socket.SetRawSocketOption(41, OperatingSystem.IsLinux() ? 67 : 36, BitConverter.GetBytes(dscp << 2));
        }
        catch (SocketException)
        {
        }
    }
}
