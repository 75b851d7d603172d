using Softphone.Core;
using Softphone.Lab;
using Softphone.Phone;
using Softphone.Sip;

namespace Softphone.Scenarios;

/// <summary>A phone whose profile asks for TLS: nothing of its signalling goes another way.</summary>
public sealed class TlsTests
{
    [Fact]
    [Rfc("3261", "26.2.2", Line = "sip T8")]
    public void PhoneOverTls_RegistersCallsAndMoves_WithoutOneMessageInTheClear()
    {
        using var move = new MoveBench(how: new BenchOptions
        {
            Adjust = (name, o) => name == "alice" ? o with { SipTransports = SipTransports.Tls, TlsDomain = DemoWorld.Domain } : o,
        });
        move.Bench.Demo.HostA.Attach(move.LanC, MoveBench.AliceElsewhere, kind: InterfaceKind.Wireless);
        move.Talk();
        var silence = move.SilenceAfter(() => move.Bench.Demo.HostA.Detach(MoveBench.AliceHome));
        move.Bench.That(silence < TimeSpan.FromSeconds(1.5), $"silence of {silence}");
        move.Both(3);
        var messages = move.Bench.Alice.Machine.Trace.Entries.OfType<SipTrace.Message>().ToList();
        move.Bench.That(messages.Count > 10 && messages.All(m => m.Transport == Transport.Tls), $"{messages.Count(m => m.Transport != Transport.Tls)} of {messages.Count} not by TLS");
        move.End();
    }
}
