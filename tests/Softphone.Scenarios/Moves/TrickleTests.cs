using System.Text;
using Softphone.Core;
using Softphone.Lab;
using Softphone.Phone;
using Softphone.Sip;

namespace Softphone.Scenarios;

/// <summary>Candidates that come late are told by INFO, and calls do not wait for them.</summary>
public sealed class TrickleTests
{
    private static readonly BenchOptions Hasty = new() { Adjust = (_, o) => o with { Nat = o.Nat with { GatherBudget = TimeSpan.FromMilliseconds(10) } } };

    [Theory]
    [InlineData("port-restricted")]
    [InlineData("symmetric")]
    [Rfc("8840", "4.2", Line = "I31")]
    [Rfc("8838", "14", Line = "I32")]
    public void Candidates_AfterTheDescriptions_GoByInfoAndMakeThePath(string nat)
    {
        var behavior = nat == "symmetric" ? NatBehavior.Symmetric : NatBehavior.PortRestricted;
        using var bench = new CallBench(new DemoOptions { NatA = behavior, NatB = behavior }, Hasty);
        bench.Connect();
        bench.Run(3);
        var infos = Messages(bench.Alice, "INFO ").Concat(Messages(bench.Bob, "INFO ")).ToList();
        bench.That(infos.Count > 0 && infos.All(m => m.Text.Contains("Info-Package: trickle-ice", StringComparison.Ordinal)), $"{infos.Count} INFOs");
        bench.That(!Messages(bench.Alice, "INVITE ").Any(m => m.Text.Split("To:")[1].Split('\n')[0].Contains("tag", StringComparison.Ordinal)), "a re-INVITE was needed");
        bench.HangUp();
        var (alice, bob) = bench.UntilEnded(5);
        bench.That(alice is { Audio: AudioOutcome.TwoWay, Fault: null } && bob.Audio == AudioOutcome.TwoWay, $"{alice}\n{bob}");
        bench.ShutDown();
    }

    [Fact]
    [Rfc("8840", "5", Line = "I31")]
    public void Descriptions_WithEverythingInThem_NeedNoInfo()
    {
        using var bench = new CallBench(new DemoOptions { NatA = NatBehavior.PortRestricted, NatB = NatBehavior.PortRestricted });
        bench.Connect();
        bench.Run(3);
        bench.That(!Messages(bench.Alice, "INFO ").Any() && !Messages(bench.Bob, "INFO ").Any(), "an INFO without need");
        var invite = Messages(bench.Alice, "INVITE ").Last().Text;
        foreach (var line in (string[])["a=ice-options:ice2 trickle", "Recv-Info: trickle-ice", "Supported: ice,trickle-ice"])
            bench.That(invite.Contains(line, StringComparison.Ordinal), $"no {line} in\n{invite}");
        bench.HangUp();
        bench.UntilEnded(5);
        bench.ShutDown();
    }

    [Fact]
    [Rfc("8840", "5", Line = "I31")]
    public void Peer_WithoutTrickle_IsToldNothingByInfo()
    {
        using var bench = new PeerBench(NatBehavior.PortRestricted, lite: true, adjust: o => o with { Nat = o.Nat with { GatherBudget = TimeSpan.FromMilliseconds(10) } });
        bench.Dial(_ => bench.Peer.Describe(extra: bench.Peer.LiteAttributes()));
        bench.Run(3);
        bench.That(!Messages(bench.Alice, "INFO ").Any(), "an INFO to a peer that takes none");
        bench.Talk();
        bench.End();
    }

    [Fact]
    [Rfc("8838", "12", Line = "I31")]
    public void Restart_WithSilentServers_DoesNotWaitForThem()
    {
        using var move = new MoveBench(NatBehavior.None);
        move.Bench.Demo.HostA.Attach(move.LanC, IpAddress.Parse("172.20.0.2"), kind: InterfaceKind.Wireless);
        move.Talk();
        move.Bench.Demo.TurnHost.Suspend();
        var silence = move.SilenceAfter(() => move.Bench.Demo.HostA.Detach(IpAddress.Parse("198.51.100.2")));
        move.Bench.That(silence < TimeSpan.FromSeconds(0.8), $"silence of {silence}");
        move.Both(3);
        move.Bench.Demo.TurnHost.Resume();
        move.End();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    [Rfc("8839", "5.1", Line = "I35")]
    public void PeerWithALocalName_IsReachedWhereItResolves_AndNeverWaitedFor(bool resolves)
    {
        using var bench = new PeerBench(lite: true);
        if (resolves) bench.Demo.World.Names.Add("8a3b9f.local", bench.Peer.Rtp.Ip);
        var attributes = bench.Peer.LiteAttributes().Replace($"2130706431 {bench.Peer.Rtp.Ip} ", "2130706431 8a3b9f.local ", StringComparison.Ordinal);
        bench.Dial(_ => bench.Peer.Describe(extra: attributes));
        bench.Run(0.3);
        bench.That(bench.State == CallState.Connected, "the call waits for a name");
        bench.Run(1);
        bench.That(bench.Peer.Checks > 0 == resolves, $"{bench.Peer.Checks} checks");
    }

    [Fact]
    public void PeerWithALocalName_ThatRestartsOften_IsStillLookedUp()
    {
        const int Restarts = 20;
        const uint Named = 2130706175;
        using var bench = new PeerBench(lite: true);
        for (var n = 0; n <= Restarts; n++) bench.Demo.World.Names.Add($"name{n}.local", bench.Peer.Rtp.Ip);
        bench.Dial(_ => Describe(0));
        bench.Run(1);
        for (var n = 1; n <= Restarts; n++)
        {
            bench.Offer(Describe(n));
            bench.Run(1);
        }

        var found = bench.Alice.Machine.Trace.Entries.OfType<Nat.IceTrace.CandidateAdded>().Count(e => !e.IsLocal && e.Candidate.Priority == Named);
        bench.That(found == Restarts + 1 && bench.State == CallState.Connected, $"{found} names were found");

        string Describe(int n)
        {
            bench.Peer.LiteUfrag = $"lite{n}";
            var attributes = bench.Peer.LiteAttributes().Replace($"2130706431 {bench.Peer.Rtp.Ip} ", $"{Named} name{n}.local ", StringComparison.Ordinal);
            return bench.Peer.Describe(version: n + 1, extra: attributes);
        }
    }

    [Fact]
    [Rfc("8839", "5.1", Line = "I35")]
    public void PeerWithManyLocalNames_HasFewLookedUpAtOnce()
    {
        const int Named = 12;
        using var bench = new PeerBench(lite: true);
        for (var n = 0; n < Named; n++) bench.Demo.World.Names.Add($"name{n}.local", IpAddress.Parse($"203.0.113.{200 + n}"));
        var lines = string.Concat(Enumerable.Range(0, Named).Select(n => $"a=candidate:n{n} 1 UDP {2130700000 - n} name{n}.local 41000 typ host\r\n"));
        bench.Dial(_ => bench.Peer.Describe(extra: bench.Peer.LiteAttributes() + lines));
        bench.Run(2);
        var found = bench.Alice.Machine.Trace.Entries.OfType<Nat.IceTrace.CandidateAdded>().Count(e => !e.IsLocal && e.Candidate.Address.Port == 41000);
        bench.That(found == 8 && bench.State == CallState.Connected, $"{found} names were found");
    }

    [Fact]
    [Rfc("3264", "8.2")]
    public void PeerTakesTheStreamOut_CallIsHeldAndComesBack()
    {
        using var bench = new PeerBench();
        bench.Dial(_ => bench.Peer.Describe());
        bench.Run(0.5);
        bench.Talk();
        var said = bench.Offer(bench.Peer.Describe(version: 2, port: 0));
        bench.That(said?.Contains("m=audio 0 ", StringComparison.Ordinal) == true, $"answered: {said}");
        bench.That(bench.State == CallState.Held, $"state {bench.State}");
        bench.Offer(bench.Peer.Describe(version: 3));
        bench.That(bench.State == CallState.Connected, $"state {bench.State}");
        bench.Run(0.3);
        bench.Talk();
        bench.That(bench.End() is { Fault: null, Audio: AudioOutcome.TwoWay }, $"{bench.Summary}");
    }

    [Fact]
    [Rfc("8839", "7.5", Line = "I27")]
    public void PeerAsksForAnOffer_GetsNewCredentialsAndAudioGoesOn()
    {
        using var bench = new PeerBench(lite: true);
        bench.Dial(_ => bench.Peer.Describe(extra: bench.Peer.LiteAttributes()));
        bench.Run(1);
        bench.Talk();
        var first = Ufrag(Encoding.UTF8.GetString(bench.Peer.Events.OfType<SipEvent.Incoming>().Last().Offer.Span));
        var before = bench.Peer.Events.Count;
        bench.Peer.Do((agent, now) => agent.Offer(now, bench.Peer.Session, default));
        bench.Until(() => bench.Peer.Events.Skip(before).OfType<SipEvent.OfferAnswered>().Any(), 5, "an offer of alice");
        var offer = Encoding.UTF8.GetString(bench.Peer.Events.OfType<SipEvent.OfferAnswered>().Last().Sdp.Span);
        bench.That(Ufrag(offer) is { } now && first is not null && now != first, $"{first} then {Ufrag(offer)} in\n{offer}");
    }

    private static string? Ufrag(string sdp) => sdp.Split("\r\n").FirstOrDefault(l => l.StartsWith("a=ice-ufrag:", StringComparison.Ordinal));

    private static IEnumerable<SipTrace.Message> Messages(VirtualPhone phone, string start) =>
        phone.Machine.Trace.Entries.OfType<SipTrace.Message>().Where(m => m.IsSent && m.StartLine.StartsWith(start, StringComparison.Ordinal));
}
