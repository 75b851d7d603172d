using Softphone.Core;
using Softphone.Lab;
using Softphone.Nat;
using Softphone.Phone;

namespace Softphone.Scenarios;

/// <summary>STUN and TURN servers found by the records of their domain, and reached by whatever the network lets through.</summary>
public sealed class TurnNamesTests
{
    [Theory]
    [InlineData("symmetric", Transport.Udp)]
    [InlineData("udp-blocked", Transport.Tcp)]
    [InlineData("udp-blocked", Transport.Tls)]
    [Rfc("8489", "8", Line = "S39")]
    [Rfc("5928", "3", Line = "T34")]
    public void Service_WithoutAPort_IsFoundBySrvRecords(string nat, Transport transport)
    {
        // The domain itself has the SIP server's address and nothing on the ports of TURN: only the records lead there.
        using var bench = Bench(nat, transport, new ServerName(DemoWorld.Domain, transport == Transport.Tls ? (ushort)5349 : (ushort)3478) { IsService = true });
        if (transport == Transport.Tls) bench.Demo.TurnHost.CertificateNames = [DemoWorld.Domain];
        Talks(bench);
        var relayed = bench.Alice.Machine.Trace.Entries.OfType<IceTrace.CandidateAdded>().First(t => t is { IsLocal: true, Candidate.Type: CandidateType.Relayed }).Candidate;
        bench.That(relayed.RelayedBy == transport && relayed.Server.Ip == DemoWorld.TurnAddress.Ip, $"{relayed}");
        bench.ShutDown();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    [Rfc("8489", "8", Line = "S39")]
    public void Service_WithoutRecords_IsAtTheNameAndTheUsualPort(bool hasRootRecord)
    {
        using var bench = Bench("symmetric", Transport.Udp, new ServerName(DemoWorld.TurnName, 3478) { IsService = true });
        if (hasRootRecord) bench.World.Names.AddSrv($"_turn._udp.{DemoWorld.TurnName}", new SrvRecord(0, 0, 0, "."));
        Talks(bench);
        bench.ShutDown();
    }

    [Fact]
    [Rfc("8489", "6.2.3", Line = "T32")]
    public void Certificate_OfAnotherName_GivesNoRelayAndSaysWhy()
    {
        using var bench = Bench("udp-blocked", Transport.Tls, new ServerName(DemoWorld.TurnName, 5349));
        bench.Demo.TurnHost.CertificateNames = ["turn.example.net"];
        bench.Register().Dial(new CallOptions { Duration = TimeSpan.FromSeconds(2) });
        var (alice, _) = bench.UntilEnded(75);
        bench.That(alice.Path != "relay" && alice.Explanation.Contains("no TLS with it", StringComparison.Ordinal), alice.Explanation);
    }

    private static CallBench Bench(string nat, Transport transport, ServerName server) => new(
        new DemoOptions { NatA = NatBehavior.Named(nat), NatB = NatBehavior.Symmetric },
        new BenchOptions
        {
            Turn = true,
            Adjust = (name, o) => name != "alice" ? o with { Nat = o.Nat with { TurnServers = [] } } : o with
            {
                Nat = o.Nat with { StunServers = [], TurnServers = [new TurnAccount(server, name, DemoWorld.PasswordOf(name)) { Transport = transport }] },
            },
        });

    private static void Talks(CallBench bench)
    {
        bench.Register().Dial(new CallOptions { Duration = TimeSpan.FromSeconds(2) });
        var (alice, bob) = bench.UntilEnded(30);
        bench.That(alice is { Path: "relay", Audio: AudioOutcome.TwoWay } && bob.Audio == AudioOutcome.TwoWay, $"{alice.Path} {alice.Audio} {bob.Audio} {alice.Explanation}");
    }
}
