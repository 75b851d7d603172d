using Softphone.Core;
using Softphone.Lab;
using Softphone.Media;
using Softphone.Phone;
using Softphone.Sip;

namespace Softphone.Scenarios;

/// <summary>The thinnest whole call: two phones on one network, no server at all.</summary>
public sealed class DirectCallTests
{
    [Fact]
    public void Call_WithoutAnyServer_AudioGoesBothWays()
    {
        var world = new World(1);
        var a = new VirtualPhone(world.AddHost("a", world.Public, IpAddress.Parse("198.51.100.1"), Link.OfMilliseconds(5)),
            new PhoneOptions { Name = "alice" }, new CodecFactory());
        var b = new VirtualPhone(world.AddHost("b", world.Public, IpAddress.Parse("198.51.100.2"), Link.OfMilliseconds(5)),
            new PhoneOptions { Name = "bob", SipPort = 5060, Answering = new AnswerPolicy.Auto(TimeSpan.FromSeconds(1), () => new CallOptions()) }, new CodecFactory());
        b.Machine.AddAccount(new SipAccount { Aor = SipUri.Parse("sip:bob@198.51.100.2") });
        var account = a.Machine.AddAccount(new SipAccount { Aor = SipUri.Parse("sip:alice@198.51.100.1") });
        b.Do((m, now) => m.Start(now));
        a.Do((m, now) =>
        {
            m.Start(now);
            m.Call(now, account, SipUri.Parse("sip:bob@198.51.100.2"), new CallOptions { Duration = TimeSpan.FromSeconds(3) });
        });

        world.RunUntil(() => a.Events.OfType<PhoneEvent.CallEnded>().Any() && b.Events.OfType<PhoneEvent.CallEnded>().Any(), Instant.Zero + TimeSpan.FromSeconds(60));

        foreach (var e in a.Machine.Trace.Entries) TestContext.Current.SendDiagnosticMessage("{0}", e.ToString());
        var end = Assert.Single(a.Events.OfType<PhoneEvent.CallEnded>());
        Assert.Equal((200, AudioOutcome.TwoWay, "host"), (end.Summary.Status, end.Summary.Audio, end.Summary.Path));
        Assert.Equal(AudioOutcome.TwoWay, Assert.Single(b.Events.OfType<PhoneEvent.CallEnded>()).Summary.Audio);
    }
}
