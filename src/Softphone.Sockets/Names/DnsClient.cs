using System.Buffers.Binary;
using System.Diagnostics;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace Softphone.Sockets;

/// <summary>
/// Asks DNS servers over UDP, each try from a fresh port with a fresh id (RFC 5452 §9), and over TCP when the answer was cut
/// (RFC 7766). Who is asked when is <see cref="DnsRace"/>'s to say, and in which order <see cref="SilentServers"/>'.
/// </summary>
internal sealed class DnsClient
{
    private readonly SilentServers _silent = new();

    /// <returns>The answer, or none, and then whether a server said that it cannot.</returns>
    public async Task<(DnsMessage? Answer, bool WasRefused)> AskAsync(DnsSettings settings, string name, DnsType type)
    {
        var first = settings.Rotates && settings.Servers.Count > 0 ? RandomNumberGenerator.GetInt32(settings.Servers.Count) : 0;
        var servers = _silent.InOrder(settings.Servers, first);
        if (_silent.TryRecheck(BootClock.Now, out var dead)) Guarded.Begin(() => RecheckAsync(dead, settings.Patience, name, type));
        var race = new DnsRace(servers.Count, settings.Attempts, settings.Patience);
        var clock = Stopwatch.StartNew();
        using var stop = new CancellationTokenSource();
        var running = new List<Task<(int Server, DnsMessage? Answer)>>();
        try
        {
            while (!race.IsOver(clock.Elapsed))
            {
                while (race.TryAsk(clock.Elapsed, out var server)) running.Add(TryAsync(server, servers[server], name, type, stop.Token));
                var wait = race.Due - clock.Elapsed;
                var pause = Task.Delay(wait > TimeSpan.Zero ? wait : TimeSpan.Zero, stop.Token);
                var done = await Task.WhenAny([.. running, pause]).ConfigureAwait(false);
                if (done is not Task<(int Server, DnsMessage? Answer)> tried) continue;
                running.Remove(tried);
                var (asked, answer) = await tried.ConfigureAwait(false);
                if (answer?.ResponseCode is DnsMessage.NoError or DnsMessage.NameError)
                {
                    _silent.Note(BootClock.Now, servers[asked], servers.Where((_, other) => other != asked && race.IsSilent(clock.Elapsed, other)));
                    return (answer, race.WasRefused);
                }

                race.Fail(clock.Elapsed, asked, hasAnswered: answer is not null);
            }

            return (null, race.WasRefused);
        }
        finally
        {
            await stop.CancelAsync().ConfigureAwait(false);
        }
    }

    /// <summary>The question is answered by others meanwhile; only whether this server speaks again is learned.</summary>
    private async Task RecheckAsync(Address server, TimeSpan patience, string name, DnsType type)
    {
        using var stop = new CancellationTokenSource(patience);
        var (_, answer) = await TryAsync(0, server, name, type, stop.Token).ConfigureAwait(false);
        if (answer is not null) _silent.Note(BootClock.Now, server, []);
    }

    /// <returns>No answer where the server cannot be asked.</returns>
    private static async Task<(int Server, DnsMessage? Answer)> TryAsync(int index, Address server, string name, DnsType type, CancellationToken stop)
    {
        try
        {
            var answer = await OverUdpAsync(server, name, type, stop).ConfigureAwait(false);
            if (answer.IsTruncated) answer = await OverTcpAsync(server, name, type, stop).ConfigureAwait(false) ?? answer;
            return (index, answer);
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException)
        {
            return (index, null);
        }
    }

    private static async Task<DnsMessage> OverUdpAsync(Address server, string name, DnsType type, CancellationToken stop)
    {
        var buffer = new byte[4096];
        var id = NewId();
        using var socket = new Socket(SocketAddresses.FamilyOf(server.Ip), SocketType.Dgram, ProtocolType.Udp);

        // Connected, so that only this server can answer and a closed port is known at once.
        await socket.ConnectAsync(server.ToEndPoint(), stop).ConfigureAwait(false);
        await socket.SendAsync(buffer.AsMemory(0, DnsMessage.WriteQuery(buffer, id, name, type)), stop).ConfigureAwait(false);
        while (true)
        {
            var length = await socket.ReceiveAsync(buffer, SocketFlags.None, stop).ConfigureAwait(false);
            if (DnsMessage.TryParse(buffer.AsSpan(0, length), out var answer, out _) && answer.Answers(id, name, type)) return answer;
        }
    }

    private static async Task<DnsMessage?> OverTcpAsync(Address server, string name, DnsType type, CancellationToken stop)
    {
        var buffer = new byte[2 + ushort.MaxValue];
        var id = NewId();
        var length = DnsMessage.WriteQuery(buffer.AsSpan(2), id, name, type);
        BinaryPrimitives.WriteUInt16BigEndian(buffer, (ushort)length);
        using var socket = new Socket(SocketAddresses.FamilyOf(server.Ip), SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(server.ToEndPoint(), stop).ConfigureAwait(false);
        await using var stream = new NetworkStream(socket);
        try
        {
            await stream.WriteAsync(buffer.AsMemory(0, length + 2), stop).ConfigureAwait(false);
            await stream.ReadExactlyAsync(buffer.AsMemory(0, 2), stop).ConfigureAwait(false);
            length = BinaryPrimitives.ReadUInt16BigEndian(buffer);
            await stream.ReadExactlyAsync(buffer.AsMemory(0, length), stop).ConfigureAwait(false);
        }
        catch (IOException)
        {
            return null;
        }

        return DnsMessage.TryParse(buffer.AsSpan(0, length), out var answer, out _) && answer.Answers(id, name, type) ? answer : null;
    }

    private static ushort NewId() => (ushort)RandomNumberGenerator.GetInt32(1 << 16);
}
