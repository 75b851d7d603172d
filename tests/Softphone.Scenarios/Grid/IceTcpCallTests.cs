using Softphone.Core;
using Softphone.Lab;
using Softphone.Media;
using Softphone.Nat;
using Softphone.Phone;

namespace Softphone.Scenarios;

/// <summary>Whole phones with TCP candidates (RFC 6544): their descriptions, their media, and what is left.</summary>
public sealed class IceTcpCallTests
{
    [Theory]
    [InlineData("udp-blocked", "none", true)]
    [InlineData("none", "udp-blocked", true)]
    [InlineData("udp-blocked", "none", false)]
    [InlineData("udp-blocked", "udp-blocked", true)]
    [Rfc("6544", "4.5", Line = "I78")]
    public void UdpBlocked_WithoutTurn_TalksOverTcpWhereOnePeerCanBeReached(string left, string right, bool tcp)
    {
        var demo = new DemoWorld(new DemoOptions { NatA = NatBehavior.Named(left), NatB = NatBehavior.Named(right) });
        var options = new CallOptions { Duration = TimeSpan.FromSeconds(60) };
        var call = new DemoCall(demo, new PlainCodec(), options, new CallOptions(), o => o with { Codecs = [Softphone.Sdp.SdpCodec.Pcmu], Nat = new NatSettings { Tcp = tcp } });
        call.Begin();
        demo.World.RunUntil(() => call.IsOver, Instant.Zero + TimeSpan.FromSeconds(180));
        Assert.True(call.IsOver);
        var isDirect = tcp && left != right;
        foreach (var phone in new[] { call.Alice, call.Bob })
        {
            var paths = phone.Events.OfType<PhoneEvent.PathSelected>().ToList();
            Assert.Equal(isDirect, paths.Exists(p => p.Component == 1));
            Assert.All(paths, p => Assert.Equal((Transport.Tcp, Transport.Tcp), (p.Local.Transport, p.Remote.Transport)));
            Assert.Equal(tcp, phone.Events.OfType<PhoneEvent.CandidateFound>().Any(c => c.Candidate.Transport == Transport.Tcp));
            if (!isDirect) continue;
            var summary = DemoCall.Summary(phone)!;
            Assert.True(summary.Audio == AudioOutcome.TwoWay, summary.Audio.ToString());
            Assert.DoesNotContain(phone.Events.OfType<PhoneEvent.IceChanged>(), e => e.State is IceState.Disconnected or IceState.Failed);
        }

        // What waits for the other end to say that it is gone has time for that.
        demo.World.RunUntil(demo.World.Now + TimeSpan.FromSeconds(1));
        Assert.Equal((0, 0), (demo.HostA.OpenSockets, demo.HostB.OpenSockets));
        Assert.Equal((0, 0), (demo.HostA.OpenStreams, demo.HostB.OpenStreams));
    }
}
