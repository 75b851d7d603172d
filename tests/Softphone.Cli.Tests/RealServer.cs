using Softphone.Core;
using Softphone.Lab;
using Softphone.Sockets;

namespace Softphone.Cli.Tests;

/// <summary>The lab's STUN and TURN server on loopback, on a port that was free.</summary>
internal sealed class RealServer : IDisposable
{
    private readonly Pump _pump = new();

    public RealServer()
    {
        for (var tries = 0; ; tries++)
        {
            var port = (ushort)Random.Shared.Next(20_000, 32_000);
            var server = new StunTurnServer(
                new StunServerOptions(IpAddress.LoopbackV4) { Port = port },
                new TurnServerOptions(new Address(IpAddress.LoopbackV4, port), "lab.test")
                {
                    Users = new Dictionary<string, string> { ["alice"] = "alice-secret" },
                    Peers = new PeerPolicy { AllowsLoopback = true },
                },
                _pump,
                new SystemEntropy());
            Port = port;
            if (server.TryStart(out var error))
            {
                _pump.Start(server);
                return;
            }

            Assert.True(tries < 20, $"no port for the server: {error}");
        }
    }

    public ushort Port { get; }

    public void Dispose() => _pump.Dispose();
}
